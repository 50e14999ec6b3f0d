"""Queries that wait on the event loop."""

import asyncio
import math
import os
import random
import signal
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest

from graph.backends.embedded import Embedded
from graph.backends.protocol import Backend
from graph.begun import Begun
from graph.core.errors import BadInput, Forbidden, Unavailable, UtsagaError
from graph.core.settings import Settings
from graph.rdf.formats import Form
from graph.rdf.query_types import Answer, Question
from graph.release.releases import Release
from graph.workers.meter import Silent
from graph.workers.pool import Pool
from graph.workers.process import BRIEF, Worker
from graph.workers.query_fingerprints import Kind
from web.prompt import Line

CHOICES: dict[Form, str | None] = {
    "bindings": "text/csv",
    "boolean": "application/sparql-results+json",
    "graph": "application/n-triples",
}
QUICK = "SELECT (1 AS ?one) {}"
KILL = "# kills its worker"
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def question(text: str, seconds: float = 5) -> Question:
    return Question(text, CHOICES, seconds=seconds)


class Threads(Executor):
    """Threads that count what they are given."""

    def __init__(self) -> None:
        self.given = 0
        self._threads = ThreadPoolExecutor(8)

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.given += 1
        return self._threads.submit(fn, *args, **kwargs)


@pytest.fixture
def threads() -> Iterator[Threads]:
    threads = Threads()
    yield threads
    threads.shutdown()


@pytest.fixture(scope="module")
def store(release: Release) -> Path:
    return release.store


@pytest.fixture
def backend(store: Path) -> Iterator[Embedded]:
    backend = Embedded.start(store, Settings(workers=2, seconds=5, queue_seconds=2))
    settle(backend)
    yield backend
    backend.close()


def settle(backend: Embedded, workers: int = 2) -> None:
    asyncio.run(settled(backend, workers))


async def settled(backend: Embedded, workers: int = 2) -> None:
    """Wait until all workers are free, while the event loop takes what they owe."""
    end = time.monotonic() + 20
    while backend.idle < workers:
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


def test_a_quick_query_needs_no_thread(backend: Embedded, threads: Threads) -> None:
    async def ask() -> list[bytes]:
        line = Line(1, threads)
        return [(await line.answer(backend, question(QUICK))).read() for _ in range(20)]

    assert asyncio.run(ask()) == [b"one\r\n1\r\n"] * 20
    assert threads.given < 5  # none on a quiet machine
    assert backend.idle == 2


def test_many_quick_queries_take_their_turns(backend: Embedded, threads: Threads) -> None:
    async def ask() -> set[bytes]:
        line = Line(1, threads)
        answers = await asyncio.gather(*(line.answer(backend, question(QUICK)) for _ in range(50)))
        await settled(backend)
        return {answer.read() for answer in answers}

    assert asyncio.run(ask()) == {b"one\r\n1\r\n"}


def test_what_a_query_raises_is_raised(backend: Embedded, threads: Threads) -> None:
    with pytest.raises(BadInput):
        asyncio.run(Line(1, threads).answer(backend, question("nonsense")))
    assert backend.idle == 2


def test_a_slow_query_needs_no_thread_and_lets_others_go_first(backend: Embedded, threads: Threads) -> None:
    async def ask() -> float:
        line = Line(1, threads)
        slow = asyncio.create_task(line.answer(backend, question(SLOW, seconds=1.5)))
        await asyncio.sleep(0.2)
        began = time.monotonic()
        assert (await line.answer(backend, question(QUICK))).read() == b"one\r\n1\r\n"
        took = time.monotonic() - began
        with pytest.raises(Unavailable, match=r"1\.5 seconds"):
            await slow
        await settled(backend)
        return took

    assert asyncio.run(ask()) < 0.5
    assert not threads.given


