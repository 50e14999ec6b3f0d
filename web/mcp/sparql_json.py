"""Rows of SPARQL's JSON as an agent reads them: https://www.w3.org/TR/sparql11-results-json/."""

import json
from typing import Any, Final

from graph.core.namespaces import XSD

Row = dict[str, str | int | float | bool]
_INTEGERS: Final = {XSD + name for name in ("integer", "int", "long", "nonNegativeInteger")}
_NUMBERS: Final = {XSD + name for name in ("decimal", "double", "float")}


def parse_rows(body: bytes) -> tuple[list[str], list[Row], dict[str, Any]]:
    """Return the columns, the rows, and the whole document; a column that is unbound is not in its row."""
    document: dict[str, Any] = json.loads(body)
    rows = [
        {name: _value(term) for name, term in binding.items()} for binding in document["results"]["bindings"]
    ]
    return document["head"]["vars"], rows, document


def _value(term: dict[str, str]) -> str | int | float | bool:
    """Return a term as JSON has it: numbers and booleans as such, all else as text."""
    datatype, value = term.get("datatype"), term["value"]
    try:
        if datatype in _INTEGERS:
            return int(value)
        if datatype in _NUMBERS:
            return float(value)
    except ValueError:
        return value
    return value == "true" if datatype == f"{XSD}boolean" and value in ("true", "false") else value
