"""Formatting of dates and numbers in each language, by CLDR through Babel."""

import datetime
import re
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel.dates import format_date, format_interval, format_skeleton
from babel.numbers import format_decimal

from graph.core.site import SITE

LOCALES: Final = {tag: {"sv": "sv_SE", "en": "en_GB"}.get(tag, tag) for tag in (*SITE.languages, "en")}
"""The locales by the languages of the site, and English."""
_GROUPED_FROM: Final = 10_000
_MAX_LENGTH: Final = 40  # characters of a number or a date that is formatted
_CACHE_SIZE: Final = 4096
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?\Z", re.ASCII)
_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T.*)?)?(?:Z|[+-]\d\d:\d\d)?)?\Z", re.ASCII)
_MONTH, _EXACT = len("2017-10"), len("2017-10-01")  # characters of a date with this precision


def date(value: str, language: str) -> str:
    """Return a date or a month of XML Schema in `language`; a year or anything else unchanged."""
    return _date(value, language) if len(value) <= _MAX_LENGTH else value


@lru_cache(_CACHE_SIZE)
def _date(value: str, language: str) -> str:
    if (first := _day(value)) is None or value.isdecimal():
        return value
    locale = LOCALES[language]
    exact = len(value) >= _EXACT
    return format_date(first, "long", locale) if exact else format_skeleton("yMMMM", first, locale=locale)


def between(start: str, end: str, language: str) -> str:
    """Return the range from `start` to `end`, both of the same precision, in `language`."""
    return _between(start[:_MAX_LENGTH], end[:_MAX_LENGTH], language)


@lru_cache(_CACHE_SIZE)
def _between(start: str, end: str, language: str) -> str:
    first, last = _day(start), _day(end)
    if first is None or last is None or first > last:
        return f"{date(start, language)}–{date(end, language)}"
    shorter = min(len(start), len(end))
    skeleton = "y" if shorter < _MONTH else "yMMMM" if shorter < _EXACT else "yMMMMd"
    return str(format_interval(first, last, skeleton, locale=LOCALES[language]))


def number(value: str, language: str) -> str:
    """Return a number in `language`, with separated thousands from 10,000 on; anything else unchanged."""
    return _number(value, language) if len(value) <= _MAX_LENGTH else value


@lru_cache(_CACHE_SIZE)
def _number(value: str, language: str) -> str:
    if not _NUMBER.match(value):
        return value
    exact = Decimal(value)
    locale = LOCALES[language]
    return format_decimal(
        exact,
        locale=locale,
        decimal_quantization=False,
        group_separator=abs(exact) >= _GROUPED_FROM,
    )


def _day(value: str) -> datetime.date | None:
    """Return the first day of an xsd:date, gYearMonth or gYear, or None for other values."""
    if not (found := _DATE.match(value)):
        return None
    year, month, day = found.groups()
    try:
        return datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
