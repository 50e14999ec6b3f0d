"""A store whose queries run in this process: for the terminal, and for tests."""

from graph.core.settings import DEFAULTS
from graph.query.evaluate import evaluate
from graph.query.store import ReleaseStore
from graph.rdf.query_types import Answer, Question
from graph.workers.query_fingerprints import Kind


class InProcess(ReleaseStore):
    """A store that answers in this process, within no limit of time: for a single question, and for tests."""

    def answer(self, question: Question) -> Answer:
        """Return the answer of the store itself."""
        return evaluate(self, question, DEFAULTS)

    def kind(self, question: Question) -> Kind:
        """Return a kind of which nothing is known."""
        return Kind()

    def begin(self, question: Question, kind: Kind, *, alone: bool = False) -> None:
        """Begin nothing: there are no workers."""

    def ready(self) -> bool:
        """Tell that it is ready."""
        return True

    def close(self) -> None:
        """Do nothing."""
