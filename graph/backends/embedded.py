"""A release that this process reads for the pages, and worker processes for queries from outside."""

from pathlib import Path
from typing import Self

from graph.begun import Begun
from graph.core.settings import Settings
from graph.query.store import ReleaseStore
from graph.rdf.query_types import Answer, Question
from graph.workers.meter import SILENT, Meter
from graph.workers.pool import Pool
from graph.workers.query_fingerprints import Kind


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
