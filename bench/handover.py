"""Measures what it costs to hand a query to a worker process: by pebble, by loky, and by a pipe of our own.

Each has one worker, which holds the same store open read-only and answers a point lookup as JSON. Also
measured: how long after the worker was killed the next answer comes.
"""

import argparse
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path
from statistics import median, quantiles
from typing import Protocol

import loky
import pebble

from bench import load, lookup
from bench.peers import Utsaga
from bench.workload import workloads

_DEATHS = 5


class Way(Protocol):
    """A way to have a query answered; it starts what it needs at the first call."""

    def ask(self, query: str) -> bytes:
        """Return the answer."""

    def kill(self) -> None:
        """End the worker as it works; what that raises is of no interest."""

    def close(self) -> None:
        """End everything."""


class Here:
    """No worker: the query runs in this process."""

    def __init__(self, path: str) -> None:
        """Open the store at `path`."""
        lookup.open_store(path)

    def ask(self, query: str) -> bytes:
        """Run the query."""
        return lookup.lookup(query)

    def kill(self) -> None:
        """Do nothing: there is no worker."""

    def close(self) -> None:
        """Do nothing."""


class Pipe:
    """A process of our own at the other end of a pipe, forked from a small one that holds no store."""

    def __init__(self, path: str) -> None:
        """Start the worker on the store at `path`."""
        self._path = path
        self._context = get_context("forkserver")
        self._context.set_forkserver_preload(["bench.lookup"])
        self._start()

    def _start(self) -> None:
        self._connection, theirs = self._context.Pipe()
        self._process = self._context.Process(target=lookup.answer, args=(theirs, self._path), daemon=True)
        self._process.start()
        theirs.close()

    def ask(self, query: str) -> bytes:
        """Send the query, and return what comes back; start another worker if there is none."""
        try:
            self._connection.send_bytes(query.encode())
            return self._connection.recv_bytes()
        except (EOFError, OSError):
            self._start()
            return self.ask(query)

    def kill(self) -> None:
        """Have the worker kill itself."""
        self._connection.send_bytes(b"")
        self._process.join()

    def close(self) -> None:
        """Hang up, at which the worker ends."""
        self._connection.close()
        self._process.join()


class Pebble:
    """pebble's ProcessPool, spawned: it can end a task that overruns its time, and goes on after a death."""

    def __init__(self, path: str) -> None:
        """Start the pool with one worker on the store at `path`."""
        self._pool = pebble.ProcessPool(
            max_workers=1, initializer=lookup.open_store, initargs=(path,), context=get_context("spawn")
        )

    def ask(self, query: str) -> bytes:
        """Schedule the query with a time limit, and wait for its result."""
        found: bytes = self._pool.schedule(lookup.lookup, args=(query,), timeout=60).result()
        return found

    def kill(self) -> None:
        """Have the worker kill itself."""
        self._pool.schedule(lookup.die).result()

    def close(self) -> None:
        """Stop the pool."""
        self._pool.stop()
        self._pool.join()


class Loky:
    """loky's reusable executor: it has no time limit for a task, and a death ends all its workers."""

    def __init__(self, path: str) -> None:
        """Start the executor with one worker on the store at `path`."""
        self._path = path
        self.ask("SELECT * WHERE {}")

    def _executor(self) -> loky.ProcessPoolExecutor:
        return loky.get_reusable_executor(
            max_workers=1, timeout=None, initializer=lookup.open_store, initargs=(self._path,)
        )

    def ask(self, query: str) -> bytes:
        """Submit the query, and wait for its result; the executor is another after a death."""
        found: bytes = self._executor().submit(lookup.lookup, query).result()
        return found

    def kill(self) -> None:
        """Have the worker kill itself."""
        self._executor().submit(lookup.die).result()

    def close(self) -> None:
        """Stop the executor."""
        self._executor().shutdown(kill_workers=True)


_WAYS: dict[str, Callable[[str], Way]] = {
    "in this process": Here,
    "our own pipe": Pipe,
    f"pebble {version('pebble')}": Pebble,
    f"loky {version('loky')}": Loky,
}


def main() -> None:
    """Print a table of the ways."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", type=int, default=100_000)
    parser.add_argument("--calls", type=int, default=5_000)
    parser.add_argument("--place", type=Path, default=load.PLACE, help="where the data is kept")
    asked = parser.parse_args()
    data = load.generated(asked.place, asked.quads, 1)
    store = next(Utsaga().load(data).glob("current/store"))
    queries = workloads(data / "data.nq", 1)[0].queries
    print("| by | median µs | p99 µs | ms from a death to the next answer |")
    print("| --- | --- | --- | --- |")
    for name, make in _WAYS.items():
        way = make(str(store))
        try:
            times = [_timed(way, queries[i % len(queries)]) for i in range(asked.calls)]
            deaths = [] if isinstance(way, Here) else [_death(way, queries[0]) for _ in range(_DEATHS)]
        finally:
            way.close()
        again = f"{median(deaths) * 1e3:.0f}" if deaths else ""
        print(f"| {name} | {median(times) * 1e6:.0f} | {quantiles(times, n=100)[98] * 1e6:.0f} | {again} |")


def _timed(way: Way, query: str) -> float:
    begin = time.perf_counter()
    way.ask(query)
    return time.perf_counter() - begin


def _death(way: Way, query: str) -> float:
    begin = time.perf_counter()
    with suppress(Exception):  # each way has its own word for a dead worker
        way.kill()
    way.ask(query)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
