"""When a query becomes long, and when it is ended."""

import pytest

from graph.core.settings import Settings
from graph.workers.limits import becomes_long, verdict

SETTINGS = Settings(seconds=10.0, workers=4, long_after=0.25, long_queries=2)


@pytest.mark.parametrize(
    ("cpu_seconds", "expected"), [(0.0, False), (0.24, False), (0.25, True), (9.0, True)]
)
def test_a_query_becomes_long_with_its_processor_time(cpu_seconds: float, expected: bool) -> None:
    assert becomes_long(cpu_seconds, SETTINGS) is expected


@pytest.mark.parametrize(
    ("seconds", "is_new_long", "long_count", "outcome"),
    [
        (0.0, False, 0, None),
        (2.99, False, 4, None),
        (3.0, False, 0, "timeout"),
        (3.0, True, 2, "timeout"),
        (1.0, True, 1, None),
        (1.0, True, 2, "crowded"),
        (1.0, False, 2, None),
    ],
)
def test_a_query_is_ended_over_its_time_or_if_it_is_one_long_query_too_many(
    seconds: float, is_new_long: bool, long_count: int, outcome: str | None
) -> None:
    ended = verdict(seconds, 3.0, is_new_long=is_new_long, long_count=long_count, settings=SETTINGS)
    assert (ended.outcome if ended else None) == outcome


def test_the_error_of_a_query_over_its_time_says_how_long_that_was() -> None:
    ended = verdict(3.0, 3.0, is_new_long=False, long_count=0, settings=SETTINGS)
    assert ended
    assert "3 seconds" in str(ended.error)
    assert ended.error.faults[0].rule == "UTSAGA_SECONDS"
    assert (ended.error.status, ended.error.retry_after) == (422, None)


def test_the_error_of_a_long_query_too_many_names_the_setting() -> None:
    ended = verdict(1.0, 3.0, is_new_long=True, long_count=2, settings=SETTINGS)
    assert ended
    assert "2 long queries" in str(ended.error)
    assert ended.error.faults[0].rule == "UTSAGA_LONG_QUERIES"
    assert (ended.error.status, bool(ended.error.retry_after)) == (503, True)


@pytest.mark.parametrize(("workers", "expected"), [(1, 1), (2, 1), (3, 1), (8, 4)])
def test_by_default_half_of_the_workers_may_run_long_queries(workers: int, expected: int) -> None:
    settings = Settings(workers=workers)
    refused = [
        count
        for count in range(expected + 1)
        if verdict(0.0, 3.0, is_new_long=True, long_count=count, settings=settings)
    ]
    assert refused == [expected]
