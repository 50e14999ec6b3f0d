"""What answers queries: a release in worker processes, or any other engine behind the same methods."""

from typing import TYPE_CHECKING, Protocol

from graph.index.protocol import StoreReader
from graph.rdf.query_types import Answer, Question
from graph.workers.query_fingerprints import Kind

if TYPE_CHECKING:
    from graph.begun import Begun


class Backend(StoreReader, Protocol):
    """A reader that also answers strangers, within the limits of the settings."""

    def answer(self, question: Question) -> Answer:
        """Return the whole answer to `question`; raise what `graph.query.evaluate` raises, or a limit."""

    def kind(self, question: Question) -> Kind:
        """Return what is known of queries like `question`."""

    def begin(self, question: Question, kind: Kind, *, alone: bool = False) -> "Begun | None":
        """Hand `question` to a worker that takes it now; return None if there is none.

        If its `kind` is quick, there may be others before it, unless it is to be `alone`.
        """

    def ready(self) -> bool:
        """Tell whether a question would be answered now."""

    def close(self) -> None:
        """Let go of everything once the questions under way are answered."""
