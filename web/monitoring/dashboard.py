"""A Grafana dashboard of all metrics in the table, as the JSON that Grafana imports.

https://grafana.com/docs/grafana/latest/visualizations/dashboards/build-dashboards/view-dashboard-json-model/
The most important figures stand first; then a row of panels for each group of the table.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from web.http.metric_table import METRICS, PROCESS_METRICS, Metric
from web.monitoring.expressions import quantile, rate, selector

_JOB: Final = 'job=~"$job"'
_WINDOW: Final = "$__rate_interval"
_SOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}
_UNITS: Final = {"seconds": "s", "bytes": "bytes", "": "short"}
_WIDTH: Final = 24  # columns of Grafana's grid
_QUANTILES: Final = (0.5, 0.95, 0.99)
_SCHEMA: Final = 39  # of Grafana 10.4 and later, which convert it


@dataclass(frozen=True)
class Panel:
    """A panel: its title, the kind of picture, its unit, and expressions with the legend of each."""

    title: str
    kind: str
    unit: str
    targets: tuple[tuple[str, str], ...]
    description: str = ""


def dashboard() -> str:
    """Return the dashboard as JSON; it asks for the data source and the scrape job."""
    board = {
        "uid": "utsaga",
        "title": "Utsaga",
        "tags": ["utsaga"],
        "timezone": "browser",
        "schemaVersion": _SCHEMA,
        "editable": True,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": _variables()},
        "panels": list(_layout()),
    }
    return json.dumps(board, indent=2, ensure_ascii=False) + "\n"


def _variables() -> list[dict[str, Any]]:
    jobs = "label_values(utsaga_build_info, job)"
    source = {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus"}
    job = {
        "name": "job",
        "label": "Job",
        "type": "query",
        "datasource": _SOURCE,
        "query": {"query": jobs, "refId": "jobs"},
        "refresh": 2,
        "includeAll": True,
        "multi": True,
        "allValue": ".*",
    }
    return [source, job]


def _layout() -> Iterator[dict[str, Any]]:
    """Yield the panels with their places: rows of four figures, then of two pictures."""
    number, top = 1, 0
    groups = [("Now", list(_figures())), *((name, panels) for name, panels in _groups())]
    for name, panels in groups:
        yield {
            "id": number,
            "type": "row",
            "title": name,
            "collapsed": False,
            "gridPos": _place(0, top, _WIDTH, 1),
        }
        number, top = number + 1, top + 1
        wide, high = (_WIDTH // 6, 4) if name == "Now" else (_WIDTH // 2, 8)
        for place, panel in enumerate(panels):
            row, column = divmod(place, _WIDTH // wide)
            yield _json(panel, number, _place(column * wide, top + row * high, wide, high))
            number += 1
        top += -(-len(panels) // (_WIDTH // wide)) * high


def _place(x: int, y: int, w: int, h: int) -> dict[str, int]:
    return {"x": x, "y": y, "w": w, "h": h}


def _json(panel: Panel, number: int, place: dict[str, int]) -> dict[str, Any]:
    names = "ABCDEF"
    targets = [
        {"refId": names[at], "datasource": _SOURCE, "expr": expression, "legendFormat": legend}
        | ({"instant": True, "format": "table"} if panel.kind == "table" else {})
        for at, (expression, legend) in enumerate(panel.targets)
    ]
    return {
        "id": number,
        "type": panel.kind,
        "title": panel.title,
        "description": panel.description,
        "datasource": _SOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": {"unit": panel.unit}, "overrides": []},
        "options": {"reduceOptions": {"calcs": ["lastNotNull"]}} if panel.kind == "stat" else {},
        "targets": targets,
    }


def _figures() -> Iterator[Panel]:
    """Yield the figures that show whether all is well."""
    requests, hits, misses = (
        "utsaga_http_requests_total",
        "utsaga_cache_hits_total",
        "utsaga_cache_misses_total",
    )
    errors = rate(requests, _JOB, _WINDOW, 'status=~"5.."')
    failed = f"{errors} / {rate(requests, _JOB, _WINDOW)}"
    found = rate(hits, _JOB, _WINDOW)
    kept = f"{found} / ({found} + {rate(misses, _JOB, _WINDOW)})"
    slow = quantile(0.95, "utsaga_http_request_seconds", _JOB, _WINDOW)
    yield Panel("Servers that answer", "stat", "short", ((f"sum(up{{{_JOB}}})", ""),))
    yield Panel(
        "Age of the release", "stat", "s", ((f"max({selector('utsaga_release_age_seconds', _JOB)})", ""),)
    )
    yield Panel("Requests a second", "stat", "reqps", ((rate(requests, _JOB, _WINDOW), ""),))
    yield Panel("Requests that failed", "stat", "percentunit", ((failed, ""),))
    yield Panel("Time of 95 % of requests", "stat", "s", ((slow, ""),))
    yield Panel("Found in the cache", "stat", "percentunit", ((kept, ""),))


def _groups() -> Iterator[tuple[str, list[Panel]]]:
    rows = (*METRICS, *PROCESS_METRICS)
    for name, metrics in groupby(sorted(rows, key=_group), key=lambda metric: metric.group):
        yield name, [_panel(each) for each in metrics]


def _group(metric: Metric) -> int:
    """Return the place of the group of `metric` in the table."""
    return list(dict.fromkeys(each.group for each in METRICS)).index(metric.group)


def _panel(metric: Metric) -> Panel:
    """Return the panel of a metric, as its type has it."""
    unit, label = _UNITS[metric.unit], next(iter(metric.labels), "")
    legend = f"{{{{{label}}}}}" if label else "{{instance}}"
    if metric.type == "info":
        return Panel(metric.meaning, "table", "short", ((selector(metric.name, _JOB), ""),), metric.name)
    if metric.type == "counter":
        ratio = {"seconds": "percentunit", "bytes": "Bps", "": "cps"}[metric.unit]
        title = f"{metric.meaning}, a second"
        targets = tuple(
            (rate(metric.name, _JOB, _WINDOW, by=each), f"{{{{{each}}}}}")
            for each in metric.labels or ("instance",)
        )
        return Panel(title, "timeseries", ratio, targets, metric.name)
    if metric.type == "histogram":
        shares = _QUANTILES if not label else _QUANTILES[1:2]
        targets = tuple(
            (quantile(share, metric.name, _JOB, _WINDOW, by=label), legend if label else f"{share:.0%}")
            for share in shares
        )
        title = f"{metric.meaning}: of 95 % at most" if label else metric.meaning
        return Panel(title, "timeseries", unit, targets, metric.name)
    if metric.name.endswith("_start_time_seconds"):
        return Panel(
            "Time since the start", "timeseries", "s", ((f"time() - {selector(metric.name, _JOB)}", legend),)
        )
    shown = f"sum by ({label}) ({selector(metric.name, _JOB)})" if label else selector(metric.name, _JOB)
    return Panel(metric.meaning, "timeseries", unit, ((shown, legend),), metric.name)
