"""Functions that the engine lacks: which they are, and where a query calls them."""

import pytest

from graph.query.functions import is_available, unknown_functions
from graph.query.lint import parse

XSD = "http://www.w3.org/2001/XMLSchema#"
DECLARED = f"PREFIX xsd: <{XSD}> PREFIX e: <http://example.org/> "


@pytest.mark.parametrize(
    ("iri", "available"),
    [(f"{XSD}date", True), (f"{XSD}long", False), ("urn:f", False), ("f", True), ("urn:a b", True)],
)
def test_the_engine_says_which_functions_it_has(iri: str, available: bool) -> None:
    assert is_available(iri) is available


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("SELECT (e:f(?x) AS ?y) { ?x e:p (1 2) }", ["e:f"]),
        ("SELECT ?x { ?x e:p ?y FILTER e:f(?y) FILTER(e:f(?y) && xsd:date(?y) < e:g(1)) }", ["e:f", "e:g"]),
        ("SELECT ?x { ?x e:p ?y } ORDER BY <urn:f>(?y)", ["<urn:f>"]),
        ("SELECT ?x { ?x e:p (1 2) ; e:q/e:r (3) . FILTER(STRLEN(?x) > xsd:integer(1)) }", []),
    ],
)
def test_a_call_is_found_where_it_is_first(text: str, called: list[str]) -> None:
    query = parse(DECLARED + text)
    assert query
    hints = list(unknown_functions(query))
    assert [hint.values["name"] for hint in hints] == called
    for hint in hints:
        assert query.text[hint.start : hint.end] == hint.values["name"]
        assert query.text.index(hint.values["name"]) == hint.start
