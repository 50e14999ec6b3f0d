"""The pool of query workers, and how a query lives and dies in it.

1. `Pool.answer` looks up how long queries with the same fingerprint took. One that is known to be quick takes
   any idle worker; any other leaves one idle worker to those. A query without a worker joins the queue of
   quick ones or that of the others; a full queue refuses it.
2. A worker receives the question and sends one reply. The event loop reads it, resolves the future of the
   query, and gives the worker the next one: quick ones first.
3. Every 50 ms a sweep fails queries that have queued too long, lowers the priority of those that have run
   long, and kills the workers of those that are over their time, too many, or cancelled.
4. A worker that was killed, has died (of too much memory, of a crash) or has a low priority is replaced by a
   fork, which takes tens of milliseconds.

All of it runs on one event loop, so that nothing is locked; only the start and the end of a process, which
block, run on a thread.
"""

import asyncio
import logging
import signal
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import IO, Final

from graph.core.errors import Unavailable, UtsagaError
from graph.core.settings import Settings
from graph.query.limit_errors import no_worker, worker_died
from graph.rdf.query_types import QueryRequest, QueryResponse
from graph.workers.limits import BRIEF_SECONDS, CANCELLED, becomes_long, verdict
from graph.workers.observer import PoolObserver
from graph.workers.pending import Pending
from graph.workers.process import WorkerProcess
from graph.workers.query_fingerprints import Fingerprints
from graph.workers.worker_main import Ready, Reply

_LOG: Final = logging.getLogger(__name__)
_SWEEP_SECONDS: Final = 0.05
_RETRY_SECONDS: Final = 1.0  # between two attempts to start a worker
_START_SECONDS: Final = 30.0  # for the first worker to open the store
_OUTCOMES: Final = {400: "malformed", 403: "forbidden", 406: "not-acceptable", 422: "too-large"}
_PROCESSES: Final = ThreadPoolExecutor(1, "query-workers")  # one: multiprocessing keeps a list of children


