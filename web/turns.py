"""Turns on the event loop: how many queries are at work, or in the hand of a worker, at a time."""

import asyncio
from collections import deque
from typing import Final

from web.arrivals import Patience

_PATIENCE: Final = 0.05  # seconds in line after which a query waits on a thread, for any worker


class Turn:
    """A turn, passed on once: before an answer is sent, so that the worker has the next question by then."""

    __slots__ = ("_turns",)

    def __init__(self, turns: "Turns") -> None:
        """Be one of `turns`."""
        self._turns: Turns | None = turns

    def end(self) -> None:
        """Pass it on, unless that has been done."""
        turns, self._turns = self._turns, None
        if turns:
            turns.pass_on()


class Turns:
    """As many turns at a time as are given out; the others stand in line, though not for long."""

    def __init__(self, count: int) -> None:
        """Give out `count` turns at a time."""
        self._left = count
        self._waiting: deque[asyncio.Future[bool]] = deque()
        self._patience = Patience(_PATIENCE, _tire)

    async def take(self) -> Turn | None:
        """Wait for a turn, and return it if it has come in time."""
        if self._left:
            self._left -= 1
            return Turn(self)
        loop = asyncio.get_running_loop()
        waiting: asyncio.Future[bool] = loop.create_future()
        self._waiting.append(waiting)
        self._patience.limit(waiting, loop)
        return Turn(self) if await waiting else None

    def pass_on(self) -> None:
        """Give a turn that has ended to the first in line."""
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(True)
                return
        self._left += 1


def _tire(waiting: asyncio.Future[bool]) -> None:
    if not waiting.done():
        waiting.set_result(False)
