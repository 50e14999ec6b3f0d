"""What answers questions: a release in worker processes, or any other engine behind the same methods."""

from pathlib import Path
from typing import Protocol, Self

from graph.begun import Begun
from graph.core.settings import DEFAULTS, Settings
from graph.core.terms import Term
from graph.index.protocol import Index
from graph.query.evaluate import Answer, Question, answer
from graph.query.store import ReleaseStore
from graph.workers.meter import SILENT, Meter
from graph.workers.pool import Pool
from graph.workers.query_fingerprints import Kind


class Reader(Protocol):
    """What pages read with: small queries of our own, which need no guard."""

    union: bool

    def select(self, query: str, **bindings: Term) -> list[dict[str, Term]]:
        """Return the rows of `query` with the variables `bindings` bound, unbound ones left out."""

    @property
    def index(self) -> Index | None:
        """What is sorted and counted beforehand, or None where nothing is."""

    @property
    def graph_sizes(self) -> dict[str, int]:
        """The number of triples by named graph, and under "" that of the default graph."""


class Backend(Reader, Protocol):
    """A reader that also answers strangers, within the limits of the settings."""

    def answer(self, question: Question) -> Answer:
        """Return the whole answer to `question`; raise what `graph.query.evaluate` raises, or a limit."""

    def kind(self, question: Question) -> Kind:
        """Return what is known of queries like `question`."""

    def begin(self, question: Question, kind: Kind, *, alone: bool = False) -> Begun | None:
        """Hand `question` to a worker that takes it now; return None if there is none.

        If its `kind` is quick, there may be others before it, unless it is to be `alone`.
        """

    def ready(self) -> bool:
        """Tell whether a question would be answered now."""

    def close(self) -> None:
        """Let go of everything once the questions under way are answered."""


class Embedded(ReleaseStore):
    """A store opened here for the pages, and in worker processes for strangers."""

    _pool: Pool

    @classmethod
    def start(cls, path: Path, settings: Settings, *, union: bool = True, meter: Meter = SILENT) -> Self:
        """Open the store at `path` everywhere; raise Unavailable if there is none."""
        backend = cls.open(path, union=union)
        backend._pool = Pool(path, union=union, settings=settings, meter=meter)
        return backend

    @property
    def idle(self) -> int:
        """How many workers are free."""
        return self._pool.idle

    @property
    def isolated(self) -> bool:
        """Whether the workers have no network."""
        return self._pool.isolated

    def answer(self, question: Question) -> Answer:
        """Return the answer of a worker."""
        return self._pool.answer(question)

    def kind(self, question: Question) -> Kind:
        """Return what is known of queries like `question`."""
        return self._pool.kind(question)

    def begin(self, question: Question, kind: Kind, *, alone: bool = False) -> Begun | None:
        """Hand `question` to a worker that takes it now."""
        return self._pool.begin(question, kind, alone=alone)

    def ready(self) -> bool:
        """Tell whether a worker is free."""
        return self._pool.idle > 0

    def close(self) -> None:
        """End the workers once they have answered."""
        self._pool.close()


class InProcess(ReleaseStore):
    """A store that answers in this process, within no limit of time: for a single question, and for tests."""

    def answer(self, question: Question) -> Answer:
        """Return the answer of the store itself."""
        return answer(self, question, DEFAULTS)

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