class Pool:
    """Worker processes on one store. Its methods are for the thread of its event loop."""

    def __init__(self, path: Path, *, union: bool, settings: Settings, observer: PoolObserver) -> None:
        """Have no workers yet, on the store at `path`; `start` starts them."""
        self._path, self._union, self._settings, self._observer = path, union, settings, observer
        self._loop = asyncio.get_running_loop()
        self._fingerprints = Fingerprints()
        self._idle: list[WorkerProcess] = []
        self._running: dict[WorkerProcess, Pending] = {}
        self._quick: deque[Pending] = deque()
        self._others: deque[Pending] = deque()
        self._first: asyncio.Future[Ready] = self._loop.create_future()
        self._sweeping: asyncio.TimerHandle | None = None
        self._is_closed = False

    async def start(self) -> Ready:
        """Start the workers and return what the first says, while the others start.

        Raise Unavailable if none comes up, or one fails to before any has.
        """
        for _ in range(self._settings.worker_count):
            self._start_worker()
        try:
            return await asyncio.wait_for(asyncio.shield(self._first), _START_SECONDS)
        except OSError as error:  # a TimeoutError too
            self.close()
            raise Unavailable("No query worker has started", rule="workers") from error

    @property
    def idle_count(self) -> int:
        """How many workers have nothing to do; none once the pool is closed."""
        return len(self._idle)

    async def answer(self, question: QueryRequest) -> QueryResponse:
        """Return the answer to `question`; raise what the query raises, or Unavailable over a limit."""
        if self._is_closed:
            raise no_worker("This release is no longer served", "release")
        timing = self._fingerprints.timing(question.text)
        pending = Pending(question, timing, self._loop.create_future(), monotonic())
        queue = self._quick if timing.is_quick else self._others
        if self._can_run(queue):
            self._run(self._idle.pop(), pending)
        elif len(self._quick) + len(self._others) < self._settings.queue_length:
            queue.append(pending)
        else:
            self._observer.query("queue-full", 0.0)
            raise no_worker(
                f"{self._settings.queue_length} queries are waiting already", "UTSAGA_QUEUE_LENGTH"
            )
        if self._sweeping is None:
            self._sweeping = self._loop.call_later(_SWEEP_SECONDS, self._sweep)
        try:
            return await pending.reply
        except asyncio.CancelledError:
            self._cancel(pending)
            raise

    def close(self) -> None:
        """End the idle workers now and the others after their replies; fail what is queued."""
        self._is_closed = True
        for pending in [*self._quick, *self._others]:
            self._finish(pending, "queue-timeout", no_worker("This release is no longer served", "release"))
        self._quick.clear()
        self._others.clear()
        while self._idle:
            self._end(self._idle.pop())

    def _cancel(self, pending: Pending) -> None:
        """Take a query that nobody waits for any more out of its queue; if it runs, the sweep ends it."""
        for queue in (self._quick, self._others):
            with suppress(ValueError):
                queue.remove(pending)
        pending.cancel()

    def _can_run(self, queue: deque[Pending]) -> bool:
        """Return whether an idle worker may take the next query of `queue`."""
        is_reserved = queue is self._others and len(self._idle) == 1 and self._settings.worker_count > 2
        return bool(self._idle) and not is_reserved

    def _run_queued(self) -> None:
        """Give idle workers the queries that have queued longest, quick ones first."""
        for queue in (self._quick, self._others):
            while queue and self._can_run(queue):
                self._run(self._idle.pop(), queue.popleft())

    def _run(self, worker: WorkerProcess, pending: Pending) -> None:
        pending.started = monotonic()
        self._running[worker] = pending
        self._observer.queued(pending.started - pending.arrived)
        try:
            with suppress(ConnectionError):  # it has died since it was last read from, as `_read` finds out
                worker.send(pending.question)
        except OSError as error:  # this process may open no more files, and the question needs one
            self._take_reply(worker, _lost("question could not be sent", error), None)
            self._make_idle(worker)

    def _read(self, worker: WorkerProcess) -> None:
        """Read what a worker sent, or find out that it has ended."""
        try:
            message, file = worker.receive()
        except BlockingIOError:
            return
        except EOFError:
            self._bury(worker)
            return
        except OSError as error:  # this process may open no more files, and the answer is one
            message, file = _lost("answer could not be read", error), None
        if isinstance(message, Ready):
            self._welcome(message)
        else:
            self._take_reply(worker, message, file)
        self._make_idle(worker)

    def _welcome(self, ready: Ready) -> None:
        self._observer.worker_started()
        if not self._first.done():
            self._first.set_result(ready)

    def _take_reply(self, worker: WorkerProcess, reply: Reply, file: IO[bytes] | None) -> None:
        pending = self._running.pop(worker)
        pending.timing.add(reply.cpu_seconds)
        result = reply.result
        if isinstance(result, UtsagaError):
            self._finish(pending, _OUTCOMES.get(result.status, "error"), result)
        else:
            self._finish(pending, "ok", result._replace(body=file) if file else result)

    def _finish(self, pending: Pending, outcome: str, result: QueryResponse | UtsagaError) -> None:
        self._observer.query(outcome, monotonic() - pending.started if pending.started else 0.0)
        pending.resolve(result)

    def _make_idle(self, worker: WorkerProcess) -> None:
        if self._is_closed:
            self._end(worker)
        elif worker.is_low_priority:
            self._replace(worker, "long")
        else:
            self._idle.append(worker)
            self._run_queued()

    def _sweep(self) -> None:
        """Apply the limits to what is queued and running; go on while there is anything."""
        now = monotonic()
        for queue in (self._quick, self._others):
            for pending in [each for each in queue if now >= each.latest_start(self._settings.queue_seconds)]:
                queue.remove(pending)
                self._finish(
                    pending,
                    "queue-timeout",
                    no_worker("No worker became free in time", "UTSAGA_QUEUE_SECONDS"),
                )
        for worker, pending in [*self._running.items()]:
            self._limit(worker, pending, now)
        is_busy = self._running or self._quick or self._others
        self._sweeping = self._loop.call_later(_SWEEP_SECONDS, self._sweep) if is_busy else None

    def _limit(self, worker: WorkerProcess, pending: Pending, now: float) -> None:
        cpu_seconds = worker.cpu_seconds() if now - pending.started > BRIEF_SECONDS else 0.0
        if cpu_seconds > BRIEF_SECONDS and pending.timing.is_quick:
            pending.timing.add(cpu_seconds)  # which it no longer is, before its reply says so
        is_new_long = not worker.is_low_priority and becomes_long(cpu_seconds, self._settings)
        is_cancelled = pending.reply.cancelled() and now - pending.started > BRIEF_SECONDS
        ended = (
            CANCELLED
            if is_cancelled
            else verdict(
                now - pending.arrived,
                pending.question.seconds,
                is_new_long=is_new_long,
                long_count=sum(each.is_low_priority for each in self._running),
                settings=self._settings,
            )
        )
        if ended:
            pending.timing.add(max(cpu_seconds, BRIEF_SECONDS))
            self._finish(self._running.pop(worker), ended.outcome, ended.error)
            self._replace(worker, ended.outcome)
        elif is_new_long:
            worker.lower_priority()

    def _bury(self, worker: WorkerProcess) -> None:
        """Find out of what a worker has died, and replace it."""
        self._loop.remove_reader(worker)
        pending = self._running.pop(worker, None)
        if worker in self._idle:
            self._idle.remove(worker)
        self._loop.run_in_executor(_PROCESSES, worker.reap).add_done_callback(
            lambda reaped: self._count_death(pending, reaped.result(), started=bool(worker.thread))
        )

    def _count_death(self, pending: Pending | None, status: int | None, *, started: bool) -> None:
        cause = "idle"
        if pending is not None:
            cause = "memory" if status == -signal.SIGABRT else "crash"
            pending.timing.add(BRIEF_SECONDS)
            self._finish(pending, cause, worker_died(cause))
        if started:
            self._count_end(cause)
            self._start_worker()
        else:
            self._retry(ChildProcessError(f"its exit status is {status}"))

    def _replace(self, worker: WorkerProcess, cause: str) -> None:
        """Kill a worker that has no query, and start another."""
        self._start_worker()
        self._end(worker)
        self._count_end(cause)

    def _count_end(self, cause: str) -> None:
        _LOG.warning("a query worker was ended: %s", cause)
        self._observer.worker_ended(cause)

    def _end(self, worker: WorkerProcess) -> None:
        self._loop.remove_reader(worker)
        worker.kill()
        _PROCESSES.submit(worker.reap)

    def _retry(self, error: BaseException) -> None:
        """Start another worker in a while for one that has not started; fail `start`, if that still waits."""
        _LOG.error("a query worker did not start: %s", error)
        if not self._first.done():
            self._first.set_exception(error)
        self._loop.call_later(_RETRY_SECONDS, self._start_worker)

    def _start_worker(self) -> None:
        if not self._is_closed:
            self._loop.run_in_executor(_PROCESSES, self._fork).add_done_callback(self._add)

    def _fork(self) -> WorkerProcess:
        return WorkerProcess(self._path, union=self._union, settings=self._settings)

    def _add(self, forked: "asyncio.Future[WorkerProcess]") -> None:
        """Read what a new worker sends from now on; start another in a while if there is none."""
        if (error := forked.exception()) is not None:
            self._retry(error)
            return
        worker = forked.result()
        self._loop.add_reader(worker, self._read, worker)


def _lost(what: str, error: OSError) -> Reply:
    """Return the reply for a question or an answer that was lost, after an unknown processor time."""
    return Reply(Unavailable(f"The {what}: {error}"), BRIEF_SECONDS)
