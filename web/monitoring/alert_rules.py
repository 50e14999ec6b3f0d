"""Alert rules for Prometheus, as the YAML that it reads.

https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/. They alert of what readers
notice, or soon will, and each says what to look at.
"""

from dataclasses import dataclass
from typing import Any, Final

import yaml

from web.monitoring.expressions import quantile, rate, selector

_JOB: Final = 'job="utsaga"'
_WINDOW: Final = "5m"
_DAY: Final = 86_400
_OTHERS: Final = 'route!="ops"'  # requests of others than operators: /readyz may say 503 for long
_REQUESTS: Final = rate("utsaga_http_requests_total", _JOB, _WINDOW, _OTHERS)
_FAILED: Final = rate("utsaga_http_requests_total", _JOB, _WINDOW, _OTHERS, 'status=~"5.."')
_PAGES: Final = 'route!="sparql"'
_SLOWEST: Final = quantile(0.95, "utsaga_http_request_seconds", _JOB, _WINDOW, _PAGES)
_REFUSED: Final = rate("utsaga_queries_total", _JOB, _WINDOW, 'outcome=~"queue-full|queue-timeout|crowded"')
_CRASHED: Final = selector("utsaga_workers_ended_total", _JOB, 'cause=~"crash|memory"')
_IDLE: Final = selector("utsaga_workers", _JOB, 'state="idle"')
_BUSY: Final = selector("utsaga_workers", _JOB, 'state="busy"')
_FILES: Final = f"{selector('process_open_fds', _JOB)} / {selector('process_max_fds', _JOB)}"


@dataclass(frozen=True)
class Alert:
    """An alert: when it is given, for how long that must hold, how urgent it is, and what is to be done."""

    name: str
    expression: str
    holds: str
    severity: str
    summary: str
    remedy: str


ALERTS: Final = (
    Alert(
        "UtsagaDown",
        f"up{{{_JOB}}} == 0",
        "2m",
        "critical",
        "{{ $labels.instance }} does not answer",
        "See whether the server runs (systemctl status utsaga) and what its log says last.",
    ),
    Alert(
        "UtsagaErrors",
        f"{_FAILED} / {_REQUESTS} > 0.02",
        "5m",
        "critical",
        "{{ $value | humanizePercentage }} of requests fail",
        "Look for status 5xx in the log, and at /readyz, which names the part that does not answer.",
    ),
    Alert(
        "UtsagaSlow",
        f"{_SLOWEST} > 2",
        "10m",
        "warning",
        "A request in twenty takes more than {{ $value | humanizeDuration }}",
        "Look at the processor, the disk and the queries that run; lower the budgets of clients.",
    ),
    Alert(
        "UtsagaQueueFull",
        f"{_REFUSED} > 0.1",
        "5m",
        "warning",
        "Queries are refused because too many wait",
        "Find the clients that ask most; give the server more workers (UTSAGA_WORKERS), or add a server.",
    ),
    Alert(
        "UtsagaWorkersBusy",
        f"{_IDLE} == 0 and on (instance) {_BUSY} > 0",
        "5m",
        "warning",
        "No query worker of {{ $labels.instance }} is idle",
        "See UtsagaQueueFull. /readyz answers 503 while it is so.",
    ),
    Alert(
        "UtsagaWorkersCrash",
        f"sum by (instance, cause) (increase({_CRASHED}[15m])) > 3",
        "0m",
        "warning",
        "Query workers of {{ $labels.instance }} end by {{ $labels.cause }}",
        "Set UTSAGA_LOG_QUERIES for a while to find the query; UTSAGA_MEMORY_BYTES limits a worker.",
    ),
    Alert(
        "UtsagaFilesOpen",
        f"{_FILES} > 0.8",
        "5m",
        "warning",
        "{{ $labels.instance }} has {{ $value | humanizePercentage }} of the open files it may have",
        "Allow more (LimitNOFILE=), or fewer connections (UTSAGA_CONNECTIONS).",
    ),
    Alert(
        "UtsagaReleaseOld",
        f"{selector('utsaga_release_age_seconds', _JOB)} > {30 * _DAY}",
        "1h",
        "warning",
        "The release that {{ $labels.instance }} serves is {{ $value | humanizeDuration }} old",
        "See why utsaga build, or utsaga pull on a replica, has made no newer one.",
    ),
    Alert(
        "UtsagaReplicasDiffer",
        f"count(count by (id) ({selector('utsaga_release_info', _JOB)})) > 1",
        "30m",
        "warning",
        "The servers serve {{ $value }} different releases",
        "See which lags behind (utsaga_release_info), and why.",
    ),
    Alert(
        "UtsagaRestarted",
        f"changes({selector('process_start_time_seconds', _JOB)}[1h]) > 3",
        "0m",
        "warning",
        "{{ $labels.instance }} has been started {{ $value }} times within an hour",
        "Read the end of its log before each start.",
    ),
)


def alert_rules() -> str:
    """Return the rules for a scrape job called `utsaga`, as YAML."""
    groups = {"groups": [{"name": "utsaga", "rules": [_rule(each) for each in ALERTS]}]}
    return yaml.safe_dump(groups, sort_keys=False, allow_unicode=True, width=110)


def _rule(alert: Alert) -> dict[str, Any]:
    return {
        "alert": alert.name,
        "expr": alert.expression,
        "for": alert.holds,
        "labels": {"severity": alert.severity},
        "annotations": {"summary": alert.summary, "description": alert.remedy},
    }
