"""Parsing query results."""

import pytest

from graph.core.terms import Term, iri, text
from graph.rdf.results import QueryResults, parse_results, parse_rows


def test_a_select_is_parsed_into_terms() -> None:
    body = b"""{"head": {"vars": ["a", "b"]}, "results": {"bindings": [
      {"a": {"type": "uri", "value": "https://example.org/x"},
       "b": {"type": "literal", "value": "x", "xml:lang": "sv"}},
      {"b": {"type": "literal", "value": "1", "datatype": "https://example.org/int"}},
      {"a": {"type": "bnode", "value": "n"}}]}}"""
    assert parse_results(body) == QueryResults(
        ("a", "b"),
        (
            (iri("https://example.org/x"), text("x", "sv")),
            (None, Term("1", "literal", "", "https://example.org/int")),
            (Term("n", "blank"), None),
        ),
    )


def test_an_ask_is_parsed_into_a_boolean() -> None:
    assert parse_results(b'{"head": {}, "boolean": false}').boolean is False


def test_a_triple_term_becomes_its_n_triples_text() -> None:
    body = b"""{"head": {"vars": ["t"]}, "results": {"bindings": [{"t": {"type": "triple", "value": {
      "subject": {"type": "uri", "value": "x:s"}, "predicate": {"type": "uri", "value": "x:p"},
      "object": {"type": "literal", "value": "o", "xml:lang": "sv"}}}}]}}"""
    assert parse_results(body).rows == ((text('<x:s> <x:p> "o"@sv'),),)


def test_rows_omit_unbound_variables() -> None:
    body = b"""{"head": {"vars": ["a", "b"]}, "results": {"bindings": [
      {"b": {"type": "literal", "value": "x"}}]}}"""
    assert parse_rows(body) == [{"b": text("x")}]
    with pytest.raises(ValueError, match="no rows"):
        parse_rows(b'{"head": {}, "boolean": true}')
