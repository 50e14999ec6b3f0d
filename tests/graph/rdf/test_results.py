"""Query results as terms."""

from graph.core.terms import Term, iri, text
from graph.rdf.results import Results, read


def test_select() -> None:
    body = b"""{"head": {"vars": ["a", "b"]}, "results": {"bindings": [
      {"a": {"type": "uri", "value": "https://example.org/x"},
       "b": {"type": "literal", "value": "x", "xml:lang": "sv"}},
      {"b": {"type": "literal", "value": "1", "datatype": "https://example.org/int"}},
      {"a": {"type": "bnode", "value": "n"}}]}}"""
    assert read(body) == Results(
        ("a", "b"),
        (
            (iri("https://example.org/x"), text("x", "sv")),
            (None, Term("1", "literal", "", "https://example.org/int")),
            (Term("n", "blank"), None),
        ),
    )


def test_ask() -> None:
    assert read(b'{"head": {}, "boolean": false}').truth is False
