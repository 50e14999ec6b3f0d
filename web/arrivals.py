"""Waits on the event loop, at little cost, for what comes soon: a worker's answer, or a turn."""

import asyncio
import select
from collections import deque
from typing import Final
from weakref import WeakSet

from graph.workers import Worker

_EVENTS: Final = select.EPOLLIN | select.EPOLLET


def settle(future: asyncio.Future[bool], result: bool) -> None:
    """Give `future` its result, unless it has one."""
    if not future.done():
        future.set_result(result)


class Patience:
    """Gives up on futures after a time that is the same for all, with one timer for all of them."""

    def __init__(self, seconds: float) -> None:
        """Give up after `seconds`."""
        self._seconds = seconds
        self._ends: deque[tuple[float, asyncio.Future[bool]]] = deque()
        self._is_set = False

    def limit(self, future: asyncio.Future[bool], loop: asyncio.AbstractEventLoop) -> None:
        """Settle `future` as false unless it is settled in time."""
        self._ends.append((loop.time() + self._seconds, future))
        if not self._is_set:
            self._set(loop)

    def _set(self, loop: asyncio.AbstractEventLoop) -> None:
        self._is_set = True
        loop.call_at(self._ends[0][0], self._look, loop)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        self._is_set = False
        now = loop.time()
        while self._ends and (self._ends[0][0] <= now or self._ends[0][1].done()):
            settle(self._ends.popleft()[1], False)
        if self._ends:
            self._set(loop)


class Arrivals:
    """Tells when workers have answered.

    The event loop watches one descriptor, which watches those of all workers: to begin and to end that for
    each question would take several calls to the system. Each answer is reported once, whether somebody waits
    for it here or a thread has taken it.
    https://man7.org/linux/man-pages/man7/epoll.7.html
    """

    def __init__(self) -> None:
        """Begin with no workers."""
        self._come = select.epoll()
        self._workers: WeakSet[Worker] = WeakSet()
        self._awaited: dict[int, asyncio.Future[bool]] = {}

    def watch(self, worker: Worker, loop: asyncio.AbstractEventLoop) -> asyncio.Future[bool]:
        """Return what will be true when `worker`, which is asked now, has answered, or false if it ends."""
        if worker not in self._workers:
            if not self._workers:
                loop.add_reader(self._come, self._look)
            self._come.register(worker, _EVENTS)
            self._workers.add(worker)
        news = self._awaited[worker.fileno()] = loop.create_future()
        return news

    def _look(self) -> None:
        for descriptor, events in self._come.poll(0):
            news = self._awaited.pop(descriptor, None)
            if news is not None:
                settle(news, events == select.EPOLLIN)
