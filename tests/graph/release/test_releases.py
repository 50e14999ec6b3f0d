"""Releases side by side: named by content, swapped in one step, pruned without losing the live one."""

import fcntl
import os
from pathlib import Path

import pytest

from graph.core.errors import BadInput, NotFound, Unavailable
from graph.query.query_runs import QueryRun
from graph.release import releases as module
from graph.release import run_records
from graph.release.release import DUMP, FORM, Manifest, Release, write_dump
from graph.release.releases import Releases, difference


@pytest.fixture
def releases(tmp_path: Path) -> Releases:
    return Releases(tmp_path / "releases")


def make(
    releases: Releases, name: str, created: str = "2026-01-01", lines: list[bytes] | None = None
) -> Release:
    with releases.building() as place:
        write_dump(place / DUMP, lines or [])
        return releases.adopt(place, Manifest(name, name * 5, created, len(lines or [])))


def test_before_the_first_build_there_is_none(releases: Releases) -> None:
    assert releases.current() is None
    assert releases.all() == []
    with pytest.raises(Unavailable, match="utsaga build"):
        releases.live()


def test_the_link_says_which_release_is_live(releases: Releases) -> None:
    first, second = make(releases, "a" * 12), make(releases, "b" * 12, "2026-01-02")
    releases.activate(second)
    releases.activate(first)
    assert releases.live().path.samefile(first.path)
    assert [r.manifest.id for r in releases.all()] == ["a" * 12, "b" * 12]


def test_what_a_killed_process_left_of_a_link_does_not_keep_the_next_from_moving_it(
    releases: Releases,
) -> None:
    first, second = make(releases, "a" * 12), make(releases, "b" * 12, "2026-01-02")
    releases.activate(first)
    (releases.home / f".current.{os.getpid()}.part").symlink_to(first.path.name)
    releases.activate(second)
    assert releases.live().path.samefile(second.path)
    assert not list(releases.home.glob(".current*"))


def test_the_same_content_is_kept_once(releases: Releases) -> None:
    make(releases, "a" * 12, "2026-01-01")
    again = make(releases, "a" * 12, "2026-02-02")
    assert again.manifest.created == "2026-01-01"
    assert len(releases.all()) == 1


def test_a_failed_build_leaves_nothing_behind(releases: Releases) -> None:
    with pytest.raises(ZeroDivisionError), releases.building():
        raise ZeroDivisionError
    assert releases.all() == []
    assert not (releases.home / ".building").exists()


def test_what_a_crash_left_is_cleared_by_the_next_build(releases: Releases) -> None:
    (releases.home / ".building" / "store").mkdir(parents=True)
    with releases.building() as place:
        assert list(place.iterdir()) == []


def test_two_builds_at_once_are_refused(releases: Releases) -> None:
    releases.home.mkdir()
    with (releases.home / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Unavailable, match="another build"), releases.building():
            pass


def test_pruning_keeps_the_newest_and_the_live_one(releases: Releases) -> None:
    made = [make(releases, letter * 12, f"2026-01-0{day}") for day, letter in enumerate("abcd", 1)]
    releases.activate(made[0])
    gone = releases.prune(keep=1)
    assert [r.manifest.id[0] for r in gone] == ["b", "c"]
    assert [r.manifest.id[0] for r in releases.all()] == ["a", "d"]
    with pytest.raises(BadInput):
        releases.prune(keep=-1)


def test_pruning_deletes_the_recorded_runs_of_queries_too(releases: Releases) -> None:
    made = [make(releases, letter * 12, f"2026-01-0{day}") for day, letter in enumerate("ab", 1)]
    for release in made:
        runs = {"coverage": QueryRun("2026-01-03T00:00:00+00:00", 1, 2, "digest")}
        run_records.record(release, runs)
        run_records.record_engine(release, "Virtuoso 7", runs)
    releases.prune(keep=1)
    assert [release.query_runs.exists() for release in made] == [False, True]
    assert [release.engine_runs.exists() for release in made] == [False, True]


@pytest.mark.parametrize("name", ["", "c", "../a"])
def test_a_name_that_fits_no_release_is_told(releases: Releases, name: str) -> None:
    make(releases, "a" * 12)
    with pytest.raises(NotFound):
        releases.get(name)


def test_the_difference_lists_what_went_and_what_came(releases: Releases) -> None:
    old = make(releases, "a" * 12, lines=[b"<a> <b> <c> .\n", b"<a> <b> <d> .\n"])
    new = make(releases, "b" * 12, lines=[b"<a> <b> <c> .\n", b"<a> <b> <e> .\n"])
    assert list(difference(old, new)) == ["- <a> <b> <d> .", "+ <a> <b> <e> ."]


def test_another_form_is_made_beside_the_live_one(
    releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = make(releases, "a" * 12)
    releases.activate(old)
    before = {path: path.stat().st_ino for path in old.path.rglob("*")}
    monkeypatch.setattr(module, "FORM", FORM + 1)
    new = make(releases, "a" * 12)
    assert (new.form, new.path) != (old.form, old.path)
    assert {path: path.stat().st_ino for path in old.path.rglob("*")} == before
    with pytest.raises(Unavailable, match="another version of this program"):
        releases.live()
    assert [each.path for each in releases.all()] == [new.path]
    assert releases.prune(keep=1) == []
    releases.activate(releases.get("a"))
    assert [each.path.name for each in releases.prune(keep=1)] == [old.path.name]
    assert releases.live().path.samefile(new.path)


def test_of_two_forms_that_which_the_program_knows_is_read(
    releases: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = make(releases, "a" * 12)
    with monkeypatch.context() as later:
        later.setattr(module, "FORM", FORM + 1)
        make(releases, "a" * 12)
        only = make(releases, "b" * 12, "2026-01-02")
    assert [each.path for each in releases.all()] == [known.path, only.path]


def test_a_release_from_before_there_were_forms_is_one_still(releases: Releases) -> None:
    made = make(releases, "a" * 12)
    made.path.rename(releases.home / ("a" * 12))
    assert [(each.form, each.manifest.id) for each in releases.all()] == [(0, "a" * 12)]
    again = make(releases, "a" * 12)
    assert again.form == FORM
    assert releases.get("a").path == again.path
