"""Some requests at a time, whose results are taken in the order in which they were submitted."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self


class RequestWindow:
    """A context manager that runs requests on threads, at most so many at a time."""

    def __init__(self, size: int) -> None:
        """Run at most `size` requests at a time."""
        self._size = size
        self._threads = ThreadPoolExecutor(size, "requests")
        self._pending: deque[tuple[Future[None], Callable[[], None]]] = deque()

    def __enter__(self) -> Self:
        """Return this."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for what runs; what has not begun is dropped after an error."""
        self._threads.shutdown(cancel_futures=error is not None)

    def submit(self, request: Callable[[], None], done: Callable[[], None]) -> None:
        """Run `request` on a thread, and `done` on this one after all requests before it.

        Wait for the oldest if there are too many; raise what that raised.
        """
        while len(self._pending) >= self._size:
            self._take()
        self._pending.append((self._threads.submit(request), done))

    def drain(self) -> None:
        """Wait for all requests; raise what the first that failed raised."""
        while self._pending:
            self._take()

    def _take(self) -> None:
        future, done = self._pending.popleft()
        future.result()
        done()
