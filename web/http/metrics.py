"""What is counted and timed, in Prometheus' terms: https://prometheus.io/docs/practices/naming/.

Every label has few values and none comes from a request, so that no client can make the registry grow.
"""

import platform
import re
from dataclasses import fields
from functools import partial
from importlib.metadata import version
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from graph.core.extensions import extension
from graph.core.iris import KIND_NAMES
from web.http.serving_status import ServingStatus

NEVER_RAN: Final = ("throttled", "queue-full", "queue-timeout")
OUTCOMES: Final = (
    "ok",
    "malformed",
    "forbidden",
    "not-acceptable",
    "too-large",
    "timeout",
    "crowded",
    "cancelled",
    "memory",
    "crash",
    "error",
    *NEVER_RAN,
)
CAUSES: Final = ("timeout", "crowded", "cancelled", "memory", "crash", "long", "idle")
_BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_CACHE: Final = {
    "utsaga_cache_bytes": "Bytes in the cache.",
    "utsaga_cache_entries": "Answers in the cache.",
}  # each changes with most requests, and is looked up when somebody reads it
_ROUTES: Final = (
    {
        "": "home",
        "sparql": "sparql",
        "id": "identifier",
        "query": "editor",
        "code": "entity",
        "resource": "entity",
        "queries": "query",
        "search": "search",
        "suggest": "search",
        "mcp": "mcp",
        "reconcile": "reconcile",
        "resolve": "identifier",
        "dataset": "dataset",
        ".well-known": "dataset",
        "download": "dataset",
        "releases": "dataset",
        "feed.atom": "dataset",
        "openapi.json": "dataset",
        "opensearch.xml": "search",
        "card": "card",
        "card.png": "card",
        "sitemap.xml": "dataset",
        "sitemap": "dataset",
        "robots.txt": "dataset",
        "compare": "view",
        "timeline": "view",
        "graph": "view",
        "build": "builder",
        "about": "about",
        "om": "about",
        "feeds": "about",
        "report": "report",
        "ns": "vocabulary",
        "shapes": "vocabulary",
        "alignments": "vocabulary",
        "display-names": "vocabulary",
        "static": "static",
        "favicon.ico": "static",
        "healthz": "ops",
        "readyz": "ops",
        "metrics": "ops",
    }
    | dict.fromkeys(extension("views", ()), "view")
    | dict.fromkeys(KIND_NAMES, "list")
)


def route(path: str) -> str:
    """Return the class that a request's path is counted under; "other" for one that nothing is known of."""
    first, _, rest = path[1:].partition("/")
    known = _ROUTES.get(first) or _ROUTES.get(re.split("[.-]", first)[0], "other")
    return "entity" if known == "list" and rest else known


class Metrics:
    """The instruments of one server, in a registry of their own."""

    def __init__(self) -> None:
        """Start counting from nothing; outcomes and causes that are known are there as zeros."""
        registry = self.registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        Info("utsaga_build", "The program and what it runs on.", registry=registry).info(
            {
                "version": version("utsaga"),
                "engine": version("pyoxigraph"),
                "python": platform.python_version(),
            }
        )
        self._release = Info("utsaga_release", "The release that is served.", registry=registry)
        self.serving = ServingStatus()
        problems = Gauge(
            "utsaga_release_problem", "Whether this is wrong with releases.", ["problem"], registry=registry
        )
        for each in fields(ServingStatus):
            problems.labels(each.name).set_function(partial(self._has_problem, each.name))
        queries = Counter("utsaga_queries", "Queries by how they ended.", ["outcome"], registry=registry)
        self._query_seconds = self._histogram("utsaga_query_seconds", "Time that queries ran.")
        self._queue_seconds = self._histogram("utsaga_queue_seconds", "Time that queries waited.")
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
        self._request_seconds = self._histogram(
            "utsaga_http_request_seconds", "Time from request to the end of the answer, by class.", "route"
        )
        self._outcomes = {outcome: queries.labels(outcome) for outcome in OUTCOMES}
        for cause in CAUSES:
            self._ended.labels(cause)

    def _histogram(self, name: str, description: str, *labels: str) -> Histogram:
        return Histogram(name, description, labels, registry=self.registry, buckets=_BUCKETS)

    def query(self, outcome: str, seconds: float) -> None:
        """Count a query that ended so, and note for how many `seconds` it ran if it ran at all."""
        self._outcomes[outcome].inc()
        if outcome not in NEVER_RAN:
            self._query_seconds.observe(seconds)

    def queued(self, seconds: float) -> None:
        """Note how long a query waited for a worker."""
        self._queue_seconds.observe(seconds)

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
        self._hits.inc()

    def miss(self) -> None:
        """Count an answer that was not found in the cache."""
        self._misses.inc()

    def stored(self, bytes_total: int, entries: int) -> None:
        """Note what the cache holds now."""
        self._stored = bytes_total, entries

    def _has_problem(self, name: str) -> float:
        return float(bool(getattr(self.serving, name)))

    def _now_stored(self, place: int) -> float:
        return self._stored[place]

    def release(self, id: str) -> None:  # noqa: A002 (the name of the label)
        """Note which release is served from now on."""
        self._release.info({"id": id})

    def request(self, route: str, status: int, seconds: float) -> None:
        """Count a request of the class `route`, answered with `status` in `seconds`."""
        self._requests.labels(route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def expose(self) -> tuple[bytes, str]:
        """Return all that was counted as Prometheus reads it, and the type of that text."""
        return generate_latest(self.registry), CONTENT_TYPE_PLAIN_0_0_4
