"""A pool of workers on the event loop of a test, and queries to send to it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import pytest

from graph.core.errors import UtsagaError
from graph.core.settings import Settings
from graph.rdf.formats import Form
from graph.rdf.query_types import QueryRequest
from graph.workers.observer import Unobserved
from graph.workers.pool import Pool
from tests.processes import kill_workers, until

P = ParamSpec("P")
CHOICES: dict[Form, str | None] = {
    "bindings": "text/csv",
    "boolean": "application/sparql-results+json",
    "graph": "application/n-triples",
}
TRUE = b'{"head":{},"boolean":true}'
SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
GREEDY = "SELECT ?x { { SELECT (GROUP_CONCAT(?k; separator='') AS ?x) { ?a ?p ?k . ?b ?q ?l . ?c ?r ?m } } }"
LARGE = "SELECT ?o { ?s ?p ?o } LIMIT 1200"
QUICK = "# quick\n"
SECONDS = 600.0  # that a query may take which is to be answered, however slow the machine


@contextmanager
def strict_callbacks() -> Iterator[None]:
    """Fail if a callback of the running event loop raises, which is only logged otherwise."""
    raised: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: raised.append(context))
    yield
    assert raised == []


def on_event_loop(test: Callable[P, Awaitable[None]]) -> Callable[P, None]:
    """Run a test on an event loop of its own, in whose callbacks nothing may be raised."""

    @wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        async def main() -> None:
            with strict_callbacks():
                await test(*args, **kwargs)

        asyncio.run(main())

    return run


class Counts(Unobserved):
    """What a pool reports, counted."""

    def __init__(self) -> None:
        self.outcomes: Counter[str] = Counter()
        self.causes: Counter[str] = Counter()
        self.started = 0
        self.ran = 0

    def query(self, outcome: str, seconds: float) -> None:
        self.outcomes[outcome] += 1

    def queued(self, seconds: float) -> None:
        self.ran += 1

    def worker_started(self) -> None:
        self.started += 1

    def worker_ended(self, cause: str) -> None:
        self.causes[cause] += 1


@asynccontextmanager
async def started(
    store: Path, counts: Counts, *, workers: int = 1, queue_seconds: float = SECONDS, **settings: Any
) -> AsyncIterator[Pool]:
    """Start a pool whose queries time out only if a test wants it; end it with all its processes."""
    chosen = Settings(workers=workers, queue_seconds=queue_seconds, **{"long_after": SECONDS} | settings)
    pool = Pool(store, union=False, settings=chosen, observer=counts)
    await pool.start()
    await until(lambda: pool.idle_count == workers)
    try:
        yield pool
    finally:
        left = asyncio.all_tasks() - {asyncio.current_task()}
        await until(lambda: counts.started == workers + counts.causes.total())
        pool.close()
        await until(lambda: not kill_workers(store.parent))
        await asyncio.gather(*left, return_exceptions=True)


async def answer(pool: Pool, text: str, seconds: float = SECONDS) -> bytes:
    """Return the whole answer to a query."""
    return (await pool.answer(QueryRequest(text, CHOICES, seconds=seconds))).read()


def begin(pool: Pool, text: str, seconds: float = SECONDS) -> "asyncio.Task[bytes]":
    """Have a query answered while the test goes on."""
    return asyncio.create_task(answer(pool, text, seconds))


async def running(pool: Pool, counts: Counts, *texts: str) -> "list[asyncio.Task[bytes]]":
    """Begin queries, and return when each has a worker."""
    before = counts.ran
    tasks = [begin(pool, text) for text in texts]
    await until(lambda: counts.ran == before + len(texts))
    return tasks


async def queued(pool: Pool, text: str) -> "asyncio.Task[bytes]":
    """Begin a query that finds no worker, and return when it is queued."""
    task = begin(pool, text)
    await asyncio.sleep(0)
    assert not task.done()
    return task


async def refused(task: Awaitable[bytes]) -> str:
    """Return the rule for which a query is not answered."""
    with pytest.raises(UtsagaError) as error:
        await task
    return error.value.faults[0].rule


def number(place: int) -> str:
    return f"SELECT ({place} AS ?n) {{}}"


def numbered(place: int) -> bytes:
    return f"n\r\n{place}\r\n".encode()
