"""Times as exact as they are known, and which of several claims held at one."""

import random

import pytest

from graph.core.errors import BadInput
from graph.core.partial_dates import PartialDate, ValidInterval, day_range, visible_periods

MONTHS = [f"{year}-{month:02}" for year in range(2016, 2020) for month in range(1, 13)]
TIMES = [*MONTHS, "2016", "2017", "2018", "2019", "2016-01-15", "2017-06-30", "2018-12-31"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "18",
        "2018-13",
        "2018-02-30",
        "2018-3",
        "2018-03-05T10:00",
        "0000",
        "2018-",
        "٢٠١٨",
        "2018-03' OR 1",
    ],
)
def test_what_is_no_time_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(BadInput) as found:
        PartialDate.parse(text)
    assert found.value.faults[0].where == "asof"
    assert "2018-03" in found.value.faults[0].remedy


def test_a_month_and_a_year_meet_every_day_in_them() -> None:
    day, month, year = (PartialDate(text) for text in ("2018-03-31", "2018-03", "2018"))
    assert year.first < month.first < day.first == day.last < month.last < year.last
    assert PartialDate("2018-02").last < month.first
    assert day_range("2018-03-05T10:00:00Z") == (20180305, 20180305)


def shown(spans: list[ValidInterval], when: PartialDate) -> set[int]:
    """What the query as-of says: of those that meet the time, those that began last."""
    held = [span for span in spans if span.start <= when.last and span.end >= when.first]
    return {span.member for span in held if span.start == max(each.start for each in held)}


def test_pieces_say_of_every_time_which_claims_began_last() -> None:
    source = random.Random(5)  # noqa: S311 (no secret)
    for _ in range(300):
        spans = []
        for member in range(source.randint(1, 7)):
            first, last = sorted(source.choices(TIMES, k=2))
            end = 10**8 if source.random() < 0.3 else max(day_range(last)[1], day_range(first)[1])
            spans.append(ValidInterval(day_range(first)[0], end, member))
        found = list(visible_periods(spans))
        for when in map(PartialDate, TIMES):
            assert {piece.interval.member for piece in found if piece.is_visible_at(when)} == shown(
                spans, when
            )


def test_there_are_no_more_pieces_than_twice_the_spans() -> None:
    nested = [
        ValidInterval(0, 10**8, 0),
        *(ValidInterval(20160000 + n * 10, 20160000 + n * 10 + 5, n) for n in range(1, 500)),
    ]
    assert len(list(visible_periods(nested))) < 2 * len(nested)
