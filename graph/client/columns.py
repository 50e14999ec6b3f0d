"""Values of Python for the terms of a row: https://www.w3.org/TR/xmlschema11-2/."""

from decimal import Decimal
from typing import Final

from graph.core.namespaces import XSD
from graph.core.terms import Term

_TYPES: Final = {
    **dict.fromkeys((XSD + name for name in ("integer", "int", "long", "nonNegativeInteger")), int),
    XSD + "decimal": Decimal,
    **dict.fromkeys((XSD + name for name in ("double", "float")), float),
}


def python_value(term: Term | None) -> object:
    """Return the number or the boolean that `term` is, else its text or IRI; dates stay text.

    A date may be a year or a month, which Python's dates cannot be. None is for None.
    """
    if term is None or term.kind != "literal":
        return term.value if term else None
    if term.datatype == XSD + "boolean":
        return term.value in {"true", "1"}
    try:
        return _TYPES.get(term.datatype, str)(term.value)
    except (ValueError, ArithmeticError):  # not written as its type says
        return term.value
