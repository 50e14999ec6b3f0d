"""A worker process as the web process sees it: started, asked, and ended at once when it does not behave.

Our own rather than pebble's or loky's: neither can pass an open file back, end one task and no other within
milliseconds, or give way to quick tasks (bench/handover.py has what each costs per call).
"""

import contextlib
import math
import os
import select
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_uint64
from functools import cache
from multiprocessing import get_context
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess
from multiprocessing.forkserver import ensure_running
from multiprocessing.util import Finalize
from pathlib import Path
from time import monotonic
from typing import Final, cast

from graph import processors
from graph.allocator import preloaded
from graph.core.errors import Unavailable, UtsagaError
from graph.core.settings import Settings
from graph.rdf.query_types import Answer, Question
from graph.scheduling import LONGEST, can_be_undone, schedule
from graph.workers import worker_main
from graph.workers.ipc import Channel

_CONTEXT: Final = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["graph.workers.worker_main"])
_START_SECONDS: Final = 30.0
_LAST_BREATH: Final = 0.05  # seconds in which a process that is dying may tell with what status
BRIEF: Final = 0.05  # seconds that a query has before those that come later go first
_NICER: Final = 15  # a tenth of the processor time of a nice one
_NICEST: Final = 19  # not SCHED_IDLE: with that, one that is killed takes seconds to let go of its memory
_QUICK: Final = 0.0002  # seconds of processor time within which a worker has the next question in hand
_SHARE: Final = 1 / 32  # of what its answers take in the mean that each of them is
_SOON: Final = 10  # times as long may it take while others compute
_MOST_OWED: Final = 4  # answers
_BOOKS: Final = threading.Lock()  # multiprocessing's list of children is not made for several threads


@cache
def _close_books_at_the_end(_process: int) -> None:
    """Have no worker started while this process ends.

    It kills its workers and then waits for them: for ever, if one is started in between. A process that is
    forked forgets what it was to do in the end, so that each says it for itself.
    """
    Finalize(None, _BOOKS.acquire, exitpriority=0)


@contextmanager
def _without_program() -> Iterator[None]:
    """Have a process that is started not run the file of this program, as multiprocessing would have it.

    That would import all that the program needs and a worker does not, which takes as long as ten starts.
    """
    program = vars(sys.modules["__main__"])
    file = program.pop("__file__", None)
    try:
        yield
    finally:
        if file is not None:
            program["__file__"] = file


@cache
def _start_server(_process: int) -> None:
    """Start the small process that workers are forked from, with the allocator that they are to have."""
    with _BOOKS, _without_program(), preloaded():
        ensure_running()


