"""Waits on the event loop, at little cost, for what comes soon: a worker's answer, or a turn."""

import asyncio
import contextlib
import select
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Final, Generic, TypeVar

from graph.pool import Begun
from graph.query import Answer
from graph.workers import BRIEF, Worker

T = TypeVar("T")
_IN_HAND: Final = 0.004  # seconds that a question waits for those before it


class Patience(Generic[T]):
    """Does something about each of many things after a time that is the same for all, with one timer."""

    def __init__(self, seconds: float, act: Callable[[T], None]) -> None:
        """Call `act` after `seconds`, or up to a quarter later."""
        self._seconds, self._act = seconds, act
        self._ends: deque[tuple[float, T]] = deque()
        self._is_set = False

    def limit(self, thing: T, loop: asyncio.AbstractEventLoop) -> None:
        """Call `act` with `thing` when its time is over."""
        self._ends.append((loop.time() + self._seconds, thing))
        if not self._is_set:
            self._set(loop)

    def _set(self, loop: asyncio.AbstractEventLoop) -> None:
        self._is_set = True
        loop.call_at(self._ends[0][0] + self._seconds / 4, self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._is_set = False
        now = loop.time()
        try:
            while self._ends and self._ends[0][0] <= now:
                self._act(self._ends.popleft()[1])
        finally:
            if self._ends:
                self._set(loop)


class Instead(Enum):
    """What there is in the place of an answer."""

    LATE = 1  # none yet, and somebody has to wait for it
    WITHDRAWN = 2  # none, for the question has not been begun


News = asyncio.Future[Answer | Instead]


@dataclass(eq=False, slots=True)
class _Owed:
    """What a worker owes for a question; what has news already is let go of when it comes."""

    begun: Begun
    line: "_Line"
    news: News
    is_over: bool = False


class _Line(deque[_Owed]):
    """What one worker owes, in that order; and its descriptor, which it no longer tells when it has ended."""

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self.worker, self.descriptor = worker, worker.fileno()


class Arrivals:
    """Tells when workers have answered.

    The event loop watches one descriptor, which watches those of all workers: to begin and to end that for
    each question would take several calls to the system. https://man7.org/linux/man-pages/man7/epoll.7.html

    A worker that answers at once has the next questions in hand, so that it need not be woken for each. If
    one of them takes longer after all, those behind it are withdrawn.
    """

    def __init__(self) -> None:
        """Begin with no workers."""
        self._come: select.epoll | None = None
        self._lines: dict[int, _Line] = {}  # of the workers that are watched, by their descriptors
        self._brief, self._in_hand = Patience(BRIEF, self._leave), Patience(_IN_HAND, self._withdraw)

    def watch(self, begun: Begun, loop: asyncio.AbstractEventLoop) -> News:
        """Return what will be the answer to a question that was begun now, or what there is instead.

        It raises what the question raises.
        """
        worker = begun.worker
        line = self._lines.get(worker.fileno())
        if line is None or line.worker is not worker:
            line = self._begin_with(worker, loop)
        owed = _Owed(begun, line, loop.create_future())
        if line:
            self._in_hand.limit(owed, loop)
        line.append(owed)
        self._brief.limit(owed, loop)
        return owed.news

    def _begin_with(self, worker: Worker, loop: asyncio.AbstractEventLoop) -> _Line:
        """Watch `worker`; another that had its descriptor is gone."""
        if self._come is None:
            self._come = select.epoll()
            loop.add_reader(self._come, self._look, self._come)
        self._come.register(worker, select.EPOLLIN)
        line = _Line(worker)
        self._lines[line.descriptor] = line
        return line

    def _look(self, come: select.epoll) -> None:
        """Take one answer of each worker that has some; what is left is told again."""
        for descriptor, events in come.poll(0):
            line = self._lines[descriptor]
            if not line:
                self._forget(line)  # somebody else asked it
            elif events == select.EPOLLIN:
                self._take(line)
            else:
                self._leave(line[0])

    def _forget(self, line: _Line) -> None:
        """Leave a worker to others."""
        if self._come and self._lines.get(line.descriptor) is line:
            del self._lines[line.descriptor]
            with contextlib.suppress(OSError):  # it has ended meanwhile
                self._come.unregister(line.descriptor)

    def _take(self, line: _Line) -> None:
        """Take what has come for the first in line."""
        first = line.popleft()
        first.is_over = True
        if first.news.done():
            first.begun.drop()
            return
        try:
            first.news.set_result(first.begun.collect())
        except Exception as error:  # whatever it is, who asked has to know
            first.news.set_exception(error)

    def _withdraw(self, owed: _Owed) -> None:
        """Withdraw a question, and those behind it, if another is still before it."""
        if owed.is_over or owed.news.done():
            return
        line = owed.line
        if line[0] is not owed:
            line.worker.withdraw()
            for each in list(line)[1:]:
                _settle(each.news, Instead.WITHDRAWN)

    def _leave(self, owed: _Owed) -> None:
        """Have somebody else wait for what is owed, and see to what is behind it."""
        if owed.is_over:
            return
        line = owed.line
        line.worker.withdraw()
        self._forget(line)
        for each in line:
            each.is_over = True
            if each is not owed:
                _settle(each.news, Instead.WITHDRAWN)
        if owed.news.done():
            owed.begun.abandon()
        else:
            owed.news.set_result(Instead.LATE)


def _settle(news: News, result: Instead) -> None:
    if not news.done():
        news.set_result(result)
