"""The SPARQL filters of dates, numbers and texts."""

from typing import Final

from graph.core.terms import Term, text
from graph.query_builder.model import ValueKind
from graph.query_builder.sparql_text import Vocabulary
from graph.query_builder.state import Match

_AFTER_ALL_DAYS: Final = "-99"  # sorts after the months of a year and the days of a month
_OPERATORS: Final[dict[Match, str]] = {"is": "=", "least": ">=", "most": "<="}


def value_filter(variable: str, match: Match, kind: ValueKind, value: Term, vocabulary: Vocabulary) -> str:
    """Return the filter that compares `variable`, bound to values of `kind`, with `value`."""
    match kind:
        case "date":
            return f"FILTER({_date(variable, match, value, vocabulary)})"
        case "number":
            return f"FILTER({variable} {_OPERATORS[match]} {vocabulary.value(value)})"
    written = vocabulary.value(text(value.value))
    if match == "is":
        return f"FILTER(LCASE(STR({variable})) = LCASE({written}))"
    return f"FILTER(CONTAINS(LCASE(STR({variable})), LCASE({written})))"


def _date(variable: str, match: Match, value: Term, vocabulary: Vocabulary) -> str:
    """Return the comparison of a date known to the day, the month or the year with another.

    Dates are compared as text, and only what is certain holds: 2017 is not before May 2017.
    """
    written = vocabulary.value(text(value.value))
    if match == "before":
        return f"CONCAT(STR({variable}), {vocabulary.value(text(_AFTER_ALL_DAYS))}) < {written}"
    if match == "from":
        return f"STR({variable}) >= {written}"
    return f"STRSTARTS(STR({variable}), {written})"
