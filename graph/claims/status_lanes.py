"""The statuses of organisations over time, as one lane for each organisation and product."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from graph.claims.claims import Adoption
from graph.core.errors import BadInput
from graph.core.partial_dates import PartialDate
from graph.core.terms import Term
from graph.read.entities import Ref
from graph.read.lists import name_sort_key


@dataclass(frozen=True)
class StatusSpan:
    """A status from its first known day to the last for which a source gives it.

    If it is `open`, it may have held for longer: no source gives an end, nor a later status.
    """

    adoption: Adoption
    first: date
    last: date
    open: bool


@dataclass(frozen=True)
class StatusLane:
    """The statuses of one organisation on one product, the oldest first."""

    organisation: Ref
    product: Ref
    spans: tuple[StatusSpan, ...]


def read_lanes(adoptions: Iterable[Adoption]) -> tuple[StatusLane, ...]:
    """Return the lanes of those of `adoptions` that have a date, by the names of organisation and product."""
    found: dict[tuple[Ref, Ref], list[StatusSpan]] = {}
    for each in adoptions:
        span = _span(each)
        if span and each.adopter and each.product:
            found.setdefault((each.adopter, each.product), []).append(span)
    lanes = (StatusLane(*key, _in_order(spans)) for key, spans in found.items())
    return tuple(
        sorted(
            lanes, key=lambda lane: [name_sort_key(ref.labels) for ref in (lane.organisation, lane.product)]
        )
    )


def _in_order(spans: list[StatusSpan]) -> tuple[StatusSpan, ...]:
    """Return `spans` by their days; only one that ends last may be open: a later one ends those before."""
    end = max(span.last for span in spans)
    closed = (
        StatusSpan(each.adoption, each.first, each.last, open=each.open and each.last == end)
        for each in spans
    )
    return tuple(sorted(closed, key=lambda span: (span.first, span.last)))


def _span(adoption: Adoption) -> StatusSpan | None:
    since, until, at = (_date(term) for term in (adoption.valid_from, adoption.valid_until, adoption.as_of))
    start = since or at or until
    if start is None:
        return None
    end = until or (at if at and at.last_day >= start.first_day else start)
    return StatusSpan(adoption, start.first_day, end.last_day, open=until is None)


def _date(term: Term | None) -> PartialDate | None:
    try:
        return PartialDate.parse(term.value) if term else None
    except BadInput:  # data from elsewhere may have any value
        return None
