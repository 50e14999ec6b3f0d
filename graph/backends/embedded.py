"""A release opened in this process for the pages, and in worker processes for the queries of clients."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import CancelledError
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar

from graph.core.errors import Unavailable
from graph.core.settings import Settings
from graph.query.limit_errors import no_worker
from graph.query.store import ReleaseStore
from graph.rdf.query_types import QueryRequest, QueryResponse
from graph.workers.observer import UNOBSERVED, PoolObserver
from graph.workers.pool import Pool

T = TypeVar("T")


class Embedded(ReleaseStore):
    """A store as a backend with a pool of workers, which belongs to one event loop."""

    notes: tuple[str, ...] = ()
    isolated: bool
    _pool: Pool
    _loop: asyncio.AbstractEventLoop

    @classmethod
    def start(
        cls,
        path: Path,
        settings: Settings,
        *,
        union: bool = True,
        observer: PoolObserver = UNOBSERVED,
        loop: asyncio.AbstractEventLoop | None = None,
    ) -> Self:
        """Open the store at `path` here and in workers; raise Unavailable if there is none.

        The pool runs on `loop`, which must be running on another thread than this; without one, on a thread
        that all such backends share. `isolated` says whether the workers have no network.
        """
        backend = cls.open(path, union=union)
        backend._loop = loop or _shared_loop()
        backend._pool, backend.isolated = backend._wait_for(_start(path, union, settings, observer))
        return backend

    @property
    def idle(self) -> int:
        """How many workers have nothing to do."""
        return self._pool.idle_count

    def answer(self, question: QueryRequest) -> QueryResponse:
        """Return the answer of a worker; not for the thread of the event loop."""
        return self._wait_for(self._pool.answer(question))

    async def answer_async(self, question: QueryRequest) -> QueryResponse:
        """Return the answer of a worker, on the pool's event loop."""
        return await self._pool.answer(question)

    def check_ready(self) -> None:
        """Raise Unavailable unless a worker is idle."""
        if not self._pool.idle_count:
            raise Unavailable(
                "No worker is free", rule="UTSAGA_WORKERS", remedy="ask again in a moment", retry_after=1
            )

    def close(self) -> None:
        """End the workers once they have answered."""
        self._loop.call_soon_threadsafe(self._pool.close)

    def _wait_for(self, work: Coroutine[Any, Any, T]) -> T:
        """Return the result of `work` on the event loop; raise Unavailable if that ends before."""
        if self._loop.is_closed():
            work.close()
            raise _stopping()
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except CancelledError as error:
            raise _stopping() from error


def _stopping() -> Unavailable:
    return no_worker("The server is being stopped", "workers")


async def _start(path: Path, union: bool, settings: Settings, observer: PoolObserver) -> tuple[Pool, bool]:
    pool = Pool(path, union=union, settings=settings, observer=observer)
    return pool, (await pool.start()).isolated


@cache
def _shared_loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="query-pool", daemon=True).start()
    return loop
