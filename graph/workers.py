"""A worker process as the web process sees it: started, asked, and ended at once when it does not behave.

Our own rather than pebble's or loky's: neither can pass an open file back, end one task and no other within
milliseconds, or give way to quick tasks (bench/handover.py has what each costs per call).
"""

import contextlib
import os
import select
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from multiprocessing.reduction import recv_handle
from pathlib import Path
from typing import Final

from graph import worker
from graph.errors import Unavailable, UtsagaError
from graph.query import Answer, Question
from graph.settings import Settings

_CONTEXT: Final = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["graph.worker"])
_START_SECONDS: Final = 30.0
_NICE: Final = 19


class Worker:
    """One worker process as the web process sees it."""

    def __init__(self, path: Path, union: bool, settings: Settings) -> None:
        """Start it, and wait until it has the store open; raise Unavailable if it does not come up."""
        self._connection, theirs = _CONTEXT.Pipe()
        self._process: ForkServerProcess = _CONTEXT.Process(
            target=worker.main, args=(theirs, path, union, settings), daemon=True
        )
        self._process.start()
        theirs.close()
        self._incoming = select.poll()
        self._incoming.register(self._connection, select.POLLIN)
        try:
            if not self._connection.poll(_START_SECONDS):
                raise EOFError
            self._thread, self.isolated = self._connection.recv()
        except (EOFError, OSError) as error:
            self.end()
            raise Unavailable("A query worker did not start", rule="workers") from error
        self.niced = False

    def ask(self, question: Question) -> None:
        """Hand over a question; raise OSError if the worker is gone."""
        self._connection.send(question)

    def done(self, seconds: float) -> bool:
        """Wait for the answer up to `seconds`; tell whether it, or the worker's end, has come."""
        return bool(self._incoming.poll(max(seconds, 0) * 1000))

    def answer(self) -> Answer:
        """Return the answer; raise what the query raised, or EOFError if the worker has died."""
        try:
            found: Answer | worker.FileFollows | UtsagaError = self._connection.recv()
            if isinstance(found, worker.FileFollows):
                file = os.fdopen(recv_handle(self._connection), "rb")
                return Answer(file, found.media_type, found.lasts)
        except ConnectionError as error:
            raise EOFError from error
        if isinstance(found, UtsagaError):
            raise found
        return found

    def lives(self) -> bool:
        """Tell whether the process is there."""
        return self._process.is_alive()

    def nice(self) -> None:
        """Let queries that have just begun go first."""
        self.niced = True
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self._thread, _NICE)

    def end(self) -> int | None:
        """End the process at once, whatever it does; return the status it ended with by itself, if it had."""
        self._process.join(0.05)
        status = self._process.exitcode
        self._process.kill()
        self._process.join()
        self._process.close()
        self._connection.close()
        return status
