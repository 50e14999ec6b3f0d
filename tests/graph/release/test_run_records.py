"""The record of the last runs of stored queries: beside the release, replaced whole."""

from dataclasses import replace
from pathlib import Path

import pytest

from graph.core.errors import Unavailable
from graph.query.query_runs import QueryRun
from graph.release import run_records
from graph.release.release import Manifest, Release

RUN = QueryRun("2026-01-03T00:00:00+00:00", 12, 2, "digest")


def release(tmp_path: Path) -> Release:
    path = tmp_path / f"{'a' * 12}-4"
    path.mkdir()
    return Release(path, Manifest("a" * 12, "a" * 64, "2026-01-01", 0))


def test_nothing_is_recorded_at_first(tmp_path: Path) -> None:
    assert run_records.read(release(tmp_path)) == {}


def test_a_later_run_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    made = release(tmp_path)
    run_records.record(made, {"coverage": RUN, "evidence": RUN})
    first = run_records.recorded_at(made)
    later = replace(RUN, at="2026-01-04T00:00:00+00:00", rows=None, problem="no answer")
    run_records.record(made, {"coverage": later})
    assert run_records.read(made) == {"coverage": later, "evidence": RUN}
    assert run_records.recorded_at(made) > first > 0


def test_the_release_itself_stays_as_it_is(tmp_path: Path) -> None:
    made = release(tmp_path)
    run_records.record(made, {"coverage": RUN})
    assert list(made.path.iterdir()) == []
    assert [path.name for path in made.query_runs.parent.iterdir()] == [f"{made.path.name}.json"]


def test_the_runs_on_other_engines_stand_apart(tmp_path: Path) -> None:
    made = release(tmp_path)
    run_records.record(made, {"coverage": RUN})
    first = run_records.recorded_at(made)
    run_records.record_engine(made, "Virtuoso 7", {"coverage": RUN, "evidence": RUN})
    run_records.record_engine(made, "Oxigraph 0.5", {"coverage": RUN})
    later = replace(RUN, rows=3)
    run_records.record_engine(made, "Virtuoso 7", {"coverage": later})
    assert run_records.read_engines(made) == {
        "Oxigraph 0.5": {"coverage": RUN},
        "Virtuoso 7": {"coverage": later, "evidence": RUN},
    }
    assert run_records.read(made) == {"coverage": RUN}
    assert run_records.recorded_at(made) > first


def test_no_engine_is_recorded_at_first(tmp_path: Path) -> None:
    assert run_records.read_engines(release(tmp_path)) == {}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"coverage": {"at": 1}}', '{"coverage": []}'])
def test_a_damaged_record_is_named(tmp_path: Path, content: str) -> None:
    made = release(tmp_path)
    run_records.record(made, {"coverage": RUN})
    made.query_runs.write_text(content)
    made.engine_runs.write_text(content)
    for read in (run_records.read, run_records.read_engines):
        with pytest.raises(Unavailable, match="query runs is damaged"):
            read(made)
