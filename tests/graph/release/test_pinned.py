"""Which release is read for `?release=ID`, and why one is not."""

import copy
import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.build.store_writer import load
from graph.core.errors import BadInput, NotFound, ReleaseGone
from graph.core.namespaces import ID, RDFS, TYPE, UTS
from graph.release.pinned import find_pinned
from graph.release.release import Manifest, Release, removal_digest
from graph.release.releases import Releases

ANNA = ID + "person/anna"
MONTHS = ("01", "02", "03", "04")
OLDEST, OLD, NEW, LIVE = ("a" * 12, "b" * 12, "c" * 12, "d" * 12)


def make(releases: Releases, name: str, created: str, person: str = ANNA) -> Release:
    """Make a release that holds one person."""
    with releases.building() as place:
        subject = NamedNode(person)
        is_person = Quad(subject, NamedNode(TYPE), NamedNode(UTS + "Person"))
        load(place / "store", [is_person, Quad(subject, NamedNode(RDFS + "label"), Literal("Anna"))])
        return releases.adopt(place, Manifest(name, name * 5, created, 2))


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    found = Releases(tmp_path)
    for name, month in zip((OLDEST, OLD, NEW, LIVE), MONTHS, strict=True):
        make(found, name, f"2026-{month}-01T10:00:00+00:00")
    found.activate(found.get(LIVE))
    return found


def gone(releases: Releases, name: str, live: Manifest | None = None) -> ReleaseGone:
    with pytest.raises(ReleaseGone) as raised:
        find_pinned(releases, name, live or releases.live().manifest)
    return raised.value


def test_a_kept_release_is_found(releases: Releases) -> None:
    assert find_pinned(releases, OLD, releases.live().manifest).manifest.id == OLD


@pytest.mark.parametrize("name", ["newest", "a" * 11, "A" * 12, "../" + "a" * 9, "a" * 13, "å" * 12])
def test_what_is_no_id_is_refused(releases: Releases, name: str) -> None:
    with pytest.raises(BadInput, match="no release id"):
        find_pinned(releases, name, releases.live().manifest)


def test_an_id_that_never_was_is_not_found(releases: Releases) -> None:
    with pytest.raises(NotFound, match="ever made here"):
        find_pinned(releases, "0" * 12, releases.live().manifest)


def test_a_release_that_was_deleted_is_gone_and_the_nearest_in_time_is_named(releases: Releases) -> None:
    releases.prune(2)
    assert [each.manifest.id for each in releases.all()] == [NEW, LIVE]
    error = gone(releases, OLDEST)
    assert error.nearest == NEW
    assert NEW in str(error)
    assert "no longer kept" in str(error)
    assert gone(releases, OLD).nearest == NEW


def test_a_release_in_another_form_is_gone(releases: Releases) -> None:
    old = releases.get(OLD)
    old.path.rename(old.path.with_name(f"{OLD}-1"))
    error = gone(releases, OLD)
    assert "another version" in str(error)
    assert error.nearest == NEW  # a day nearer than the one in January


def test_a_release_that_holds_who_was_removed_since_is_gone(releases: Releases) -> None:
    make(releases, "e" * 12, "2026-02-02T10:00:00+00:00", ID + "person/bertil")
    live = replace(releases.live().manifest, removed=[removal_digest(ANNA)])
    error = gone(releases, OLD, live)
    assert "removed on request" in str(error)
    assert "anna" not in str(error).lower()
    assert error.nearest == "e" * 12
    assert find_pinned(releases, "e" * 12, live).manifest.id == "e" * 12


def test_the_nearest_release_survives_a_copy(releases: Releases) -> None:
    releases.prune(1)
    error = gone(releases, OLD)
    for again in (copy.copy(error), pickle.loads(pickle.dumps(error))):  # noqa: S301 (our own)
        assert isinstance(again, ReleaseGone)
        assert (again.faults, again.nearest) == (error.faults, LIVE)