def test_where_all_workers_are_taken_queries_wait_on_threads(backend: Embedded, threads: Threads) -> None:
    async def ask() -> bytes:
        line = Line(4, threads)
        slow = [asyncio.create_task(line.answer(backend, question(SLOW, seconds=1))) for _ in range(2)]
        await asyncio.sleep(0)
        answer = (await line.answer(backend, question(QUICK))).read()
        await asyncio.gather(*slow, return_exceptions=True)
        await settled(backend)
        return answer

    assert asyncio.run(ask()) == b"one\r\n1\r\n"


def test_what_is_quick_does_not_stand_in_line_behind_what_may_not_be(
    backend: Embedded, threads: Threads
) -> None:
    async def ask() -> float:
        line = Line(1, threads)
        backend.kind(question(QUICK)).note(0.0001)
        asked = [question(SLOW, seconds=0.5), question("ASK { ?a ?b ?c . ?d ?e ?f }")]
        others = [asyncio.create_task(line.answer(backend, each)) for each in asked]
        await asyncio.sleep(0)
        began = time.monotonic()
        assert (await line.answer(backend, question(QUICK))).read() == b"one\r\n1\r\n"
        took = time.monotonic() - began
        assert not any(each.done() for each in others)
        await asyncio.gather(*others, return_exceptions=True)
        await settled(backend)
        return took

    assert asyncio.run(ask()) < BRIEF


class Observed:
    """A backend that notes what is begun, and whose workers can be killed by a question that says so.

    It may hope that whatever it is asked is quick.
    """

    def __init__(self, backend: Embedded, *, hopes: bool = False) -> None:
        self._backend, self._hopes = backend, hopes
        self.begun: list[Begun] = []
        self.behind = self.killed = 0
        self.answer = backend.answer

    def kind(self, question: Question) -> Kind:
        return Kind(0.0) if self._hopes else self._backend.kind(question)

    def begin(self, question: Question, kind: Kind, *, alone: bool = False) -> Begun | None:
        begun = self._backend.begin(question, kind, alone=alone)
        if begun:
            self.begun.append(begun)
            self.behind += begun.worker.owed > 1
            if KILL in question.text:
                os.kill(begun.worker.pid, signal.SIGKILL)
                self.killed += 1
        return begun


def numbered(place: int, more: str = "") -> Question:
    return question(f"SELECT ({place} AS ?n) {{}} {more}")


def of_number(place: int) -> bytes:
    return b"n\r\n%d\r\n" % place


async def answered(line: Line, observed: Observed, asked: Question) -> bytes:
    return (await asyncio.wait_for(line.answer(cast(Backend, observed), asked), 20)).read()


def test_quick_queries_wait_in_the_hand_of_few_workers(store: Path, threads: Threads) -> None:
    async def ask() -> list[bytes]:
        line = Line(3, threads)
        answers = await asyncio.gather(*(answered(line, observed, numbered(place)) for place in range(300)))
        await settled(backend, 4)
        return answers

    backend = Embedded.start(store, Settings(workers=4))
    settle(backend, 4)
    observed = Observed(backend)
    assert asyncio.run(ask()) == [of_number(place) for place in range(300)]
    assert observed.behind > 50  # two thirds on a quiet machine
    backend.close()


