"""A store that answers in this process, within no limit of time: for the command line and for tests."""

import asyncio

from graph.core.settings import DEFAULTS
from graph.query.evaluate import evaluate
from graph.query.store import ReleaseStore
from graph.rdf.query_types import QueryRequest, QueryResponse


class InProcess(ReleaseStore):
    """A store as a backend, without workers."""

    notes: tuple[str, ...] = ()

    def answer(self, question: QueryRequest) -> QueryResponse:
        """Return the answer of the store itself."""
        return evaluate(self, question, DEFAULTS)

    async def answer_async(self, question: QueryRequest) -> QueryResponse:
        """Return the same from another thread."""
        return await asyncio.to_thread(self.answer, question)

    def check_ready(self) -> None:
        """Do nothing: it always answers."""

    def close(self) -> None:
        """Do nothing."""
