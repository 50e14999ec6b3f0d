"""Distinct texts are counted, in memory or in files."""

import pytest

from graph.release import distinct_counter
from graph.release.distinct_counter import DistinctCounter


@pytest.mark.parametrize("buffered", [3, 8_192])
def test_each_text_counts_once(monkeypatch: pytest.MonkeyPatch, buffered: int) -> None:
    monkeypatch.setattr(distinct_counter, "_BUFFERED", buffered)
    counter = DistinctCounter()
    for number in range(5_000):
        counter.add(f"text {number % 1_700}")
    assert counter.count() == 1_700
    assert counter.count() == 0
