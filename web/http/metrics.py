"""What is counted and timed, in Prometheus' terms: the instruments of the metrics in the table."""

import platform
import time
from dataclasses import fields
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from math import nan
from typing import Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

from web.http.metric_table import BUCKETS, CAUSES, NEVER_RAN, OUTCOMES, metric
from web.http.route_classes import RequestClasses
from web.http.serving_status import ServingStatus

_COUNTED_WHEN_READ: Final = ("utsaga_cache_bytes", "utsaga_cache_entries")
_AGES: Final = ("utsaga_release_age_seconds", "utsaga_source_visit_age_seconds")


class Metrics:
    """The instruments of one server, in a registry of their own."""

    def __init__(self) -> None:
        """Start counting from nothing; outcomes and causes that are known are there as zeros."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._make(Info, "utsaga_build_info").info(
            {
                "version": version("utsaga"),
                "engine": version("pyoxigraph"),
                "python": platform.python_version(),
            }
        )
        self._release = self._make(Info, "utsaga_release_info")
        self.serving = ServingStatus()
        problems = self._make(Gauge, "utsaga_release_problem")
        for each in fields(ServingStatus):
            problems.labels(each.name).set_function(partial(self._has_problem, each.name))
        self._query_seconds = self._make(Histogram, "utsaga_query_seconds", buckets=BUCKETS)
        self._queue_seconds = self._make(Histogram, "utsaga_queue_seconds", buckets=BUCKETS)
        workers = self._make(Gauge, "utsaga_workers")
        self._busy, self._idle = workers.labels("busy"), workers.labels("idle")
        self._started = self._make(Counter, "utsaga_workers_started_total")
        self._ended = self._make(Counter, "utsaga_workers_ended_total")
        self._hits = self._make(Counter, "utsaga_cache_hits_total")
        self._misses = self._make(Counter, "utsaga_cache_misses_total")
        self.classes = RequestClasses()
        self._requests = self._make(Counter, "utsaga_http_requests_total")
        self._kind_requests = self._make(Counter, "utsaga_kind_requests_total")
        self._request_seconds = self._make(Histogram, "utsaga_http_request_seconds", buckets=BUCKETS)
        queries = self._make(Counter, "utsaga_queries_total")
        self._outcomes = {outcome: queries.labels(outcome) for outcome in OUTCOMES}
        for cause in CAUSES:
            self._ended.labels(cause)
        self._measure_when_read()

    def _measure_when_read(self) -> None:
        """Make the gauges that change with most requests or with time: they are computed for each reader."""
        self._stored = (0, 0)
        self._since: tuple[float, float] = (nan, nan)
        for place, name in enumerate(_COUNTED_WHEN_READ):
            self._make(Gauge, name).set_function(partial(self._now_stored, place))
        for place, name in enumerate(_AGES):
            self._make(Gauge, name).set_function(partial(self._age, place))

    def _make(self, kind: Any, name: str, **arguments: Any) -> Any:
        """Return the instrument of the metric called `name`."""
        row = metric(name)
        return kind(
            row.family,
            f"{row.meaning}.",
            () if kind is Info else tuple(row.labels),
            registry=self.registry,
            **arguments,
        )

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

    def _age(self, place: int) -> float:
        return time.time() - self._since[place]

    def release(self, id: str, created: str, visited: str = "") -> None:  # noqa: A002 (the name of the label)
        """Note which release is served from now on, when it was `created` and a source was last `visited`.

        Both are in ISO 8601; `visited` is empty if no source was visited.
        """
        self._release.info({"id": id, "created": created})
        self._since = (_seconds(created), _seconds(visited) if visited else nan)

    def request(self, route: str, status: int, seconds: float, kind: str = "") -> None:
        """Count a request of the class `route` and a `kind`, if any, answered with `status` in `seconds`."""
        if kind:
            self._kind_requests.labels(kind).inc()
        self._requests.labels(route, str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def expose(self) -> tuple[bytes, str]:
        """Return all that was counted as Prometheus reads it, and the type of that text."""
        return generate_latest(self.registry), CONTENT_TYPE_PLAIN_0_0_4


def _seconds(moment: str) -> float:
    """Return a time or a day in ISO 8601 as seconds since 1970; without a zone it is in UTC."""
    parsed = datetime.fromisoformat(moment)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
