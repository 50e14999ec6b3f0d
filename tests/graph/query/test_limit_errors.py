"""Which errors of limits ask for a retry, and which do not."""

import pytest

from graph.core.errors import UtsagaError
from graph.core.settings import DEFAULTS
from graph.query.limit_errors import no_worker, query_timed_out, too_many_long_queries, worker_died
from graph.rdf.result_buffer import result_too_large


@pytest.mark.parametrize(
    ("error", "setting"),
    [
        (query_timed_out(10.0), "UTSAGA_SECONDS"),
        (worker_died("memory"), "UTSAGA_MEMORY_BYTES"),
        (result_too_large("The result has more than 5 bytes"), "UTSAGA_RESULT_BYTES"),
    ],
)
def test_what_the_query_itself_uses_up_asks_for_no_retry(error: UtsagaError, setting: str) -> None:
    assert (error.status, error.retry_after) == (422, None)
    assert error.faults[0].rule == setting


def test_a_crash_asks_for_no_retry() -> None:
    assert (worker_died("crash").status, worker_died("crash").retry_after) == (500, None)


@pytest.mark.parametrize(
    "error", [no_worker("The queue is full", "UTSAGA_QUEUE_LENGTH"), too_many_long_queries(DEFAULTS)]
)
def test_a_busy_server_asks_for_a_retry(error: UtsagaError) -> None:
    assert error.status == 503
    assert error.retry_after
