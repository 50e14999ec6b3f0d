"""The filters of templates for dates: of sources, statements, adoptions and legal acts, as HTML."""

from collections.abc import Iterable
from typing import Final, TypeVar

from flask import Flask
from markupsafe import Markup

from graph.claims.claims import Adoption, Assessment
from graph.claims.statements import ApproximateDate
from graph.core.formatting import between, date
from graph.core.terms import Term
from graph.read.legal_force import LegalAct
from web.html.app_state import app_state
from web.html.filters import literal
from web.html.i18n import interface_language, translate

ItemT = TypeVar("ItemT")
_PRECISIONS: Final = {len("2017"): "year", len("2017-10"): "month"}


def date_range(start: Term, end: Term) -> Markup:
    """Return the bounds of a date as HTML."""
    return Markup("<span>{}</span>").format(between(start.value, end.value, interface_language()))


def duration(start: Term, end: Term) -> Markup:
    """Return a period as HTML: two months as a range, other dates in full."""
    if len(start.value) == len(end.value) == len("2017-10"):
        return date_range(start, end)
    return Markup("{} – {}").format(literal(start), literal(end))


def dates(values: Iterable[ItemT]) -> Markup:
    """Return the dates of one event as HTML: the most precise ones, two of them as a range."""
    terms = sorted((value for value in values if isinstance(value, Term)), key=lambda term: term.value)
    exact = [term for term in terms if not any(each.value.startswith(f"{term.value}-") for each in terms)]
    if len(exact) == 2:
        return date_range(*exact)
    return Markup(", ").join(map(literal, exact))


def publication_date(approximate: ApproximateDate) -> Markup:
    """Return when a source was published, as HTML: a date, its bounds, or nothing if unknown."""
    if approximate.not_before and approximate.not_after:
        return date_range(approximate.not_before, approximate.not_after)
    if approximate.on:
        return literal(approximate.on)
    if approximate.not_after:
        return _phrase("source.before", approximate.not_after)
    if approximate.not_before:
        return _phrase("source.after", approximate.not_before)
    return Markup("")


def adoption_period(adoption: Adoption | Assessment) -> Markup:
    """Return the period of an adoption or assessment as HTML, or else the date that it is known for.

    Of a period without an end, say until when it is known.
    """
    start, end, known = adoption.valid_from, adoption.valid_until, adoption.as_of
    if end and (first := start or known):
        return literal(end) if first == end else duration(first, end)
    if start and known:
        is_later = known.value > start.value
        later = _phrase("adoption.confirmed", known) if is_later else translate("adoption.unconfirmed")
        return Markup("{}, {}").format(_phrase("adoption.since", start), later)
    return _open_period(start, end) or (literal(known) if known else Markup(""))


def assessment_time(assessment: Assessment) -> Markup:
    """Return when an assessment was made, or else when it held, as HTML; nothing if unknown."""
    if assessment.made_in:
        return literal(assessment.made_in)
    return adoption_period(assessment)


def years_since(time: Term | None) -> int:
    """Return how many years before the release the year of `time` is; 0 without a time or a release."""
    manifest = app_state().release
    if time is None or manifest is None or not time.value[:4].isdecimal():
        return 0
    return int(manifest.created[:4]) - int(time.value[:4])


def act_period(act: LegalAct) -> Markup:
    """Return the period in which a legal act was in force, as HTML; nothing if it is unknown."""
    if act.start and act.end:
        return Markup("{} – {}").format(literal(act.start), literal(act.end))
    return _open_period(act.start, act.end)


def date_phrase(when: str, prefix: str) -> str:
    """Return the year, the month or the day `when` in the message with this `prefix` for such a date.

    “moment.” has “in October 2017” and “on 5 March 2018”, “when.” has “As of October 2017”.
    """
    precision = _PRECISIONS.get(len(when), "day")
    return translate(f"{prefix}{precision}", when=date(when, interface_language()))


def utc_time(timestamp: str) -> str:
    """Return the time of day of a timestamp in UTC."""
    return f"{timestamp[11:16]} UTC"


def _open_period(start: Term | None, end: Term | None) -> Markup:
    if start:
        return _phrase("adoption.since", start)
    return _phrase("adoption.until", end) if end else Markup("")


def _phrase(key: str, time: Term) -> Markup:
    return Markup("{} {}").format(translate(key), literal(time))


def register(app: Flask) -> None:
    """Add these filters to the templates of `app`."""
    app.jinja_env.filters.update(
        act_period=act_period,
        adoption_period=adoption_period,
        assessment_time=assessment_time,
        date=lambda value: date(value, interface_language()),
        dates=dates,
        publication_date=publication_date,
        date_phrase=date_phrase,
        utc_time=utc_time,
        years_since=years_since,
    )
