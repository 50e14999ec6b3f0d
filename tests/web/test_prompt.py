"""Queries that wait on the event loop."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from graph.backend import Backend, Embedded
from graph.errors import BadInput, Unavailable
from graph.formats import Form
from graph.pool import Begun
from graph.query import Answer, Question
from graph.release import Release
from graph.settings import Settings
from graph.workers import Worker
from web.prompt import Line

CHOICES: dict[Form, str | None] = {
    "bindings": "text/csv",
    "boolean": "application/sparql-results+json",
    "graph": "application/n-triples",
}
QUICK = "SELECT (1 AS ?one) {}"
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


def settle(backend: Embedded) -> None:
    end = time.monotonic() + 20
    while backend.idle < 2:
        assert time.monotonic() < end
        time.sleep(0.02)


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
        return {answer.read() for answer in answers}

    assert asyncio.run(ask()) == {b"one\r\n1\r\n"}
    settle(backend)


def test_what_a_query_raises_is_raised(backend: Embedded, threads: Threads) -> None:
    with pytest.raises(BadInput):
        asyncio.run(Line(1, threads).answer(backend, question("nonsense")))
    assert backend.idle == 2


def test_a_slow_query_waits_on_a_thread_and_lets_others_go_first(backend: Embedded, threads: Threads) -> None:
    async def ask() -> float:
        line = Line(1, threads)
        slow = asyncio.create_task(line.answer(backend, question(SLOW, seconds=1.5)))
        await asyncio.sleep(0.2)
        began = time.monotonic()
        assert (await line.answer(backend, question(QUICK))).read() == b"one\r\n1\r\n"
        took = time.monotonic() - began
        with pytest.raises(Unavailable, match=r"1\.5 seconds"):
            await slow
        return took

    assert asyncio.run(ask()) < 0.5
    assert threads.given
    settle(backend)


def test_where_all_workers_are_taken_queries_wait_on_threads(backend: Embedded, threads: Threads) -> None:
    async def ask() -> bytes:
        line = Line(4, threads)
        slow = [asyncio.create_task(line.answer(backend, question(SLOW, seconds=1))) for _ in range(2)]
        await asyncio.sleep(0)
        answer = (await line.answer(backend, question(QUICK))).read()
        await asyncio.gather(*slow, return_exceptions=True)
        return answer

    assert asyncio.run(ask()) == b"one\r\n1\r\n"
    settle(backend)


@dataclass(eq=False)
class Dead:
    """A backend whose worker is gone, and the worker itself; notes who buries it."""

    channel: socket.socket
    buried_by: threading.Thread | None = None

    def begin(self, _: Question) -> Begun:
        return Begun(cast(Worker, self), self.finish)

    def fileno(self) -> int:
        return self.channel.fileno()

    def finish(self) -> Answer:
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
