"""Coverage of a source's text by passages."""

import pytest
from pyoxigraph import Store

from graph.backends.in_process import InProcess
from graph.core.iris import entity_iri
from graph.read.entities import Entities
from graph.statistics import coverage


@pytest.mark.parametrize(
    ("spans", "merged"),
    [
        ([], ()),
        ([(5, 9), (0, 3)], ((0, 3), (5, 9))),
        ([(0, 4), (4, 6)], ((0, 6),)),
        ([(0, 10), (2, 3), (8, 12)], ((0, 12),)),
    ],
)
def test_adjacent_and_overlapping_spans_are_merged(
    spans: list[coverage.TextSpan], merged: tuple[coverage.TextSpan, ...]
) -> None:
    assert coverage.merge_spans(spans) == merged


def test_coverage_of_a_source_is_the_spans_of_its_passages(graph_store: Store) -> None:
    found = coverage.read_coverage(
        Entities(InProcess(graph_store, union=False)), entity_iri("source", "ny-teknik-office-365")
    )
    assert found
    assert found.passages > 30
    assert 0 < found.covered < found.length
    assert 0 < found.percent < 100
    assert all(0 <= start < end <= found.length for start, end in found.spans)


def test_a_source_of_unknown_length_has_no_coverage(graph_store: Store) -> None:
    found = coverage.read_coverage(
        Entities(InProcess(graph_store, union=False)), entity_iri("source", "kommunregistret")
    )
    assert found is None
