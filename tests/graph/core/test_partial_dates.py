"""Partial dates, and which of several claims is shown for one."""

import random

import pytest

from graph.core.errors import BadInput
from graph.core.partial_dates import PartialDate, ValidInterval, day_range, visible_periods

MONTHS = [f"{year}-{month:02}" for year in range(2016, 2020) for month in range(1, 13)]
DATES = [*MONTHS, "2016", "2017", "2018", "2019", "2016-01-15", "2017-06-30", "2018-12-31"]


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
def test_an_invalid_date_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as found:
        PartialDate.parse(text)
    assert found.value.faults[0].where == "asof"
    assert "2018-03" in found.value.faults[0].remedy


def test_the_range_of_a_month_and_a_year_contains_every_day_in_them() -> None:
    day, month, year = (PartialDate(text) for text in ("2018-03-31", "2018-03", "2018"))
    assert year.first < month.first < day.first == day.last < month.last < year.last
    assert PartialDate("2018-02").last < month.first
    assert day_range("2018-03-05T10:00:00Z") == (20180305, 20180305)


def latest(intervals: list[ValidInterval], when: PartialDate) -> set[int]:
    """Return the members of the intervals that overlap `when` and began last, as the query as-of does.

    An interval that does not replace others counts only if it began last itself, or together with the last.
    """
    valid = [each for each in intervals if each.start <= when.last and each.end >= when.first]
    last = max((each.start for each in valid if each.replaces), default=0)
    return {each.member for each in valid if each.start >= last}


def test_the_claims_that_began_last_are_visible() -> None:
    source = random.Random(5)  # noqa: S311 (no secret)
    for _ in range(300):
        intervals = []
        for member in range(source.randint(1, 7)):
            first, last = sorted(source.choices(DATES, k=2))
            end = 10**8 if source.random() < 0.3 else max(day_range(last)[1], day_range(first)[1])
            replaces = source.random() < 0.8
            intervals.append(ValidInterval(day_range(first)[0], end, member, replaces))
        periods = list(visible_periods(intervals))
        for when in map(PartialDate, DATES):
            visible = {each.interval.member for each in periods if each.is_visible_at(when)}
            assert visible == latest(intervals, when)


def test_there_are_at_most_two_periods_for_each_interval() -> None:
    nested = [
        ValidInterval(0, 10**8, 0),
        *(ValidInterval(20160000 + n * 10, 20160000 + n * 10 + 5, n) for n in range(1, 500)),
    ]
    assert len(list(visible_periods(nested))) < 2 * len(nested)
