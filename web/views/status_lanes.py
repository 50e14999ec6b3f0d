"""The drawing of lanes of statuses: positions in percent of a time axis in whole years."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from graph.claims.claims import Adoption
from graph.claims.status_lanes import StatusLane, StatusSpan
from graph.read.entities import Ref

MAX_LANES: Final = 40
_MIN_WIDTH: Final = 0.6  # percent, so that a day can be seen


@dataclass(frozen=True)
class LaneBar:
    """One bar: where it begins and how long it is, and whether knowledge ends where it ends."""

    adoption: Adoption
    x: float
    width: float
    open: bool


@dataclass(frozen=True)
class Lane:
    """One lane with its bars."""

    organisation: Ref
    product: Ref
    bars: tuple[LaneBar, ...]


@dataclass(frozen=True)
class LaneChart:
    """Lanes over the same years; each year with where it begins."""

    lanes: tuple[Lane, ...]
    years: tuple[tuple[int, float], ...]
    remaining: int  # lanes that are not drawn


def draw_lanes(lanes: Sequence[StatusLane]) -> LaneChart | None:
    """Return the chart of the first of `lanes`, or None if there are none.

    The axis ends a year after the last date, so that it shows that nothing is known after an open status.
    """
    if not lanes:
        return None
    shown = lanes[:MAX_LANES]
    spans = [span for lane in shown for span in lane.spans]
    first = min(span.first.year for span in spans)
    after = max(span.last.year for span in spans) + 2
    start, end = date(first, 1, 1), date(after, 1, 1)
    drawn = tuple(
        Lane(lane.organisation, lane.product, tuple(_bar(span, start, end) for span in lane.spans))
        for lane in shown
    )
    step = -(-(after - first) // 12)  # at most twelve labels
    years = tuple((year, _percent(date(year, 1, 1), start, end)) for year in range(first, after, step))
    return LaneChart(drawn, years, len(lanes) - len(shown))


def _bar(span: StatusSpan, start: date, end: date) -> LaneBar:
    x = _percent(span.first, start, end)
    width = max(_percent(span.last, start, end) - x, _MIN_WIDTH)
    return LaneBar(span.adoption, x, round(width, 2), span.open)


def _percent(day: date, start: date, end: date) -> float:
    return round(100 * (day - start).days / (end - start).days, 2)
