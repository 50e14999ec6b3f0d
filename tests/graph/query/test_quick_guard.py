"""The fast path returns the verdict of the guard, or one on text that the engine refuses as not SPARQL."""

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graph.core.errors import BadInput
from graph.query import guard
from graph.query.evaluate import evaluate
from graph.query.quick_guard import quick_check
from graph.query.store import ReleaseStore
from graph.rdf.query_types import QueryRequest

BASE = "http://example.org/base/"
WORDS = [
    *(
        "SELECT",
        "ask",
        "Construct",
        "DESCRIBE",
        "PREFIX",
        "BASE",
        "WHERE",
        "FILTER",
        "a",
        "GRAPH",
        "BIND",
        "AS",
    ),
    *(
        "INSERT",
        "DROP ALL",
        "SERVICE",
        "serv",
        "ice",
        "NOW()",
        "rand()",
        "BNODE",
        "VERSION",
        "SELECTDISTINCT",
    ),
    *(
        "<http://x/#service>",
        "<p>",
        "<",
        ">",
        "<<",
        ">>",
        "?s",
        "$o",
        "?ö",
        "a:",
        "a:b",
        "a:b.c",
        ":",
        "filter:x",
    ),
    *(
        "_:b",
        "1",
        "1.5",
        "'o'",
        '"""o"""',
        "'",
        "'it\\'s'",
        "'\\u0027'",
        "@sv",
        "^^",
        "true",
        "# x\n",
        "#\\\r",
    ),
    *(
        "{",
        "}",
        "(",
        ")",
        "[",
        "]",
        ".",
        ";",
        ",",
        "*",
        "=",
        "&&",
        "||",
        "!",
        "\u017fervice",
        "\\u0053ERVICE",
    ),
]
TOKEN_SEQUENCES = st.lists(st.sampled_from(WORDS), max_size=14).flatmap(
    lambda words: st.lists(st.sampled_from([" ", "", "\n"]), min_size=len(words), max_size=len(words)).map(
        lambda gaps: "".join(word + gap for word, gap in zip(words, gaps, strict=True))
    )
)
STORE = ox.Store()


def engine_accepts(text: str) -> bool:
    try:
        STORE.query(text, base_iri=BASE)
    except SyntaxError:
        return False
    return True


@pytest.mark.slow
@given(inner=TOKEN_SEQUENCES, outer=TOKEN_SEQUENCES)
@settings(max_examples=1500, deadline=None)
@example(inner="?s ?p ?o", outer="SELECT * ")
@example(inner="?s a:p ?o", outer="PREFIX a: <http://a/> ASK ")
def test_the_fast_path_agrees_with_the_guard(inner: str, outer: str) -> None:
    for text in (inner, f"{outer}{{ {inner} }}", f"ASK {{ {inner} }}", f"SELECT * {{ {inner} }} {outer}"):
        verdict = quick_check(text, 100)
        if verdict is None:
            continue
        try:
            assert verdict == guard.check_query(text, base_iri=BASE)
        except BadInput:
            assert not engine_accepts(text)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * WHERE { ?s ?p 'o'@sv } LIMIT 5", "bindings"),
        ("# why\nBASE <http://b/>\nPREFIX a: <http://a/> # so\nask { ?s a:p <x#y> }", "boolean"),
        ("CONSTRUCT { ?s ?p ?o } WHERE { { ?s ?p ?o } UNION { ?s <p>/^<q>* ?o FILTER(?o > 1) } }", "graph"),
        ("PREFIX a: <http://a/> SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a:p ?o } GROUP BY ?o", "bindings"),
    ],
)
def test_a_usual_query_is_known_at_a_glance(text: str, form: str) -> None:
    assert quick_check(text, 100) == (form, True)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { SERVICE <http://x/> {} }",
        "ASK { ?s ?p 'service' }",
        "ASK { ?s ?p ?o } # Service",
        "SELECT (NOW() AS ?now) {}",
        "ASK { ?s ?p '\\u0027' }",
        "SELECTDISTINCT ?s { ?s ?p ?o }",
        "INSERT DATA { <a:s> <a:p> 1 }",
        "",
        "ASK {}\0",
        "ASK " + "{" * 101 + "}" * 101,
        "SELECT * { ?s ?p <a b> }",
    ],
)
def test_doubtful_text_is_left_to_the_guard(text: str) -> None:
    assert quick_check(text, 100) is None


def test_a_query_that_the_engine_refuses_has_the_error_of_the_guard() -> None:
    question = QueryRequest("ASK { ?s a:p ?o }", {"boolean": "application/sparql-results+json"})
    assert quick_check(question.text, 100)
    with pytest.raises(BadInput, match="The prefix “a:” is not declared"):
        evaluate(ReleaseStore(STORE, union=False), question)
