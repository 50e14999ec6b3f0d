"""The connection of a client that waits for a response: what it waits for ends when it is closed.

https://asgi.readthedocs.io/en/latest/specs/www.html#disconnect-receive-event
"""

import asyncio
import concurrent.futures
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Final, TypeVar, cast

from graph.core.errors import UtsagaError

T = TypeVar("T")
Receive = Callable[[], Awaitable[dict[str, Any]]]

CONNECTION: Final = "utsaga.connection"
"""Key in the environ for the `ClientConnection` of a request."""

STATUS_CLOSED: Final = 499
"""The status, in the log and the metrics, of a request whose client did not wait; nobody receives it."""

WATCH_AFTER: Final = 0.1  # seconds; a response that is ready before needs no watch


class ConnectionClosed(UtsagaError):
    """Raised in place of a query's result if the client has closed its connection."""

    status: ClassVar[int] = STATUS_CLOSED
    title: ClassVar[str] = "The client has closed the connection"


class ClientConnection:
    """Tells those who work for a client when it has gone. For the event loop, except `wait_for`."""

    def __init__(self, receive: Receive) -> None:
        """Take `receive` of a request whose body has been read."""
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._actions: list[Callable[[], object]] = []
        self.is_closed = False

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Notice within the block, from `WATCH_AFTER` seconds on, that the client closes the connection."""
        tasks: list[asyncio.Task[None]] = []
        timer = self._loop.call_later(
            WATCH_AFTER, lambda: tasks.append(self._loop.create_task(self._watch()))
        )
        try:
            yield
        finally:
            timer.cancel()
            for task in tasks:
                task.cancel()

    @contextmanager
    def on_close(self, action: Callable[[], object]) -> Iterator[None]:
        """Call `action` on the event loop if the connection is closed within the block."""
        self._actions.append(action)
        try:
            if self.is_closed:
                action()
            yield
        finally:
            self._actions.remove(action)

    async def ended_with(self, work: Coroutine[Any, Any, T]) -> T:
        """Return the result of `work`; raise ConnectionClosed, and cancel it, if the client goes away."""
        task = cast("asyncio.Task[object]", asyncio.current_task())  # within a coroutine there is one
        with self.on_close(task.cancel):
            try:
                return await work
            except asyncio.CancelledError as error:
                if not self.is_closed:
                    raise
                task.uncancel()
                raise _closed() from error

    def wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        """Return the result of `work` on the event loop; for another thread than the loop's.

        Raise ConnectionClosed, and cancel the work, if the client does not wait for it.
        """
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        with self.on_close(future.cancel):
            try:
                return future.result()
            except concurrent.futures.CancelledError as error:
                raise _closed() from error

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.is_closed = True
        for action in [*self._actions]:
            action()


def _closed() -> ConnectionClosed:
    return ConnectionClosed(ConnectionClosed.title, where="query")
