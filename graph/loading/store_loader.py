"""Writes an Oxigraph store in a process of its own, while the caller prepares more and gets its reports.

The engine parses and writes without Python (`bulk_load`), which takes less time than quads that Python makes.
The process ends with the one that started it. What it has loaded before that stays in the store.
"""

import time
from collections import deque
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol, Self

from pyoxigraph import Store

from graph.core.errors import Unavailable
from graph.loading.child_process import end_with_parent

_LOCK_SECONDS: Final = 30.0  # that the process of an interrupted load may take to end
_RETRY_SECONDS: Final = 0.2
_JOIN_SECONDS: Final = 60.0


class Report(Protocol):
    """Takes how many bytes, and how many lines, of a file have been read."""

    def __call__(self, done: int, count: int, /) -> None:
        """Take a report."""


class Channel(Report, Protocol):
    """What connects a task to the caller: takes reports, and gives what is sent while the task is done."""

    def items(self) -> Iterator[Any]:
        """Yield what the caller sends, until it sends None."""


class Task(Protocol):
    """Something to do with the store; it can be pickled, as can what it returns."""

    def __call__(self, store: Store, channel: Channel, /) -> Any:
        """Do it, and return what is known then."""


class Optimise:
    """Compact the store, which makes reading faster."""

    def __call__(self, store: Store, report: Report, /) -> None:
        """Compact the store and write it to disk."""
        store.optimize()
        store.flush()


class StoreLoader:
    """A context manager: the process that writes one store. Tasks are done in the order of `submit`."""

    def __init__(self, path: Path, report: Report = lambda done, count: None) -> None:
        """Write the store at `path`, made if need be; `results` passes reports of tasks to `report`."""
        self._path, self._report = path, report
        self._pending = 0
        self._results: deque[Any] = deque()

    def __enter__(self) -> Self:
        """Start the process."""
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(self._path, theirs), daemon=True)
        self._process.start()
        theirs.close()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process: when it has closed the store, or at once after an error."""
        self._connection.close()
        if error is not None:
            self._process.terminate()
        self._process.join(_JOIN_SECONDS)
        self._process.close()

    def submit(self, task: Task) -> None:
        """Have `task` done after those before it."""
        self._pending += 1
        self.send(task)

    def send(self, item: Any) -> None:
        """Send something to the last task, which must take it from its channel; None ends what it takes.

        Raise as `results` does.
        """
        try:
            self._connection.send(item)
        except OSError as error:
            self.results()  # raises what a task has raised before the process ended
            raise self._ended() from error

    def results(self, pending: int = 0) -> list[Any]:
        """Return what tasks have returned since the last call, once at most `pending` are not done yet.

        Raise what a task has raised, and Unavailable if the process has ended.
        """
        while self._pending > pending or self._connection.poll():
            try:
                kind, found = self._connection.recv()
            except (EOFError, OSError) as error:
                raise self._ended() from error
            if kind == "report":
                self._report(*found)
            elif kind == "error":
                raise found
            else:
                self._pending -= 1
                self._results.append(found)
        done = list(self._results)
        self._results.clear()
        return done

    def run(self, task: Task) -> Any:
        """Do `task`, and return what it returns; raise as `results` does."""
        self.submit(task)
        return self.results()[-1]

    def _ended(self) -> Unavailable:
        return Unavailable(
            "the process that writes the store has ended",
            where=str(self._path),
            rule="loading",
            remedy="look whether memory ran out, and start again: it goes on where it stopped",
        )


class _ConnectionChannel:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def __call__(self, done: int, count: int, /) -> None:
        self._connection.send(("report", (done, count)))

    def items(self) -> Iterator[Any]:
        return iter(self._connection.recv, None)


def _work(path: Path, connection: Connection) -> None:
    """Do one task after another until there are no more."""
    end_with_parent()
    try:
        store = open_for_writing(path)
        while True:
            task: Task = connection.recv()
            found = task(store, _ConnectionChannel(connection))
            connection.send(("done", found))
    except EOFError:
        return
    except Exception as error:
        connection.send(("error", error))


def open_for_writing(path: Path) -> Store:
    """Return the store at `path`, made if need be, once no process that is ending holds it any more."""
    end = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            return Store(path)
        except OSError as error:
            if "lock" not in str(error).lower() or time.monotonic() > end:
                raise
        time.sleep(_RETRY_SECONDS)
