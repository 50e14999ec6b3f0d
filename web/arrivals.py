"""Waits on the event loop, at little cost, for a worker's answer or a turn."""

import asyncio
import os
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from typing import Final, Generic, TypeVar

from graph.begun import Begun
from graph.rdf.query_types import Answer
from graph.workers.limits import OverrunError
from graph.workers.process import BRIEF, Worker

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
    before: Callable[[], None]
    is_over: bool = False


class _Line(deque[_Owed]):
    """What one worker owes, in that order; and a descriptor of its answers that nobody else closes."""

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self.worker, self.descriptor = worker, os.dup(worker.fileno())
        self.come: asyncio.Future[bool] | None = None  # whether that came for which somebody waits


class Arrivals:
    """Tells when workers have answered.

    A worker that answers at once has the next questions in hand, so that it need not be woken for each. If
    one of them takes longer after all, those behind it are withdrawn.
    """

    def __init__(self) -> None:
        """Begin with no workers."""
        self._lines: dict[Worker, _Line] = {}  # of those that are watched
        self._brief, self._in_hand = Patience(BRIEF, self._leave), Patience(_IN_HAND, self._withdraw)

    def watch(self, begun: Begun, loop: asyncio.AbstractEventLoop, before: Callable[[], None]) -> News:
        """Return what will be the answer to a question that was begun now, or what there is instead.

        It raises what the question raises. Before an answer is told, `before` is called, and what follows
        from that is done first.
        """
        news: News = loop.create_future()
        line = self._line_of(begun.worker, loop)
        if line is None:
            news.set_result(Instead.LATE)
            return news
        owed = _Owed(begun, line, news, before)
        if line:
            self._in_hand.limit(owed, loop)
        line.append(owed)
        self._brief.limit(owed, loop)
        return news

    async def finish(self, begun: Begun) -> Answer | Instead:
        """Return the answer to a question that somebody has to wait for; raise what it raises.

        Return LATE if somebody has to wait elsewhere: its worker has ended, and why is found out there, or it
        cannot be watched.
        """
        loop, has_come = asyncio.get_running_loop(), False
        line = self._line_of(begun.worker, loop)
        if line is None:
            return Instead.LATE
        try:
            with closing(begun.looks()) as looks:
                while not has_come:
                    line.come = loop.create_future()
                    timer = loop.call_later(next(looks), _settle, line.come, False)
                    has_come = await line.come
                    timer.cancel()
            return begun.collect(is_last=True)
        except OverrunError as overrun:
            raise begun.overrun(overrun) from None
        except asyncio.CancelledError:
            begun.abandon()
            raise
        except (EOFError, BlockingIOError):
            return Instead.LATE
        finally:
            line.come = None

    def _line_of(self, worker: Worker, loop: asyncio.AbstractEventLoop) -> _Line | None:
        """Return the line of `worker`, which is watched from now on; None if too many files are open."""
        line = self._lines.get(worker)
        if line is None:
            try:
                line = self._lines[worker] = _Line(worker)
            except OSError:
                return None
            loop.add_reader(line.descriptor, self._look, line, loop)
        return line

    def _look(self, line: _Line, loop: asyncio.AbstractEventLoop) -> None:
        """Take one answer; what is left is told again."""
        if line.come:
            _settle(line.come, True)
        elif line:
            self._take(line, loop)
        else:  # somebody else has asked it, or it has ended
            del self._lines[line.worker]
            loop.remove_reader(line.descriptor)
            os.close(line.descriptor)

    def _take(self, line: _Line, loop: asyncio.AbstractEventLoop) -> None:
        """Take what has come for the first in line, if nobody else has taken it since this was told."""
        first = line[0]
        try:
            if first.news.done():
                first.begun.drop()
            else:
                answer = first.begun.collect()
                first.before()
                loop.call_soon(_settle, first.news, answer)
        except BlockingIOError:
            return
        except EOFError:
            self._leave(first)
            return
        except Exception as error:  # whatever it is, who asked has to know
            if not first.news.done():
                first.news.set_exception(error)
        first.is_over = True
        line.popleft()

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
        while line:
            each = line.popleft()
            each.is_over = True
            if each is not owed:
                _settle(each.news, Instead.WITHDRAWN)
        if owed.news.done():
            owed.begun.abandon()
        else:
            owed.news.set_result(Instead.LATE)


def _settle(news: asyncio.Future[T], result: T, /) -> None:
    if not news.done():
        news.set_result(result)
