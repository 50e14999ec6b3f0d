"""Values of Python for the terms of a row: https://www.w3.org/TR/xmlschema11-2/."""

import math
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


def json_value(term: Term) -> str | int | float | bool:
    """Return the value of `term` that JSON can hold: a number or a boolean, else its text or IRI.

    JSON has neither infinity nor NaN: https://www.rfc-editor.org/rfc/rfc8259#section-6. They are text, and so
    is a decimal that no float can hold.
    """
    value = python_value(term)
    if isinstance(value, float | Decimal):
        is_nan = isinstance(value, Decimal) and value.is_nan()
        return float(value) if not is_nan and math.isfinite(float(value)) else term.value
    return value if isinstance(value, int) else term.value
