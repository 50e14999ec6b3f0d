"""Rows as an agent reads them are JSON, whatever their terms are."""

import json

import pytest

from graph.core.namespaces import XSD
from web.mcp.sparql_json import read_rows


@pytest.mark.parametrize(
    ("datatype", "value", "expected"),
    [
        ("integer", "7", 7),
        ("integer", "seven", "seven"),
        ("decimal", "1.50", 1.5),
        ("double", "1e3", 1000.0),
        ("decimal", "9" * 400, "9" * 400),  # more than a float holds
        ("decimal", "sNaN", "sNaN"),
        ("double", "INF", "INF"),
        ("double", "NaN", "NaN"),
        ("boolean", "true", True),
        ("gYear", "2017", "2017"),
    ],
)
def test_a_term_has_its_value_in_json(datatype: str, value: str, expected: object) -> None:
    term = {"type": "literal", "value": value, "datatype": XSD + datatype}
    document = {"head": {"vars": ["x", "unbound"]}, "results": {"bindings": [{"x": term}]}}
    columns, rows = read_rows(document)
    assert columns == ("x", "unbound")
    assert json.loads(json.dumps(rows, allow_nan=False)) == [{"x": expected}]
