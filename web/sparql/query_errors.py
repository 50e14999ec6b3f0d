"""Why a query was not answered, in the reader's language; what the engine says of it is in English."""

import re
from dataclasses import dataclass
from typing import Final

from graph.core.errors import Fault, UtsagaError
from graph.query.guard import KEYWORDS
from graph.query.lint import closest
from web.html.fault_causes import QUERY, cause_key
from web.html.i18n import translate

_PLACE: Final = re.compile(r"line (\d+), column (\d+)")
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_WORD: Final = re.compile(r"\w+|\S+")
_CAUSES_BY_STATUS: Final = {429: "failure.budget", 503: "failure.unavailable"}
_MAX_FOUND: Final = 30  # characters of the word that is quoted from a query


@dataclass(frozen=True)
class QueryFailure:
    """Why a query was not answered, what to do, and the faults as programs get them."""

    message: str
    advice: str
    faults: tuple[Fault, ...] = ()
    wait: int | None = None  # seconds until it may be answered
    place: str = ""  # where in the query it was noticed


def explain(error: UtsagaError, text: str) -> QueryFailure:
    """Return the failure for an `error` that the query `text` raised."""
    keys = (key for fault in error.faults if (key := cause_key(fault)).startswith(QUERY))
    cause = next(keys, None) or _CAUSES_BY_STATUS.get(error.status, "failure.other")
    message, advice = translate(cause), translate(f"{cause}.advice")
    where, meant = _place(error.faults[0].where, text)
    if meant:
        advice = translate("failure.meant", meant=meant)
    return QueryFailure(message, advice, error.faults, error.retry_after, where)


def _place(where: str, text: str) -> tuple[str, str]:
    """Return where in `text` an error was noticed and what stands there, and the keyword it may stand for."""
    place = _PLACE.fullmatch(where)
    if place is None:
        return "", ""
    line, column = int(place[1]), int(place[2])
    rest = "\n".join(_LINE_END.split(text)[line - 1 :])[column - 1 :]
    word = _WORD.match(rest)
    if word is None:
        return translate("failure.at_end", line=line), ""
    found = translate("failure.place", line=line, column=column, found=word[0][:_MAX_FOUND])
    is_keyword = word[0].upper() in KEYWORDS
    meant = None if is_keyword or not word[0].isalpha() else closest(word[0].upper(), sorted(KEYWORDS))
    return found, meant or ""


def empty_query() -> QueryFailure:
    """Return the failure for a query without text."""
    return QueryFailure(translate("failure.empty"), translate("failure.empty.advice"))
