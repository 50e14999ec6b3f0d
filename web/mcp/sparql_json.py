"""Rows of SPARQL's JSON as an agent reads them: https://www.w3.org/TR/sparql11-results-json/."""

import math
from decimal import Decimal
from typing import Any

from graph.client.columns import python_value
from graph.core.terms import Term
from graph.rdf.results import results_of_document

Row = dict[str, Any]


def read_rows(document: dict[str, Any]) -> tuple[tuple[str, ...], list[Row]]:
    """Return the columns and the rows of a `document`; a column that is unbound is not in its row."""
    found = results_of_document(document)
    return found.columns, [
        {name: _json_value(term) for name, term in zip(found.columns, row, strict=True) if term}
        for row in found.rows
    ]


def _json_value(term: Term) -> object:
    """Return a term as JSON has it: numbers and booleans as such, all else as text, also INF and NaN."""
    value = python_value(term)
    if isinstance(value, Decimal):
        return float(value)
    return term.value if isinstance(value, float) and not math.isfinite(value) else value
