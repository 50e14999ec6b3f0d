"""A query that is queued or running, and the future of its reply."""

import asyncio
from dataclasses import dataclass

from graph.core.errors import UtsagaError
from graph.rdf.query_types import QueryRequest, QueryResponse
from graph.workers.query_fingerprints import Timing


@dataclass(eq=False, slots=True)
class Pending:
    """A query that is queued or running; times are those of the monotonic clock."""

    question: QueryRequest
    timing: Timing
    reply: asyncio.Future[QueryResponse]
    arrived: float
    started: float = 0.0

    def latest_start(self, queue_seconds: float) -> float:
        """Return until when the query may queue, at most `queue_seconds`: half of its time is for running."""
        return self.arrived + min(queue_seconds, self.question.seconds / 2)

    def resolve(self, result: QueryResponse | UtsagaError) -> None:
        """Set the reply; of one that was cancelled, close the file."""
        if self.reply.done():
            _close(result)
        elif isinstance(result, UtsagaError):
            self.reply.set_exception(result)
        else:
            self.reply.set_result(result)

    def cancel(self) -> None:
        """Cancel the reply; of one that has come and that nobody has taken, close the file."""
        self.reply.cancel()
        if not self.reply.cancelled():
            _close(self.reply.exception() or self.reply.result())


def _close(result: QueryResponse | BaseException) -> None:
    if isinstance(result, QueryResponse) and not isinstance(result.body, bytes):
        result.body.close()
