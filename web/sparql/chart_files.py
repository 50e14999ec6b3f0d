"""The chart of a result as an SVG file of its own: with title, axes and source, in light colours."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from flask import Response, render_template

from graph.core.errors import NotFound
from web.html.labels import plain_text
from web.html.site_context import base_url
from web.sparql.result_charts import Chart
from web.sparql.result_table import ResultTable

WIDTH, LABEL_WIDTH, NUMBER_WIDTH, BAR_HEIGHT, GAP, TOP = 960, 330, 110, 18, 10, 96
_MAX_LABEL = 46  # characters


@dataclass(frozen=True)
class ChartFileBar:
    """A bar of one series: where it is, how wide, and its number."""

    series: int
    top: int
    width: float
    number: Decimal


@dataclass(frozen=True)
class ChartFileGroup:
    """The bars with one label."""

    label: str
    middle: float
    bars: tuple[ChartFileBar, ...]


def chart_response(
    table: ResultTable, title: str, path: str, column_title: Callable[[str], str] = str
) -> Response:
    """Return the chart of `table` as a file to download; `path` is that of the page that shows the result.

    `column_title` returns what a column is called, which is the name of its variable for a free query.

    Raise NotFound if the result has no chart.
    """
    if table.chart is None:
        raise NotFound(
            "This result has no chart", where="query", rule="chart", remedy="select a number or a code"
        )
    groups = _groups(table.chart)
    height = TOP + sum(len(group.bars) * BAR_HEIGHT + GAP for group in groups) + 60
    text = render_template(
        "sparql/chart.svg",
        chart=table.chart,
        series=tuple(map(column_title, table.chart.series)),
        groups=groups,
        title=title,
        height=height,
        width=WIDTH,
        start=LABEL_WIDTH,
        bar_height=BAR_HEIGHT,
        end=WIDTH - NUMBER_WIDTH,
        source=base_url() + path,
        release=table.release,
    )
    headers = {"Content-Disposition": 'attachment; filename="utsaga.svg"'}
    return Response(text, content_type="image/svg+xml", headers=headers)


def _groups(chart: Chart) -> tuple[ChartFileGroup, ...]:
    found, top, space = [], TOP, WIDTH - LABEL_WIDTH - NUMBER_WIDTH
    for bar in chart.bars:
        bars = tuple(
            ChartFileBar(place, top + place * BAR_HEIGHT, float(space * number / scale), number)
            for place, (number, scale) in enumerate(zip(bar.numbers, chart.scales, strict=True))
        )
        label = " · ".join(plain_text(cell) for cell in bar.of if cell) or "–"
        short = label if len(label) <= _MAX_LABEL else f"{label[: _MAX_LABEL - 1]}…"
        found.append(ChartFileGroup(short, top + len(bars) * BAR_HEIGHT / 2 + 4, bars))
        top += len(bars) * BAR_HEIGHT + GAP
    return tuple(found)