class Worker:
    """One worker process as the web process sees it."""

    def __init__(self, path: Path, union: bool, settings: Settings) -> None:
        """Start it, and wait until it has the store open; raise Unavailable if it does not come up."""
        _close_books_at_the_end(os.getpid())
        _start_server(os.getpid())
        self._open = contextlib.ExitStack()
        ours, theirs = Channel.pair()
        self._channel = Channel(self._open.enter_context(ours))
        self._withdrawn: c_uint64 = _CONTEXT.RawValue(c_uint64, 0)
        self._asked = self.owed = 0
        self._since = 0.0
        self._is_shared = self._is_quick = False
        self._pace, self._processors = worker_main.QUICK, processors.ALL
        self.took = self._mean = 0.0  # seconds of processor time: for its last answer, and for the last ones
        self._process: ForkServerProcess = _CONTEXT.Process(
            target=worker_main.main, args=(theirs, self._withdrawn, path, union, settings), daemon=True
        )
        with _BOOKS, _without_program():
            self._process.start()
        self.thread = self.pid  # until it says which one runs its queries
        theirs.close()
        self._incoming = select.poll()
        self._incoming.register(ours, select.POLLIN)
        try:
            self._channel.limit_waits(_START_SECONDS)
            (self.thread, self.isolated), _ = self._channel.receive()
            self._channel.limit_waits(BRIEF)
            times = Path(f"/proc/{self.pid}/task/{self.thread}/schedstat")
            self._times = self._open.enter_context(times.open("rb", buffering=0))
        except (EOFError, OSError) as error:
            self.end()
            raise Unavailable("A query worker did not start", rule="workers") from error
        self._before = self._worked()
        self._gives_way = self._is_long = False

    @property
    def pid(self) -> int:
        """The number of its process."""
        return cast(int, self._process.pid)

    def ask(self, question: Question, *, quick: bool = False, shared: bool = False) -> None:
        """Hand over a question; raise OSError if the worker is gone, or cannot have one more in hand.

        It owes an answer to each, in their order. What is `quick` goes before what is not; if it is `shared`,
        others may be asked meanwhile. A worker that has more in hand, and is at none for long, leaves a
        processor to those who ask: who is woken beside it takes its caches, and more time.
        """
        if not self.owed:
            self._is_shared, self._since = shared, monotonic()
            self._go(quick)
        elif self._mean < _QUICK:
            self._run_on(processors.OTHERS)
        self._channel.send(question.plain(), wait=not self.owed)
        self._asked += 1
        self.owed += 1

    def _go(self, quick: bool) -> None:
        """Go at the pace of what is quick, or of what may not be."""
        pace = worker_main.QUICK if quick else worker_main.STEADY
        if pace is not self._pace:
            schedule(self.thread, *pace)
            self._pace = pace
        if not quick or self._mean >= _QUICK:
            self._run_on(processors.ALL)

    @property
    def takes_more(self) -> bool:
        """Whether one more question may wait for those that it is at: it will soon have answered them."""
        if not 0 < self.owed < _MOST_OWED:  # looked at first: another thread may be about to ask it
            return False
        return self._is_shared and self._is_quick and monotonic() - self._since < _SOON * _QUICK

    def withdraw(self) -> None:
        """Have it begin nothing behind what it is at; what is owed for that is no answer.

        It takes no more until it owes nothing: it may be another thread that takes what is owed.
        """
        self._is_shared = False
        self._withdrawn.value = (self._asked - self.owed + 1) * worker_main.WITHDRAWN + self._asked

    def done(self, seconds: float) -> bool:
        """Wait for the answer up to `seconds`; tell whether it, or the worker's end, has come."""
        return bool(self._incoming.poll(max(seconds, 0) * 1000))

    def fileno(self) -> int:
        """Return the descriptor that can be read when the answer, or the worker's end, has come."""
        return self._channel.fileno()

    def answer(self, *, wait: bool = True) -> Answer | None:
        """Return the answer, or None if it does not come in BRIEF seconds or the question was withdrawn.

        Raise what the query raised, EOFError if the worker has died, or BlockingIOError if nothing has come
        and it may not `wait`.
        """
        file = None
        try:
            (found, worked), file = self._channel.receive(wait=wait)
            self.took, self._before = worked - self._before, worked
            self._is_quick = self.took < _QUICK
            self._mean += (self.took - self._mean) * _SHARE
        except BlockingIOError:
            if not wait:
                raise
            return None
        except OSError as error:
            found = Unavailable(f"The answer could not be taken: {error}", where="query")
            self._is_quick = False
        self._since = monotonic()
        self.owed -= 1
        if isinstance(found, UtsagaError):
            raise found
        if found is None:
            return None
        answer = Answer(*found)
        return answer._replace(body=file) if file else answer

    def settle(self) -> bool:
        """Take what is owed for questions that were withdrawn; tell whether that is all."""
        try:
            while self.owed and self.done(BRIEF):
                self.drop()
        except EOFError:
            return False
        return not self.owed

    def drop(self) -> None:
        """Let go of what has come for a withdrawn question; raise as `answer` does if nothing has."""
        with contextlib.suppress(UtsagaError):
            found = self.answer(wait=False)
            if found and not isinstance(found.body, bytes):
                found.body.close()

    def lives(self) -> bool:
        """Tell whether a process that has been asked nothing is there: its end of the pipe is open."""
        return not self.done(0)

    def worked(self) -> float:
        """Return the seconds of processor time that what it was asked last has had."""
        return self._worked() - self._before

    def _worked(self) -> float:
        try:
            return int(os.pread(self._times.fileno(), 64, 0).split()[0]) / 1e9
        except OSError:
            return math.inf  # the worker is gone, as its pipe will tell

    def give_way(self) -> None:
        """Let queries that have just begun go first, and leave a processor to them; go on beside them."""
        self._gives_way = True
        schedule(self.thread, _NICER if can_be_undone() else worker_main.STEADY[0], LONGEST)
        self._run_on(processors.OTHERS)

    def step_back(self) -> None:
        """Take little more than the processor time that nobody else wants."""
        self._is_long = True
        schedule(self.thread, _NICEST, LONGEST)

    def is_fresh(self) -> bool:
        """Tell whether it is as it was at first, or can be made so.

        After a long query its memory is no longer what it was.
        """
        if self._gives_way and not self._is_long:
            self._pace = worker_main.QUICK
            has_hurried = schedule(self.thread, *self._pace) or not can_be_undone()
            self._gives_way = not (self._run_on(processors.ALL) and has_hurried)
        return not self._gives_way

    def _run_on(self, those: frozenset[int]) -> bool:
        """Have the thread that runs its queries use these processors only; tell whether that is allowed."""
        if self._processors != those:
            try:
                os.sched_setaffinity(self.thread, those)
            except OSError:
                return False
            self._processors = those
        return True

    def end(self) -> int | None:
        """End the process at once, whatever it does; return the status it ended with by itself, if it had."""
        schedule(self.thread, 0)  # if that is allowed: it has much memory to let go of
        wait([self._process.sentinel], _LAST_BREATH)
        with _BOOKS:
            status = self._process.exitcode
            self._process.kill()
        wait([self._process.sentinel])
        with _BOOKS:
            self._process.join()
            self._process.close()
        self._open.close()
        return status
