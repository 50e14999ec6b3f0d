"""A query worker as the server sees it: a process that is started, sent questions and killed.

multiprocessing's fork server starts it. Neither pebble nor loky, which were tried, can kill the process of
one task and no other within milliseconds, nor pass an open file back.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing import forkserver, get_context
from pathlib import Path
from typing import IO, Final

from graph.core.settings import Settings
from graph.rdf.query_types import QueryRequest
from graph.workers import worker_main
from graph.workers.ipc import Channel
from graph.workers.worker_main import Ready, Reply

_CONTEXT: Final = get_context("forkserver")
_CONTEXT.set_forkserver_preload([worker_main.__name__])
_EXIT_SECONDS: Final = 0.1  # within which a process whose channel is closed ends by itself
_NICEST: Final = 19  # not SCHED_IDLE: with that, a killed process takes seconds to give back its memory


def start_fork_server() -> None:
    """Start the process that workers are forked from, unless it runs; it imports what they need by itself."""
    with _without_main_module():
        forkserver.ensure_running()


class WorkerProcess:
    """One query worker; `thread` is 0 and it takes no question until its first message, `Ready`, is read.

    Starting and ending one blocks for some milliseconds, and multiprocessing wants both on one thread.
    """

    def __init__(self, path: Path, *, union: bool, settings: Settings) -> None:
        """Start a process that opens the store at `path`; raise OSError if the system refuses."""
        ours, theirs = Channel.pair()
        ours.setblocking(False)
        self._channel = Channel(ours)
        self.thread = 0
        self.is_low_priority = False
        self._cpu_before = 0.0
        with theirs, _without_main_module():
            self._process = _CONTEXT.Process(
                target=worker_main.main, args=(theirs, path, union, settings), daemon=True
            )
            self._process.start()

    def fileno(self) -> int:
        """Return the descriptor that is readable when a message, or the end of the process, has come."""
        return self._channel.fileno()

    def send(self, question: QueryRequest) -> None:
        """Send a question; raise OSError if the process has ended."""
        self._channel.send(question)

    def receive(self) -> tuple[Ready | Reply, IO[bytes] | None]:
        """Return the next message and its file, the processor time being that of its question alone.

        Raise what Channel.receive raises; a message with a file is lost where no more may be opened.
        """
        message, file = self._channel.receive()
        if isinstance(message, Ready):
            self.thread = message.thread
            self._cpu_before = self._cpu_seconds()
            return message, None
        reply: Reply = message._replace(cpu_seconds=message.cpu_seconds - self._cpu_before)
        self._cpu_before = message.cpu_seconds
        return reply, file

    def cpu_seconds(self) -> float:
        """Return the processor time of the present question in seconds; 0 if it cannot be read."""
        return max(0.0, self._cpu_seconds() - self._cpu_before)

    def _cpu_seconds(self) -> float:
        try:
            times = Path(f"/proc/{self._process.pid}/task/{self.thread}/schedstat").read_text()
        except OSError:
            return 0.0
        return int(times.split()[0]) / 1e9

    def lower_priority(self) -> None:
        """Give the process little more than the processor time that nothing else wants, for good."""
        self.is_low_priority = True
        with suppress(ProcessLookupError):  # it has ended, as its channel shows
            os.setpriority(os.PRIO_PROCESS, self.thread, _NICEST)

    def kill(self) -> None:
        """End the process, without waiting for it."""
        self._process.kill()

    def reap(self) -> int | None:
        """Wait a moment for the end of the process, kill it, and return its exit status."""
        self._process.join(_EXIT_SECONDS)
        self._process.kill()
        self._process.join()
        status = self._process.exitcode
        self._process.close()
        self._channel.close()
        return status


@contextmanager
def _without_main_module() -> Iterator[None]:
    """Start a process that does not import the main module of this one.

    multiprocessing imports it in each worker, with all that the command needs and a worker does not, which
    takes ten times as long as the fork: https://docs.python.org/3/library/multiprocessing.html#programming-guidelines
    """
    program = vars(sys.modules["__main__"])
    file, spec = program.pop("__file__", None), program["__spec__"]
    program["__spec__"] = None
    try:
        yield
    finally:
        program["__spec__"] = spec
        if file is not None:
            program["__file__"] = file
