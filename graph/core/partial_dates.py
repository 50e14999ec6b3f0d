"""Dates known to the day, the month or the year, and which of several claims is valid on one.

A partial date is a range of two integers, YYYYMMDD. A month and a year have 00 before their first day and 99
after their last, so that their range contains every day in them.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple, Self

from graph.core.errors import BadInput
from graph.core.namespaces import XSD
from graph.core.terms import Term

END_OF_TIME: Final = 10**8  # after every date; 0 is before every one
DATATYPES: Final = {4: XSD + "gYear", 7: XSD + "gYearMonth", 10: XSD + "date"}
"""The datatype of a partial date by the number of its characters."""
_PARTIAL_DATE: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")


@dataclass(frozen=True)
class PartialDate:
    """A day, a month or a year in ISO 8601: 2018-03-05, 2018-03 or 2018."""

    text: str

    @classmethod
    def parse(cls, text: str, where: str = "asof") -> Self:
        """Parse `text`; raise BadInput, naming the parameter `where`, if it is not a partial date."""
        try:
            return cls(validate(text))
        except ValueError as error:
            raise BadInput(
                f"“{text[:40]}” is not a date: {error}",
                where=where,
                rule="date",
                remedy="give a day, a month or a year: 2018-03-05, 2018-03 or 2018",
            ) from error

    @property
    def first(self) -> int:
        """The start of its range."""
        return day_range(self.text)[0]

    @property
    def last(self) -> int:
        """The end of its range, inclusive."""
        return day_range(self.text)[1]

    @property
    def first_day(self) -> date:
        """The first day in its range."""
        return date.fromisoformat((self.text + "-01-01")[:10])

    @property
    def last_day(self) -> date:
        """The last day in its range."""
        year, month, day = (*map(int, self.text.split("-")), 0, 0)[:3]
        month = month or 12
        return date(year, month, day or monthrange(year, month)[1])

    @property
    def term(self) -> Term:
        """The date as a literal."""
        return Term(self.text, "literal", datatype=DATATYPES[len(self.text)])


class ValidInterval(NamedTuple):
    """The dates, `start` to `end` inclusive, on which the claim with the number `member` is valid.

    Unless it `replaces`, claims that began before it stay to be shown beside it.
    """

    start: int
    end: int
    member: int
    replaces: bool = True


class VisiblePeriod(NamedTuple):
    """The part of a claim's interval, after `after` and before `before`, in which it is the one to show."""

    interval: ValidInterval
    after: int
    before: int

    def is_visible_at(self, when: PartialDate) -> bool:
        """Return whether the claim is to be shown for the date `when`."""
        overlaps = self.interval.start <= when.last and self.interval.end >= when.first
        return overlaps and self.after < when.first and when.last < self.before


def validate(text: str) -> str:
    """Return `text` if it is a day, a month or a year of the calendar; raise ValueError otherwise."""
    if not _PARTIAL_DATE.fullmatch(text):
        raise ValueError("expected YYYY, YYYY-MM or YYYY-MM-DD")
    date.fromisoformat((text + "-01-01")[:10])
    return text


def day_range(text: str) -> tuple[int, int]:
    """Return the range of the partial date that `text` begins with; raise ValueError if there is none."""
    found = _PARTIAL_DATE.match(text)
    if found is None:
        raise ValueError("expected YYYY, YYYY-MM or YYYY-MM-DD")
    digits = found[0].replace("-", "")
    return int(digits.ljust(8, "0")), int(digits.ljust(8, "9"))


def known_day_range(text: str | None) -> tuple[int, int] | None:
    """Return the range of the partial date that `text` begins with; None if there is none."""
    try:
        return day_range(text) if text else None
    except ValueError:  # such as a year of five digits
        return None


def visible_periods(intervals: Iterable[ValidInterval]) -> Iterator[VisiblePeriod]:
    """Yield when each of `intervals`, claims that replace each other, is the one to show.

    Of the claims valid on a date, the one that began last is shown, and all of those that began together.
    There are at most about twice as many periods as intervals.
    """
    later: list[tuple[int, int]] = []  # merged ranges of the claims that began later, the earliest range last
    latest_first = sorted(intervals, key=lambda interval: -interval.start)
    for _, group in groupby(latest_first, key=lambda interval: interval.start):
        simultaneous = list(group)
        for interval in simultaneous:
            yield from _periods_between(interval, later)
        ends = [interval.end for interval in simultaneous if interval.replaces]
        if not ends:
            continue
        start, end = simultaneous[0].start, max(ends)
        while later and later[-1][0] <= end:
            end = max(end, later.pop()[1])
        later.append((start, end))


def _periods_between(interval: ValidInterval, later: list[tuple[int, int]]) -> Iterator[VisiblePeriod]:
    """Yield the periods of `interval` between the ranges of `later`, all of which begin after it."""
    after = 0
    for start, end in reversed(later):
        if after >= interval.end:
            return
        yield VisiblePeriod(interval, after, start)
        if start > interval.end:
            return
        after = end
    if after < interval.end:
        yield VisiblePeriod(interval, after, END_OF_TIME)
