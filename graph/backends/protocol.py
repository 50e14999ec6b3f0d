"""The interface of all backends."""

from typing import Protocol

from graph.index.protocol import StoreReader
from graph.rdf.query_types import QueryRequest, QueryResponse


class Backend(StoreReader, Protocol):
    """A reader that also answers the queries of clients, within the limits of the settings.

    `notes` are lines for the operator: what the engine is, what it lacks, which index is used.
    """

    notes: tuple[str, ...]

    def answer(self, question: QueryRequest) -> QueryResponse:
        """Return the whole answer to `question`, blocking this thread.

        Raise what graph.query.evaluate.answer raises, and Unavailable over a limit.
        """

    async def answer_async(self, question: QueryRequest) -> QueryResponse:
        """Do the same without blocking the running event loop."""

    def check_ready(self) -> None:
        """Raise Unavailable, with the reason, unless a question would be answered now."""

    def close(self) -> None:
        """Release everything once the running questions are answered."""
