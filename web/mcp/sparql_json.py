"""Rows of SPARQL's JSON as an agent reads them: https://www.w3.org/TR/sparql11-results-json/."""

from typing import Any

from graph.core.python_values import json_value
from graph.rdf.results import results_of_document

Row = dict[str, Any]


def read_rows(document: dict[str, Any]) -> tuple[tuple[str, ...], list[Row]]:
    """Return the columns and the rows of a `document`; a column that is unbound is not in its row."""
    found = results_of_document(document)
    return found.columns, [
        {name: json_value(term) for name, term in zip(found.columns, row, strict=True) if term}
        for row in found.rows
    ]
