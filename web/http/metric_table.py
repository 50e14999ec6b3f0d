"""The metrics of a server: names, types, labels and meanings.

`/metrics`, their documentation, the dashboard and the alert rules are made from this table. Names are as
https://prometheus.io/docs/practices/naming/ has them. Every label has few values and none comes from a
request, so that no client can make the registry grow.
"""

from dataclasses import dataclass, field
from typing import Final, Literal

from web.http.route_classes import CLASSES

Type = Literal["counter", "gauge", "histogram", "info"]
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
BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass(frozen=True)
class Metric:
    """A metric: its name as Prometheus reads it, what it counts in `unit`, and the values of its labels.

    A label without values has as many as there are releases, versions, statuses of HTTP or kinds of a site.
    """

    name: str
    type: Type
    unit: Literal["", "seconds", "bytes"]
    group: str  # of the documentation and the dashboard
    meaning: str
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def family(self) -> str:
        """The name without what its type adds to it."""
        return self.name.removesuffix("_total").removesuffix("_info")


METRICS: Final = (
    Metric(
        "utsaga_http_requests_total",
        "counter",
        "",
        "Requests",
        "Requests by class and status",
        {"route": CLASSES, "status": ()},
    ),
    Metric(
        "utsaga_kind_requests_total",
        "counter",
        "",
        "Requests",
        "Requests of lists and entities by kind: those of the site's table and up to 30 derived ones",
        {"kind": ()},
    ),
    Metric(
        "utsaga_http_request_seconds",
        "histogram",
        "seconds",
        "Requests",
        "Time from request to the end of the answer, by class",
        {"route": CLASSES},
    ),
    Metric(
        "utsaga_queries_total", "counter", "", "Queries", "Queries by how they ended", {"outcome": OUTCOMES}
    ),
    Metric("utsaga_query_seconds", "histogram", "seconds", "Queries", "Time that queries ran"),
    Metric(
        "utsaga_queue_seconds", "histogram", "seconds", "Queries", "Time that queries waited for a worker"
    ),
    Metric(
        "utsaga_workers",
        "gauge",
        "",
        "Workers",
        "Query workers by what they do now",
        {"state": ("busy", "idle")},
    ),
    Metric("utsaga_workers_started_total", "counter", "", "Workers", "Query workers started"),
    Metric(
        "utsaga_workers_ended_total",
        "counter",
        "",
        "Workers",
        "Query workers ended, by cause",
        {"cause": CAUSES},
    ),
    Metric("utsaga_cache_hits_total", "counter", "", "Cache", "Responses found in the cache"),
    Metric("utsaga_cache_misses_total", "counter", "", "Cache", "Responses not found in the cache"),
    Metric("utsaga_cache_bytes", "gauge", "bytes", "Cache", "Bytes in the cache"),
    Metric("utsaga_cache_entries", "gauge", "", "Cache", "Responses in the cache"),
    Metric(
        "utsaga_release_age_seconds",
        "gauge",
        "seconds",
        "Data",
        "Time since the release that is served was built",
    ),
    Metric(
        "utsaga_source_visit_age_seconds",
        "gauge",
        "seconds",
        "Data",
        "Time since the newest visit to the address of a source",
    ),
    Metric(
        "utsaga_release_problem",
        "gauge",
        "",
        "Data",
        "Whether the live release cannot be served (behind), or a file of the one that is served is damaged",
        {"problem": ("behind", "damaged")},
    ),
    Metric(
        "utsaga_release_info", "info", "", "Data", "The release that is served", {"id": (), "created": ()}
    ),
    Metric(
        "utsaga_build_info",
        "info",
        "",
        "Process",
        "The program and what it runs on",
        {"version": (), "engine": (), "python": ()},
    ),
)
PROCESS_METRICS: Final = (
    Metric(
        "process_start_time_seconds",
        "gauge",
        "seconds",
        "Process",
        "When the server started, in seconds since 1970",
    ),
    Metric("process_cpu_seconds_total", "counter", "seconds", "Process", "Processor time of the server"),
    Metric("process_resident_memory_bytes", "gauge", "bytes", "Process", "Memory of the server"),
    Metric("process_virtual_memory_bytes", "gauge", "bytes", "Process", "Memory that the server has mapped"),
    Metric("process_open_fds", "gauge", "", "Process", "Open files and connections of the server"),
    Metric("process_max_fds", "gauge", "", "Process", "Files and connections that the server may open"),
)
"""What the client library of Prometheus measures: of the server, without its query workers."""


def metric(name: str) -> Metric:
    """Return the metric called `name`; raise KeyError if there is none."""
    return _BY_NAME[name]


_BY_NAME: Final = {each.name: each for each in (*METRICS, *PROCESS_METRICS)}
