"""Times known to the day, the month or only the year, and which of several claims held at one.

A time is two numbers, its first moment and its last, with the digits of its days; a month and a year have
00 before their first day and 99 after their last, so that they meet every day in them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple, Self

from graph.core.errors import BadInput
from graph.core.namespaces import XSD
from graph.core.terms import Term

END_OF_TIME: Final = 10**8  # after every moment; 0 is before every one
DATATYPES: Final = {
    4: XSD + "gYear",
    7: XSD + "gYearMonth",
    10: XSD + "date",
}  # by the length of what is written
_WRITTEN: Final = re.compile(r"[0-9]{4}(?:-[0-9]{2}){0,2}")


@dataclass(frozen=True)
class PartialDate:
    """A day, a month or a year, as it is written: 2018-03-05, 2018-03 or 2018."""

    text: str

    @classmethod
    def parse(cls, text: str, where: str = "asof") -> Self:
        """Return the time that `text` is; raise BadInput for what is none, `where` being its place."""
        try:
            return cls(validated(text))
        except ValueError as error:
            raise BadInput(
                f"“{text[:40]}” is no time: {error}",
                where=where,
                rule="date",
                remedy="give a day, a month or a year: 2018-03-05, 2018-03 or 2018",
            ) from error

    @property
    def first(self) -> int:
        """Its first moment."""
        return bounds(self.text)[0]

    @property
    def last(self) -> int:
        """Its last moment."""
        return bounds(self.text)[1]

    @property
    def term(self) -> Term:
        """The time as a literal."""
        return Term(self.text, "literal", datatype=DATATYPES[len(self.text)])


class ValidInterval(NamedTuple):
    """From which moment until which a claim held, and whose it is."""

    start: int
    end: int
    member: int


class VisiblePeriod(NamedTuple):
    """Times at which a claim is the one to show: those that meet it, after one moment and before another."""

    interval: ValidInterval
    after: int
    before: int

    def is_visible_at(self, when: PartialDate) -> bool:
        """Tell whether it is to be shown for the time `when`."""
        meets = self.interval.start <= when.last and self.interval.end >= when.first
        return meets and self.after < when.first and when.last < self.before


def validated(text: str) -> str:
    """Return `text` if it is a day, a month or a year of the calendar; raise ValueError otherwise."""
    if not _WRITTEN.fullmatch(text):
        raise ValueError("it is no date")
    date.fromisoformat((text + "-01-01")[:10])
    return text


def bounds(text: str) -> tuple[int, int]:
    """Return the first and the last moment of what begins like a time; raise ValueError if nothing does."""
    found = _WRITTEN.match(text)
    if found is None:
        raise ValueError("it is no date")
    digits = found[0].replace("-", "")
    return int(digits.ljust(8, "0")), int(digits.ljust(8, "9"))


def visible_periods(spans: Iterable[ValidInterval]) -> Iterator[VisiblePeriod]:
    """Yield when each of `spans`, claims that take each other's place, is the one to show.

    Of those that held at a time the one that began last is shown, and those that began together all are.
    There are about as many pieces as spans.
    """
    later: list[tuple[int, int]] = []  # when those that began later held, the first of them last
    ordered = sorted(spans, key=lambda span: -span.start)
    for _, group in groupby(ordered, key=lambda span: span.start):
        together = list(group)
        for span in together:
            yield from _apart(span, later)
        start, end = together[0].start, max(span.end for span in together)
        while later and later[-1][0] <= end:
            end = max(end, later.pop()[1])
        later.append((start, end))


def _apart(span: ValidInterval, later: list[tuple[int, int]]) -> Iterator[VisiblePeriod]:
    """Yield the pieces of `span` between those of `later`, all of which begin after it."""
    after = 0
    for start, end in reversed(later):
        if after >= span.end:
            return
        yield VisiblePeriod(span, after, start)
        if start > span.end:
            return
        after = end
    if after < span.end:
        yield VisiblePeriod(span, after, END_OF_TIME)
