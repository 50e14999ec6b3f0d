"""A query from its arrival to its reply."""

import asyncio
import tempfile
from typing import IO

import pytest

from graph.core.errors import BadInput
from graph.rdf.query_types import QueryRequest, QueryResponse
from graph.workers.pending import Pending
from graph.workers.query_fingerprints import Timing
from tests.graph.workers.pools import on_event_loop

ANSWER = QueryResponse(b"body", "text/csv")


def pending(seconds: float = 10.0) -> Pending:
    """Return a query that has arrived at 100 seconds of the clock."""
    reply = asyncio.get_running_loop().create_future()
    return Pending(QueryRequest("ASK {}", {}, seconds=seconds), Timing(), reply, 100.0)


def large() -> tuple[QueryResponse, IO[bytes]]:
    """Return an answer in a file, and that file."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 (what is tested closes it)
    return ANSWER._replace(body=file), file


@pytest.mark.parametrize(("queue_seconds", "latest"), [(2.0, 102.0), (5.0, 105.0), (20.0, 105.0)])
@on_event_loop
async def test_a_query_queues_for_half_of_its_time_at_most(queue_seconds: float, latest: float) -> None:
    assert pending(10.0).latest_start(queue_seconds) == latest


@on_event_loop
async def test_a_reply_is_an_answer_or_an_error() -> None:
    answered, failed, error = pending(), pending(), BadInput("wrong")
    answered.resolve(ANSWER)
    failed.resolve(error)
    assert await answered.reply == ANSWER
    with pytest.raises(BadInput, match="wrong"):
        await failed.reply


@on_event_loop
async def test_a_reply_that_comes_after_it_was_cancelled_is_closed() -> None:
    for result in (ANSWER, BadInput("wrong")):
        cancelled = pending()
        cancelled.cancel()
        cancelled.resolve(result)
        assert cancelled.reply.cancelled()
    cancelled, (answer, file) = pending(), large()
    cancelled.cancel()
    cancelled.resolve(answer)
    assert file.closed


@on_event_loop
async def test_a_reply_that_has_come_is_closed_when_it_is_cancelled() -> None:
    for result in (ANSWER, BadInput("wrong")):
        cancelled = pending()
        cancelled.resolve(result)
        cancelled.cancel()
        assert not cancelled.reply.cancelled()
    cancelled, (answer, file) = pending(), large()
    cancelled.resolve(answer)
    cancelled.cancel()
    assert file.closed
