"""Sorted runs become one stream of distinct lines, whatever their number."""

import gzip
import heapq
from collections.abc import Iterable
from pathlib import Path

import pytest

from graph.streaming import merged_runs
from graph.streaming.merged_runs import read_statistics, write_content

LINE = '<https://a.example/{0:03}> <https://a.example/p> "{0}" <https://a.example/g> .\n'


@pytest.mark.parametrize("most", [500, 3, 2])
def test_more_runs_than_may_be_open_are_merged_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(merged_runs, "_MAX_OPEN", most)
    real, opened = heapq.merge, list[int]()

    def merge(*files: Iterable[bytes]) -> Iterable[bytes]:
        opened.append(len(files))
        return real(*files)

    monkeypatch.setattr(heapq, "merge", merge)
    runs = [tmp_path / f"{number}.nq" for number in range(8)]
    for number, path in enumerate(runs):
        path.write_text("".join(LINE.format(each) for each in range(number, 40, number + 3)))
    expected = {each for number in range(8) for each in range(number, 40, number + 3)}
    (tmp_path / "stages").mkdir()
    write_content(runs, tmp_path / "dump.gz", tmp_path / "stages" / "statistics", None)
    with gzip.open(tmp_path / "dump.gz", "rt") as dump:
        assert dump.read() == "".join(map(LINE.format, sorted(expected)))
    assert read_statistics(tmp_path / "stages" / "statistics").triples == len(expected)
    assert [each.name for each in (tmp_path / "stages").iterdir()] == ["statistics"]
    assert max(opened) <= max(most, 2)
    assert all(path.exists() for path in runs)