def test_a_quick_query_behind_a_slow_one_is_soon_asked_elsewhere(
    backend: Embedded, threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.workers.process._QUICK", 5.0)

    async def ask() -> float:
        line = Line(3, threads)
        await answered(line, observed, numbered(0))
        slow = asyncio.create_task(line.answer(cast(Backend, observed), question(SLOW, seconds=1)))
        await asyncio.sleep(0)
        began = time.monotonic()
        answers = await asyncio.gather(*(answered(line, observed, numbered(place)) for place in (1, 2)))
        took = time.monotonic() - began
        assert answers == [of_number(1), of_number(2)]
        with pytest.raises(Unavailable, match="1 seconds"):
            await slow
        await settled(backend)
        return took

    observed = Observed(backend, hopes=True)
    assert asyncio.run(ask()) < 0.5
    assert observed.behind >= 2


def test_a_worker_that_is_killed_takes_only_the_query_that_it_is_at_with_it(
    backend: Embedded, threads: Threads, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.workers.process._QUICK", 5.0)

    async def ask() -> list[bytes | BaseException]:
        line = Line(4, threads)
        await answered(line, observed, numbered(0))
        asked = [question(SLOW), numbered(1), numbered(2), numbered(3, KILL)]
        asking = [answered(line, observed, each) for each in asked]
        answers = await asyncio.gather(*asking, return_exceptions=True)
        await settled(backend)
        return answers

    observed = Observed(backend, hopes=True)
    first, *others = asyncio.run(ask())
    assert isinstance(first, Unavailable)
    assert first.faults[0].rule == "workers"
    assert observed.behind == 3
    assert others == [of_number(1), of_number(2), of_number(3)]


@dataclass
class Load:
    """Queries of all kinds at once, in an order of its own for each seed; checks what comes of each."""

    line: Line
    observed: Observed
    chance: random.Random
    failed: int = 0

    def kinds(self) -> list[tuple[int, Callable[[int], Coroutine[Any, Any, None]]]]:
        """Return how often there is each kind, of a hundred."""
        return [
            (60, self.quick),
            (12, self.joined),
            (8, self.malformed),
            (8, self.refused),
            (6, self.on_a_thread),
            (3, self.large),
            (1, self.overlong),
            (1, self.killing),
            (1, self.given_up),
        ]

    async def run(self, count: int) -> None:
        weights, kinds = zip(*self.kinds(), strict=True)
        clients = [
            self.client(self.chance.choices(kinds, weights, k=count // 10), first) for first in range(10)
        ]
        await asyncio.gather(*clients)

    async def client(self, kinds: list[Callable[[int], Coroutine[Any, Any, None]]], first: int) -> None:
        """Ask a few at a time."""
        queue = deque((kind, 1000 * first + place) for place, kind in enumerate(kinds))
        while queue:
            several = [queue.popleft() for _ in range(min(len(queue), self.chance.randrange(1, 8)))]
            await asyncio.gather(*(kind(place) for kind, place in several))
            await asyncio.sleep(self.chance.choice([0, 0, 0.001, 0.005]))

    @contextmanager
    def unless_killed(self) -> Iterator[None]:
        """Let a query that a killed worker was at have no answer."""
        try:
            yield
        except Unavailable as error:
            assert error.faults[0].rule == "workers"  # noqa: PT017 (it may come, and may not)
            self.failed += 1

    async def expect(self, asked: Question, right: bytes) -> None:
        with self.unless_killed():
            assert await answered(self.line, self.observed, asked) == right

    async def expect_error(self, asked: Question, kind: type[UtsagaError], words: str) -> None:
        with self.unless_killed(), pytest.raises(kind, match=words):
            await answered(self.line, self.observed, asked)

    async def quick(self, place: int) -> None:
        await self.expect(numbered(place), of_number(place))

    async def joined(self, place: int) -> None:
        """Ask for what takes 5 to 50 ms."""
        rows = self.chance.choice([300, 500, 900])
        halves = f"{{ SELECT ?a {{ ?a ?b ?c }} LIMIT {rows} }} {{ SELECT ?d {{ ?d ?e ?f }} LIMIT {rows} }}"
        await self.expect(
            question(f"SELECT (COUNT(*) + {place} AS ?n) {{ {halves} }}", 20), of_number(rows**2 + place)
        )

    async def malformed(self, place: int) -> None:
        await self.expect_error(question(f"nonsense{place}"), BadInput, f"nonsense{place}”")

    async def refused(self, place: int) -> None:
        text = f"ASK {{ SERVICE <http://127.0.0.1/{place}> {{}} }}"
        await self.expect_error(question(text), Forbidden, f"/{place}>")

    async def on_a_thread(self, place: int) -> None:
        answer = await self.line.apart(partial(self.observed.answer, numbered(place)))
        assert answer.read() == of_number(place)

    async def large(self, place: int) -> None:
        rows = 10_000 + place % 1000
        asked = question(f"SELECT ?s ?p ?o {{ ?s ?p ?o }} LIMIT {rows}")
        with self.unless_killed():
            found = await answered(self.line, self.observed, asked)
            assert len(found) > 1 << 20
            assert found.count(b"\r\n") == rows + 1

    async def overlong(self, _: int) -> None:
        with pytest.raises(Unavailable):
            await answered(self.line, self.observed, question(SLOW, 0.1))

    async def killing(self, place: int) -> None:
        await self.expect(numbered(place, KILL), of_number(place))

    async def given_up(self, place: int) -> None:
        asking = asyncio.create_task(answered(self.line, self.observed, numbered(place)))
        await asyncio.sleep(0)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


@dataclass(eq=False)
class Dead:
    """A backend whose worker is gone, its pool and the worker itself; notes who buries it."""

    channel: socket.socket
    buried_by: threading.Thread | None = None

    def kind(self, _: Question) -> Kind:
        return Kind()

    def begin(self, question: Question, kind: Kind, **_: bool) -> Begun:
        return Begun(cast(Pool, self), cast(Worker, self), question, kind)

    def fileno(self) -> int:
        return self.channel.fileno()

    def withdraw(self) -> None:
        """Do nothing: there is nothing behind."""

    def worked(self) -> float:
        return math.inf  # as it does when its process is gone

    @property
    def oversight(self) -> "Dead":
        return self

    def looks(self, *_: object) -> Iterator[float]:
        yield 5.0

    def collect(self, *_: object, **__: bool) -> Answer:
        raise EOFError

    def await_answer(self, *_: object) -> Answer:
        self.buried_by = threading.current_thread()
        raise Unavailable("gone")


def test_a_worker_that_died_is_buried_on_a_thread(threads: Threads) -> None:
    """That takes long: it has much memory to let go of."""
    ours, theirs = socket.socketpair()
    theirs.close()
    with ours:
        dead = Dead(ours)
        with pytest.raises(Unavailable, match="gone"):
            asyncio.run(Line(1, threads).answer(cast(Backend, dead), question(QUICK)))
    assert dead.buried_by not in (None, threading.main_thread())


class Balance(Silent):
    """How many workers there are."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.workers = 0

    def worker_started(self) -> None:
        self._add(1)

    def worker_ended(self, cause: str) -> None:
        self._add(-1)

    def _add(self, change: int) -> None:
        with self._lock:
            self.workers += change


@pytest.fixture
def turns_are_short() -> Iterator[None]:
    """Threads take turns as often as those of the server do, and more often."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.00005)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("turns_are_short")
@pytest.mark.parametrize(("workers", "seed"), [(3, 0), (6, 1), (6, 2)])
def test_whatever_comes_together_each_has_its_own_answer_and_no_worker_is_lost(
    store: Path, threads: Threads, workers: int, seed: int
) -> None:
    errors: list[dict[str, Any]] = []
    meter = Balance()
    backend = Embedded.start(store, Settings(workers=workers, queue_seconds=10), meter=meter)
    observed = Observed(backend)
    settle(backend, workers)

    async def ask() -> Load:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(context))
        load = Load(Line(3, threads), observed, random.Random(seed))  # noqa: S311 (no secret)
        await load.run(500)
        await settled(backend, workers)
        return load

    load = asyncio.run(ask())
    assert errors == []
    assert load.failed <= observed.killed
    assert observed.behind > 10
    time.sleep(0.1)  # in which nobody gives another one back
    assert len({id(one) for one in backend._pool._free}) == backend.idle == meter.workers == workers
    assert not any(one.owed for one in backend._pool._free)
    backend.close()
