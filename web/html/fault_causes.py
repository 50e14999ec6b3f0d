"""What is wrong, in the reader's language: the message for the rule or setting that a fault breaks.

Faults themselves are in English, as programs get them. `web.sparql.query_errors` adds the place in a query.
"""

from typing import Final

from graph.core.errors import Fault
from web.html.i18n import translate

QUERY: Final = "failure."
"""The beginning of the keys of what may be wrong with a query, each of which has an `.advice` beside it."""
_KEYS: Final = {
    "SPARQL": "failure.syntax",
    "read-only": "failure.update",
    "allowed services": "failure.service",
    "UTSAGA_SERVICES": "failure.service",
    "extension functions": "failure.function",
    "UTSAGA_SECONDS": "failure.timeout",
    "UTSAGA_RESULT_BYTES": "failure.result",
    "UTSAGA_QUERY_BYTES": "failure.length",
    "UTSAGA_NESTING": "failure.nesting",
    "UTSAGA_MEMORY_BYTES": "failure.memory",
    "UTSAGA_LONG_QUERIES": "failure.busy",
    "UTSAGA_PINNED_RELEASES": "failure.busy",
    "UTSAGA_QUEUE_LENGTH": "failure.busy",
    "UTSAGA_QUEUE_SECONDS": "failure.busy",
    "UTSAGA_REPORTS": "fault.reports",
    "about": "fault.about",
    "asof": "fault.asof",
    "chart": "fault.chart",
    "count": "fault.count",
    "date": "fault.date",
    "feed": "fault.feed",
    "file": "fault.file",
    "format": "fault.format",
    "identifier": "fault.unknown",
    "iri": "fault.iri",
    "kept release": "fault.release",
    "kind": "fault.kind",
    "length": "fault.length",
    "newest release": "fault.newest",
    "page": "fault.page",
    "parameter": "fault.parameter",
    "passages": "fault.passages",
    "query": "fault.query",
    "release id": "fault.release",
    "robots.txt": "fault.crawler",
    "same origin": "fault.origin",
    "slug": "fault.unknown",
    "sort": "fault.sort",
    "year": "fault.year",
}


def cause_key(fault: Fault) -> str:
    """Return the key of the message that says what is wrong, or "" if there is none."""
    return _KEYS.get(fault.rule, "fault.length" if fault.rule.startswith("at most ") else "")


def cause(fault: Fault) -> str:
    """Return what is wrong and what to do in the language of the page, or "" if there is no message."""
    key = cause_key(fault)
    if not key:
        return ""
    return f"{translate(key)} {translate(f'{key}.advice')}" if key.startswith(QUERY) else translate(key)
