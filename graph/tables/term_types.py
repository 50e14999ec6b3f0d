"""The datatype of a column of RDF terms in CSVW: the most exact one that all of them have."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from graph.core.namespaces import XSD
from graph.core.partial_dates import DATATYPES
from graph.core.terms import Term
from graph.tables.csvw_schema import PARTIAL_DATE

_INTEGERS: Final = (
    *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "unsignedLong"),
    *("unsignedInt", "unsignedShort", "unsignedByte", "nonPositiveInteger", "negativeInteger"),
)
_OTHERS: Final = (
    *(
        "anyURI",
        "base64Binary",
        "boolean",
        "date",
        "dateTime",
        "dateTimeStamp",
        "double",
        "duration",
        "float",
    ),
    *("dayTimeDuration", "yearMonthDuration", "gDay", "gMonth", "gMonthDay", "gYear", "gYearMonth"),
    *("hexBinary", "time"),
)
_NAMES: Final = {XSD + name: name for name in _OTHERS} | {
    **{XSD + name: "integer" for name in _INTEGERS},
    XSD + "decimal": "decimal",
}
"""The types of https://www.w3.org/TR/tabular-data-model/#datatypes; all whole numbers are integers."""
_DATES: Final = frozenset(_NAMES[each] for each in DATATYPES.values())
_TEXT: Final = "string"


class TermType(NamedTuple):
    """A datatype, and the language that all texts have, if they have one."""

    datatype: str = _TEXT
    language: str = ""


def common_type(terms: Iterable[Term | None]) -> TermType:
    """Return what all `terms` are; those that have too little in common, and no terms at all, are text.

    Whole and decimal numbers are decimals together; days, months and years are dates of that precision.
    """
    known = [term for term in terms if term is not None]
    types = {_type(term) for term in known}
    if len(types) == 1:
        (datatype,) = types
    elif types and types <= _DATES:
        datatype = PARTIAL_DATE
    else:
        datatype = "decimal" if types == {"integer", "decimal"} else _TEXT
    languages = {term.language for term in known}
    return TermType(datatype, languages.pop() if datatype == _TEXT and len(languages) == 1 else "")


def _type(term: Term) -> str:
    if term.kind == "iri":
        return "anyURI"
    return _NAMES.get(term.datatype, _TEXT) if term.kind == "literal" else _TEXT
