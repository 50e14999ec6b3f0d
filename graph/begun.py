"""A question that a worker is at, or has in hand, as whoever waits for the answer sees it."""

import time
from typing import TYPE_CHECKING

from graph.core.errors import UtsagaError
from graph.rdf.query_types import Answer, Question
from graph.turns import Turn
from graph.workers.limits import Looks, OverrunError
from graph.workers.process import BRIEF, Worker
from graph.workers.query_fingerprints import Kind

if TYPE_CHECKING:
    from graph.workers.pool import Pool


class Begun:
    """A question that a worker is at, or has in hand."""

    __slots__ = ("_began", "_kind", "_pool", "_question", "worker")

    def __init__(self, pool: "Pool", worker: Worker, question: Question, kind: Kind) -> None:
        """Begin to wait for the answer of `worker` to the `question` of `pool` that it was asked now."""
        self._pool, self.worker, self._question, self._kind = pool, worker, question, kind
        self._began = time.monotonic()

    def collect(self, *, is_last: bool = False) -> Answer:
        """Return the answer that has come, or raise what has come instead.

        If it `is_last`, nobody waits for what else is owed. Do nothing, and raise EOFError if the worker has
        died (`finish` finds out of what), BlockingIOError if nothing has come.
        """
        return self._pool.collect(self.worker, self._kind, self._began, is_last=is_last)

    def drop(self) -> None:
        """Let go of what has come for a withdrawn question; raise as `collect` does if nothing has."""
        self._pool.drop(self.worker)

    def looks(self) -> Looks:
        """Do as Oversight.looks does; nothing may be owed before the answer."""
        self._kind.note(min(self.worker.worked(), BRIEF))
        return self._pool.oversight.looks(self.worker, self._question.seconds, self._began, Turn(None))

    def overrun(self, overrun: OverrunError) -> UtsagaError:
        """Have the worker replaced, and return what the client is told."""
        return self._pool.overrun(self.worker, overrun, self._began)

    def finish(self) -> Answer:
        """Wait for the answer, before which nothing is owed, and do all that Pool.answer does."""
        return self._pool.await_answer(self.worker, self._question, self._kind, self._began, Turn(None))

    def abandon(self) -> None:
        """Have the worker replaced if it is at the question, which was withdrawn, for long."""
        self._pool.abandon(self.worker)
