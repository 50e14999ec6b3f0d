"""What is counted and timed, in Prometheus' terms: https://prometheus.io/docs/practices/naming/.

Every label has few values and none comes from a request, so that no client can make the registry grow.
"""

import platform
import re
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from importlib.metadata import version
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, Metric, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.registry import Collector

from graph.iris import KINDS

NEVER_RAN: Final = ("throttled", "queue-full", "queue-timeout")
OUTCOMES: Final = (
    "ok",
    "malformed",
    "forbidden",
    "not-acceptable",
    "too-large",
    "timeout",
    "crowded",
    "memory",
    "crash",
    "error",
    *NEVER_RAN,
)
CAUSES: Final = ("timeout", "crowded", "memory", "crash", "long", "idle")
_CACHE: Final = {
    "utsaga_cache_bytes": "Bytes in the cache.",
    "utsaga_cache_entries": "Answers in the cache.",
}  # each changes with most requests, and is looked up when somebody reads it
_BATCH: Final = 64  # notes that are counted together, in a tenth of a millisecond
_SECONDS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_ROUTES: Final = {
    "": "home",
    "sparql": "sparql",
    "id": "identifier",
    "query": "editor",
    "code": "entity",
    "resource": "entity",
    "queries": "query",
    "search": "search",
    "suggest": "search",
    "reconcile": "reconcile",
    "resolve": "identifier",
    "dataset": "dataset",
    ".well-known": "dataset",
    "download": "dataset",
    "releases": "dataset",
    "feed.atom": "dataset",
    "openapi.json": "dataset",
    "sitemap.xml": "dataset",
    "sitemap": "dataset",
    "robots.txt": "dataset",
    "map": "view",
    "compare": "view",
    "timeline": "view",
    "graph": "view",
    "ns": "vocabulary",
    "shapes": "vocabulary",
    "static": "static",
    "favicon.ico": "static",
    "healthz": "ops",
    "readyz": "ops",
    "metrics": "ops",
} | dict.fromkeys(KINDS, "list")


def route(path: str) -> str:
    """Return the class that a request's path is counted under; "other" for one that nothing is known of."""
    first, _, rest = path[1:].partition("/")
    known = _ROUTES.get(first) or _ROUTES.get(re.split("[.-]", first)[0], "other")
    return "entity" if known == "list" and rest else known


class _Notes(Collector):
    """What is to be counted: many at once take a quarter of the time that each takes in its turn.

    Whoever reads the registry has them counted first, since this is its first collector.
    """

    def __init__(self) -> None:
        self._notes: deque[tuple[Callable[[float], None], float]] = deque()

    def add(self, count: Callable[[float], None], value: float = 1.0) -> None:
        """Have `count` count `value`."""
        self._notes.append((count, value))
        if len(self._notes) >= _BATCH:
            self.collect()

    def collect(self) -> Iterable[Metric]:
        """Count what was noted; there is nothing to show here."""
        try:
            while True:
                count, value = self._notes.popleft()
                count(value)
        except IndexError:  # all are counted, by whichever thread
            return ()


def _count(counter: Counter, histogram: Histogram, seconds: float) -> None:
    counter.inc()
    histogram.observe(seconds)


class Metrics:
    """The instruments of one server, in a registry of their own."""

    def __init__(self) -> None:
        """Start counting from nothing; outcomes and causes that are known are there as zeros."""
        registry = self.registry = CollectorRegistry()
        self._notes = _Notes()
        registry.register(self._notes)
        ProcessCollector(registry=registry)
        Info("utsaga_build", "The program and what it runs on.", registry=registry).info(
            {
                "version": version("utsaga"),
                "engine": version("pyoxigraph"),
                "python": platform.python_version(),
            }
        )
        self._release = Info("utsaga_release", "The release that is served.", registry=registry)
        queries = Counter("utsaga_queries", "Queries by how they ended.", ["outcome"], registry=registry)
        self._query_seconds = Histogram(
            "utsaga_query_seconds", "Time that queries ran.", registry=registry, buckets=_SECONDS
        )
        self._queue_seconds = Histogram(
            "utsaga_queue_seconds", "Time that queries waited.", registry=registry, buckets=_SECONDS
        )
        workers = Gauge("utsaga_workers", "Query workers by what they do now.", ["state"], registry=registry)
        self._busy, self._idle = workers.labels("busy"), workers.labels("idle")
        self._started = Counter("utsaga_workers_started", "Query workers started.", registry=registry)
        self._ended = Counter(
            "utsaga_workers_ended", "Query workers ended, by cause.", ["cause"], registry=registry
        )
        self._hits = Counter("utsaga_cache_hits", "Answers found in the cache.", registry=registry)
        self._misses = Counter("utsaga_cache_misses", "Answers not found in the cache.", registry=registry)
        self._stored = (0, 0)
        for place, (name, means) in enumerate(_CACHE.items()):
            Gauge(name, means, registry=registry).set_function(partial(self._now_stored, place))
        self._requests = Counter(
            "utsaga_http_requests", "Requests by class and status.", ["route", "status"], registry=registry
        )
        self._request_seconds = Histogram(
            "utsaga_http_request_seconds",
            "Time from request to the end of the answer, by class.",
            ["route"],
            registry=registry,
            buckets=_SECONDS,
        )
        self._children: dict[tuple[str, int], Callable[[float], None]] = {}
        self._outcomes = {outcome: queries.labels(outcome).inc for outcome in OUTCOMES}
        for cause in CAUSES:
            self._ended.labels(cause)

    def query(self, outcome: str, seconds: float) -> None:
        """Count a query that ended so, and note for how many `seconds` it ran if it ran at all."""
        self._notes.add(self._outcomes[outcome])
        if outcome not in NEVER_RAN:
            self._notes.add(self._query_seconds.observe, seconds)

    def queued(self, seconds: float) -> None:
        """Note how long a query waited for a worker."""
        self._notes.add(self._queue_seconds.observe, seconds)

    def worker_started(self) -> None:
        """Count a worker that was started."""
        self._started.inc()

    def worker_ended(self, cause: str) -> None:
        """Count a worker that ended, or was ended, because of `cause`."""
        self._ended.labels(cause).inc()

    def busy(self, n: int) -> None:
        """Note that `n` workers are at work, or being replaced, now."""
        self._busy.set(n)

    def idle(self, n: int) -> None:
        """Note that `n` workers are free now."""
        self._idle.set(n)

    def hit(self) -> None:
        """Count an answer that was found in the cache."""
        self._notes.add(self._hits.inc)

    def miss(self) -> None:
        """Count an answer that was not found in the cache."""
        self._notes.add(self._misses.inc)

    def stored(self, bytes_total: int, entries: int) -> None:
        """Note what the cache holds now."""
        self._stored = bytes_total, entries

    def _now_stored(self, place: int) -> float:
        return self._stored[place]

    def release(self, id: str) -> None:  # noqa: A002 (the name of the label)
        """Note which release is served from now on."""
        self._release.info({"id": id})

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count a request of the class `route`, answered with `status` in `seconds`."""
        child = self._children.get((route, status))
        if child is None:
            counter, histogram = (
                self._requests.labels(route, str(status)),
                self._request_seconds.labels(route),
            )
            child = self._children[route, status] = partial(_count, counter, histogram)
        self._notes.add(child, seconds)

    def expose(self) -> tuple[bytes, str]:
        """Return all that was counted as Prometheus reads it, and the type of that text."""
        return generate_latest(self.registry), CONTENT_TYPE_PLAIN_0_0_4
