"""What the releases that are kept held, and what each brought."""

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from graph import index
from graph.core.errors import NotFound
from graph.core.namespaces import CODE, ID, RDF, UTS
from graph.release.history import History
from graph.release.release import DUMP, Manifest, Release, write_dump
from graph.release.releases import Releases

HALTED, IN_USE = (f"{CODE}adoption-status/{name}" for name in ("halted", "in-use"))


def line(statement: str, text: str) -> bytes:
    return (
        f'<{ID}statement/{statement}> <{UTS}text> "{text}"@sv <https://w3id.org/utsaga/graph/x> .\n'.encode()
    )


def make(releases: Releases, name: str, created: str, lines: list[bytes], *statuses: str) -> Release:
    with releases.building() as place:
        write_dump(place / DUMP, sorted(lines))
        if statuses:
            store = Store()
            for number, status in enumerate(statuses):
                adoption = NamedNode(f"{ID}adoption/a-{number}")
                store.add(
                    Quad(adoption, NamedNode(RDF + "type"), NamedNode(UTS + "Adoption"), DefaultGraph())
                )
                store.add(Quad(adoption, NamedNode(UTS + "status"), NamedNode(status), DefaultGraph()))
            index.write_index(place / "tables-1.sqlite", store)
        graphs = {"https://w3id.org/utsaga/graph/x": len(lines), "https://w3id.org/utsaga/graph/y": 1}
        return releases.adopt(place, Manifest(name, name * 5, created, len(lines), graphs))


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    found = Releases(tmp_path / "releases")
    make(
        found,
        "b" * 12,
        "2026-01-02",
        [line("one", "a"), line("two", "b"), line("three", "c")],
        HALTED,
        HALTED,
    )
    make(found, "a" * 12, "2026-01-01", [line("one", "a"), line("two", "a"), line("four", "d")])
    return found


def test_they_come_newest_first(releases: Releases) -> None:
    assert [each.id for each in History(releases).manifests()] == ["b" * 12, "a" * 12]


def test_what_a_release_brought(releases: Releases) -> None:
    edition = History(releases).edition("b" * 12)
    assert edition.before
    assert edition.before.id == "a" * 12
    assert edition.since
    assert edition.since.new == (f"{ID}statement/three",)
    assert edition.since.changed == (f"{ID}statement/two",)
    assert edition.since.gone == (f"{ID}statement/four",)
    assert edition.graphs == ()
    assert edition.statuses == {HALTED: 2}


def test_the_first_that_is_kept_has_none_before_it(releases: Releases) -> None:
    edition = History(releases).edition("a" * 12)
    assert (edition.before, edition.since, edition.graphs) == (None, None, ())
    assert edition.statuses == {}, "an earlier version made no tables"
    assert edition.dumps == ()


def test_a_graph_of_another_size_is_told(releases: Releases) -> None:
    make(releases, "c" * 12, "2026-01-03", [line("one", "a")], IN_USE)
    assert History(releases).edition("c" * 12).graphs == (("https://w3id.org/utsaga/graph/x", 3, 1),)


@pytest.mark.parametrize(
    "name",
    ["", "a", "a" * 11, "A" * 12, "c" * 12, "..", "../releases/" + "a" * 12, "current", "a" * 12 + "\n"],
)
def test_only_a_whole_id_of_one_that_is_kept_is_known(releases: Releases, name: str) -> None:
    releases.activate(releases.get("a" * 12))
    with pytest.raises(NotFound):
        History(releases).edition(name)


def test_one_that_is_deleted_is_known_no_more(releases: Releases) -> None:
    history = History(releases)
    assert history.edition("b" * 12).before
    releases.prune(1)
    assert history.edition("b" * 12).before is None
    with pytest.raises(NotFound):
        history.edition("a" * 12)
