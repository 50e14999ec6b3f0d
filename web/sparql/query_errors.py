"""Why a query was not answered, in the reader's language; what the engine says of it is in English."""

import re
from dataclasses import dataclass
from typing import Final

from graph.core.errors import Fault, UtsagaError
from web.html.i18n import translate

_PLACE: Final = re.compile(r"line (\d+), column (\d+)")
_CAUSES: Final = {
    "SPARQL": "syntax",
    "read-only": "update",
    "allowed services": "service",
    "extension functions": "function",
    "UTSAGA_SECONDS": "timeout",
    "UTSAGA_RESULT_BYTES": "result",
    "UTSAGA_QUERY_BYTES": "length",
    "UTSAGA_NESTING": "nesting",
    "UTSAGA_MEMORY_BYTES": "memory",
    "UTSAGA_LONG_QUERIES": "busy",
    "UTSAGA_QUEUE_LENGTH": "busy",
    "UTSAGA_QUEUE_SECONDS": "busy",
}
"""The last part of the key of the message `failure.…` that explains a rule or setting to readers."""
_CAUSES_BY_STATUS: Final = {429: "budget", 503: "unavailable"}


@dataclass(frozen=True)
class QueryFailure:
    """Why a query was not answered, what to do, and the faults as programs get them."""

    message: str
    advice: str
    faults: tuple[Fault, ...] = ()
    wait: int | None = None  # seconds until it may be answered
    place: str = ""  # where in the query it was noticed


def explain(error: UtsagaError) -> QueryFailure:
    """Return the failure for an `error` that a query raised."""
    rules = (_CAUSES.get(fault.rule) for fault in error.faults)
    cause = next(filter(None, rules), None) or _CAUSES_BY_STATUS.get(error.status, "other")
    message, advice = translate(f"failure.{cause}"), translate(f"failure.{cause}.advice")
    place = _PLACE.fullmatch(error.faults[0].where)
    where = translate("failure.place", line=int(place[1]), column=int(place[2])) if place else ""
    return QueryFailure(message, advice, error.faults, error.retry_after, where)


def empty_query() -> QueryFailure:
    """Return the failure for a query without text."""
    return QueryFailure(translate("failure.empty"), translate("failure.empty.advice"))
