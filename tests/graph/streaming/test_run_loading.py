"""Runs are loaded together in the process of the store, whole and in order, whatever they hold."""

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Store

from graph.loading.store_loader import StoreLoader
from graph.streaming import run_loading
from graph.streaming.joined_files import open_joined
from graph.streaming.quad_runs import Run, write_sorted
from graph.streaming.run_loading import LoadProgress, RunLoading


@pytest.fixture
def runs(tmp_path: Path) -> list[Run]:
    """Seven runs of four triples each; the third and the fourth have blank nodes."""
    found = []
    for number in range(7):
        blank = number in (2, 3)
        subject = f"_:b{number}" if blank else f"<https://a.example/{number}>"
        lines = [f'{subject} <https://a.example/p> "{n}" <urn:g> .\n'.encode() for n in range(4)]
        found.append(write_sorted(tmp_path / f"{number:05}.nq", lines, blank=blank))
    return found


def load(runs: list[Run], store: Path) -> list[Path]:
    """Load `runs` into the store, and return the paths of those that were loaded, in this order."""
    loaded: list[Path] = []
    with StoreLoader(store) as loader:
        loading = RunLoading(loader, loaded.append)
        for run in runs:
            loading.add(run)
        loading.finish()
    return loaded


def test_all_runs_are_loaded_in_order(
    runs: list[Run], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_loading, "_MAX_RUNS", 2)
    assert load(runs, tmp_path / "store") == [run.path for run in runs]
    store = Store.read_only(str(tmp_path / "store"))
    named = {quad.triple for quad in store if quad.graph_name != DefaultGraph()}
    assert len(named) == 28
    assert {str(each.subject) for each in named} >= {"_:b2", "_:b3"}
    assert named == {quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph())}


def test_a_run_that_is_missing_ends_the_load(runs: list[Run], tmp_path: Path) -> None:
    runs[1].triples.unlink()
    with pytest.raises(FileNotFoundError, match=r"00001\.nt"):
        load(runs * 40, tmp_path / "store")


def test_progress_is_whole_when_all_is_loaded(runs: list[Run]) -> None:
    reports: list[tuple[str, int, int, int]] = []
    progress = LoadProgress(lambda *report: reports.append(report), 200)
    for number, run in enumerate(runs[:2]):
        progress.read(100, 4)
        progress.written(run)
        progress.next_file(100)
        assert reports[-1] == ("load", 50 * (number + 1), 200, 4 * (number + 1))
    for run in runs[:2]:
        progress.loaded(run.path)
    assert [report[1] for report in reports] == [50, 100, 150, 200]


def test_joined_files_are_read_as_one(tmp_path: Path) -> None:
    paths = [tmp_path / name for name in "abc"]
    for path, content in zip(paths, (b"x" * 3_000_000, b"", b"end"), strict=True):
        path.write_bytes(content)
    with open_joined(paths) as joined:
        assert joined.read(7) == b"x" * 7
        assert joined.read() == b"x" * 2_999_993 + b"end"
        assert joined.read() == b""
