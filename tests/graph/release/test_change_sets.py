"""The difference of two releases as RDF."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from graph.core.errors import NotAcceptable
from graph.release.change_sets import CS, write
from graph.release.release import DUMP, Manifest, Release, write_dump
from graph.release.releases import Releases

A, B, C = (
    f'<http://x/{name}> <http://x/p> "{name}" <http://x/g> .\n'.encode() for name in ("kept", "gone", "new")
)
NAMELESS = b'_:c14n0 <http://x/p> "nameless" .\n'


def make(home: Path, name: str, lines: list[bytes]) -> Release:
    releases = Releases(home)
    with releases.building() as place:
        write_dump(place / DUMP, lines)
        return releases.adopt(place, Manifest(name * 12, name * 64, "2026-01-01T00:00:00+00:00", 1))


@pytest.mark.parametrize(("name", "form"), [("ttl", RdfFormat.TURTLE), ("jsonld", RdfFormat.JSON_LD)])
def test_each_subject_has_a_change_set(tmp_path: Path, name: str, form: RdfFormat) -> None:
    old, new = make(tmp_path, "a", [A, B]), make(tmp_path, "b", [A, C, NAMELESS])
    store = Store()
    store.extend(parse(write(old, new, name), format=form))

    def changed(side: str) -> set[str]:
        rows = store.query(f"SELECT ?o {{ ?c <{CS}{side}> [ <{RDF}object> ?o ] }}")
        return {row[0].value for row in rows}  # type: ignore[union-attr]

    assert changed("removal") == {"gone"}
    assert changed("addition") == {"new", "nameless"}
    assert len(list(store.quads_for_pattern(None, None, NamedNode(f"{CS}ChangeSet")))) == 3
    part = NamedNode("http://purl.org/dc/terms/isPartOf")
    assert {quad.object.value for quad in store.quads_for_pattern(None, part, None)} == {"http://x/g"}  # type: ignore[union-attr]


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def test_the_same_release_has_no_changes(tmp_path: Path) -> None:
    old = make(tmp_path, "a", [A])
    assert write(old, old, "nt") == b""


def test_another_format_is_refused(tmp_path: Path) -> None:
    old = make(tmp_path, "a", [A])
    with pytest.raises(NotAcceptable, match="ttl"):
        write(old, old, "zip")
