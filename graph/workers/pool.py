"""The pool of workers: gives each question a free one, and replaces those that overrun a limit or die.

What a query waits for a worker comes off the time it may take.
"""

import contextlib
import logging
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Final

from graph.begun import Begun
from graph.core.errors import UtsagaError
from graph.core.settings import Settings
from graph.query.limit_errors import dead, full
from graph.rdf.query_types import Answer, Question
from graph.turns import Turn, Turns
from graph.workers.limits import OverrunError, Oversight
from graph.workers.meter import SILENT, Meter
from graph.workers.process import BRIEF, Worker
from graph.workers.query_fingerprints import Kind, Kinds

_LOG: Final = logging.getLogger(__name__)
_PATIENCE: Final = 0.05  # seconds that a query waits for its turn while there is a worker for it
_KEPT: Final = 8  # one worker of so many is kept for what is quick
_PAUSE: Final = 1.0  # seconds between two attempts to start a worker, and between two looks at the free
_FATAL: Final = ("memory", "crash", "timeout", "crowded")
_OUTCOMES: Final = {400: "malformed", 403: "forbidden", 406: "not-acceptable", 413: "too-large"}


class Pool:
    """Worker processes on one store, until it is closed."""

    def __init__(self, path: Path, *, union: bool, settings: Settings, meter: Meter = SILENT) -> None:
        """Start the workers on the store at `path`; raise Unavailable if they do not come up."""
        self._path, self._union, self._settings, self._meter = path, union, settings, meter
        self._free: list[Worker] = []
        self._count = 0  # of workers that are up
        self._last: Worker | None = None  # that was asked what is quick
        lock = threading.RLock()
        self._change, self._quick_change = threading.Condition(lock), threading.Condition(lock)
        self._waiting = 0
        self._turns = Turns(settings.quick_count)
        self._kinds = Kinds()
        self.oversight = Oversight(settings)
        self._closed = False
        self._add(Worker(path, union, settings))
        for _ in range(settings.worker_count - 1):
            threading.Thread(target=self._start, daemon=True).start()
        threading.Thread(target=self._tend, daemon=True).start()
        self.isolated = all(one.isolated for one in self._free)

    @property
    def idle(self) -> int:
        """How many workers are free; none once it is closed."""
        return len(self._free)

    @property
    def _spare(self) -> bool:
        """Whether a worker is free that is not kept for what is quick."""
        return len(self._free) > self._count // _KEPT

    def answer(self, question: Question) -> Answer:
        """Return the answer to `question`; raise what the query raises, or Unavailable over a limit."""
        began, kind = time.monotonic(), self.kind(question)
        quick = kind.is_quick
        patience = min(self._settings.queue_seconds, question.seconds / 2)  # half its time is for running
        turn = Turn(None) if quick else self._turns.take(min(_PATIENCE, patience))
        try:
            one = self._begin(question, began + patience, quick=quick)
            self._meter.queued(time.monotonic() - began)
            return self.await_answer(one, question, kind, began, turn)
        finally:
            turn.end()

    def kind(self, question: Question) -> Kind:
        """Return what is known of queries like `question`."""
        return self._kinds.of(question.text)

    def begin(self, question: Question, kind: Kind, *, alone: bool = False) -> Begun | None:
        """Hand `question` to a worker that is free now, or, if its `kind` is quick, takes more.

        If it is to be `alone`, there is nothing before it, nor if others wait for a worker. Return None if
        there is none, or if others wait and it is not quick. Whoever begins must see to the end of it: the
        worker is theirs until then. This is for one thread alone.
        """
        quick = kind.is_quick
        one = self._last if quick and not alone and not self._waiting else None
        if one is None or not one.takes_more:
            with self._change:
                if self._closed or not (self._free if quick else self._spare and not self._waiting):
                    return None
                one = self._free.pop()
        try:
            one.ask(question, quick=quick, shared=quick)
        except OSError:
            if not one.owed:
                self._replace(one, "idle")
            return None
        if quick:
            self._last = one
        self._meter.queued(0.0)
        return Begun(self, one, question, kind)

    def _begin(self, question: Question, deadline: float, *, quick: bool) -> Worker:
        """Return a worker that has been asked; raise Unavailable if there is none by `deadline`."""
        while True:
            one = self._take(deadline, quick=quick)
            with contextlib.suppress(OSError):
                one.ask(question, quick=quick)
                return one
            self._replace(one, "idle")  # it died before it was asked, so that another can be

    def close(self) -> None:
        """End the free workers now, and the others when they have answered."""
        with self._change:
            self._closed = True
            free, self._free = self._free, []
            self._change.notify_all()
            self._quick_change.notify_all()
        for one in free:
            one.end()

    def _tend(self) -> None:
        """Replace free workers that have died, which nobody would notice before they are needed."""
        while not self._closed:
            time.sleep(_PAUSE)
            with self._change:
                dead = [one for one in self._free if not one.lives()]
                self._free = [one for one in self._free if one not in dead]
            for one in dead:
                self._replace(one, "idle")

    def collect(self, one: Worker, kind: Kind, began: float, *, is_last: bool) -> Answer:
        """Return the answer that has come, or raise what has come instead."""
        outcome: str | None = "ok"
        try:
            found = one.answer(wait=False)
            if found is None:
                raise EOFError
            return found
        except (EOFError, BlockingIOError):
            outcome = None
            raise
        except UtsagaError as error:
            outcome = _OUTCOMES.get(error.status, "error")
            raise
        finally:
            if outcome:
                kind.note(one.took)
                self._meter.query(outcome, time.monotonic() - began)
                if not one.owed:
                    self._give_back(one)
                elif is_last:
                    self.abandon(one)

    def drop(self, one: Worker) -> None:
        """Let go of what has come for a withdrawn question; raise as `collect` does if nothing has."""
        one.drop()
        if not one.owed:
            self._give_back(one)

    def abandon(self, one: Worker) -> None:
        """Have a worker settle that owes what was withdrawn, or replaced if it was too late for that."""
        threading.Thread(target=self._give_back, args=(one,), daemon=True).start()

    def overrun(self, one: Worker, overrun: OverrunError, began: float) -> UtsagaError:
        """Replace a worker whose query must be ended, and return what its client is told."""
        self._meter.query(overrun.outcome, time.monotonic() - began)
        self._replace(one, overrun.outcome)
        return overrun.error

    def await_answer(self, one: Worker, question: Question, kind: Kind, began: float, turn: Turn) -> Answer:
        """Return the answer that a worker owes, as Pool.answer does; the time that it may take has begun."""
        asked = time.monotonic()
        outcome = "ok"
        try:
            found = one.answer() if asked + BRIEF < began + question.seconds else None
            if found is None:
                kind.note(min(one.worked(), BRIEF))
            with closing(self.oversight.looks(one, question.seconds, began, turn)) as looks:
                while found is None:
                    _wait(one, looks)
                    found = one.answer()
            return found
        except EOFError as error:
            outcome = self._bury(one)
            raise dead(outcome) from error
        except OverrunError as overrun:
            outcome = overrun.outcome
            self._replace(one, outcome)
            raise overrun.error from None
        except UtsagaError as error:
            outcome = _OUTCOMES.get(error.status, "error")
            raise
        finally:
            self._meter.query(outcome, time.monotonic() - asked)
            if outcome in _FATAL:
                kind.note(BRIEF)
            else:
                kind.note(one.took)
                self._give_back(one)

    def _take(self, deadline: float, *, quick: bool) -> Worker:
        """Return a free worker, waiting for one; raise Unavailable if there is none by `deadline`."""
        with self._change:
            if not (self._free if quick else self._spare) and self._waiting >= self._settings.queue_length:
                self._meter.query("queue-full", 0.0)
                raise full(f"{self._waiting} queries are waiting already", "UTSAGA_QUEUE_LENGTH")
            self._waiting += 1
            try:
                while not (self._free if quick else self._spare) and not self._closed:
                    change = self._quick_change if quick else self._change
                    if not change.wait(deadline - time.monotonic()):
                        self._meter.query("queue-timeout", 0.0)
                        raise full("No worker became free in time", "UTSAGA_QUEUE_SECONDS")
                if self._closed:
                    raise full("This release is no longer served", "release")
                return self._free.pop()  # the one that was at work last is the warmest
            finally:
                self._waiting -= 1

    def _give_back(self, one: Worker) -> None:
        if not (one.settle() and one.is_fresh()):
            self._replace(one, "long")
            return
        with self._change:
            if not self._closed:
                self._free.append(one)
                self._quick_change.notify()
                if self._spare:
                    self._change.notify()
                return
        one.end()

    def _add(self, one: Worker) -> None:
        self._meter.worker_started()
        with self._change:
            self._count += 1
        self._give_back(one)

    def _bury(self, one: Worker) -> str:
        """Replace a worker that died of its query, and return what it died of."""
        status = one.end()
        cause = "memory" if status == -signal.SIGABRT else "crash"
        self._renew(cause)
        return cause

    def _replace(self, one: Worker, cause: str) -> None:
        """End a worker, and have another started while the rest serve."""
        threading.Thread(target=one.end, daemon=True).start()
        self._renew(cause)

    def _renew(self, cause: str) -> None:
        _LOG.warning("a query worker was ended: %s", cause)
        with self._change:
            self._count -= 1
        self._meter.worker_ended(cause)
        threading.Thread(target=self._start, daemon=True).start()

    def _start(self) -> None:
        """Start a worker, trying again until it comes up or the pool is closed."""
        while not self._closed:
            try:
                self._add(Worker(self._path, self._union, self._settings))
            except Exception:  # whatever it was, the pool must get its worker back
                _LOG.exception("a query worker did not start")
                time.sleep(_PAUSE)
            else:
                return


def _wait(one: Worker, looks: Iterator[float]) -> None:
    """Return when the worker has answered or died; raise OverrunError when it must be ended."""
    for seconds in looks:
        if one.done(seconds):
            return
