"""What is probably wrong with a query, and the edits that mend it."""

from pathlib import Path

import pytest
from pyoxigraph import Store

from graph.core.namespaces import PREFIXES
from graph.query.lint import Hint, TextEdit, closest, lint, parse
from graph.query.stored import load_checks, load_queries

STORED = {name: query.text for name, query in load_queries().items()}
STORED |= {name: check.text for name, check in load_checks().items()}
DECLARED = "PREFIX e: <http://e.example/>\n"


def hints(text: str) -> list[Hint]:
    query = parse(text)
    assert query
    return lint(query)


def mended(text: str) -> str:
    """Return `text` with every hint on it mended, the last one first."""
    for hint in sorted(hints(text), key=lambda each: -each.fix.start if each.fix else 0):
        assert hint.fix
        text = hint.fix.apply(text)
    return text


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("SELECT * {\n ?a e:b ?c\n ?d e:e ?c\n}", "missing_dot", 3),
        ("SELECT * { ?a e:b ?c ?d e:e ?c }", "missing_dot_before", 2),
        ('SELECT * {\n ?a e:b "x"@sv\n ?d e:e ?a }', "missing_dot", 3),
        ('SELECT * {\n ?a e:b "1"^^e:c\n ?d e:e ?a }', "missing_dot", 3),
        ("SELECT * {\n ?a e:b [ e:f ?c ]\n ?d e:e ?c }", "missing_dot", 3),
        ("SELECT * {\n ?a e:b ?c\n e:e ?c }", "missing_semicolon", 3),
        ("SELECT * {\n ?a a e:B\n e:e/e:f* ?c .\n}", "missing_semicolon", 3),
        ("SELECT * { OPTIONAL { ?a e:b ?c } FILTER NOT EXISTS { ?a e:b ?c\n ?d e:e ?c } }", "missing_dot", 2),
    ],
)
def test_a_missing_mark_is_found_with_its_line_and_makes_the_query_valid(
    text: str, code: str, line: int
) -> None:
    (hint,) = hints(DECLARED + text)
    assert (hint.code, hint.line(DECLARED + text)) == (code, line)
    with pytest.raises(SyntaxError):
        Store().query(DECLARED + text)
    Store().query(mended(DECLARED + text))


def test_a_known_prefix_is_declared_once() -> None:
    text = "SELECT ?x { ?x a uts:Product ; uts:vendor ?y ; rdfs:label ?z }"
    assert [(hint.code, hint.values["name"]) for hint in hints(text)] == [
        ("undeclared_prefix", "uts"),
        ("undeclared_prefix", "rdfs"),
    ]
    both = mended(text)
    assert f"PREFIX uts: <{PREFIXES['uts']}>\n" in both
    assert hints(both) == []


@pytest.mark.parametrize(
    ("prefix", "code"), [("dctermes", "unknown_prefix_meant"), ("wholly-else", "unknown_prefix")]
)
def test_an_unknown_prefix_is_named_with_what_was_meant(prefix: str, code: str) -> None:
    (hint,) = hints(f"SELECT * {{ ?x {prefix}:a ?y }}")
    assert hint.code == code
    assert hint.values.get("meant") == ("dcterms" if code.endswith("meant") else None)


@pytest.mark.parametrize(
    ("text", "code", "name", "meant"),
    [
        ("SELECT ?lable { ?x e:a ?label }", "unbound_variable_meant", "?lable", "?label"),
        ("SELECT ?x { ?x e:a ?label FILTER(?labl > 1) }", "unbound_variable_meant", "?labl", "?label"),
        ("SELECT ?x { ?x e:a ?label } ORDER BY ?other", "unbound_variable", "?other", None),
        (
            "SELECT ?n { ?organisation a e:A . ?organisaton e:b ?n . ?organisation e:c ?n }",
            "lone_variable",
            "?organisaton",
            "?organisation",
        ),
    ],
)
def test_a_misspelt_variable_is_named_with_what_was_meant(
    text: str, code: str, name: str, meant: str | None
) -> None:
    (hint,) = hints(DECLARED + text)
    assert (hint.code, hint.values["name"], hint.values.get("meant")) == (code, name, meant)
    assert not meant or hints(mended(DECLARED + text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?n { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } BIND(?n + 1 AS ?m) VALUES ?v { 1 } }",
        "SELECT ?a ?b { VALUES (?a ?b) { (1 2) } GRAPH ?g { ?s e:p (1 ?c), -1, true ; e:q [ e:r ?d ] } }",
        "SELECT ?organisationA ?organisationB { ?organisationA e:a ?x . ?organisationB e:a ?x }",
        "SELECT * { ?s (e:a|^e:b)/!(e:c|^e:d)+ ?o . ?o e:x ?lat , ?lon . }",
        "SELECT ?s { ?s e:a ?o FILTER EXISTS { ?o e:b ?q } } VALUES ?s { e:x }",
        "CONSTRUCT { ?s e:a _:b } WHERE { ?s e:a ?o }",
    ],
)
def test_a_valid_query_has_no_hint(text: str) -> None:
    Store().query(DECLARED + text)
    assert hints(DECLARED + text) == []


@pytest.mark.parametrize("name", STORED)
def test_the_stored_queries_have_no_hint(name: str) -> None:
    assert hints(STORED[name]) == []


def test_no_mark_is_missing_in_the_valid_queries_of_the_w3c_suite(shared: Path) -> None:
    count = 0
    for file in sorted((shared / "suites" / "rdf-tests").rglob("*.rq")):
        text = file.read_text("utf-8", errors="replace")
        try:
            Store().query(text, base_iri="http://e.example/")
        except (SyntaxError, RuntimeError):  # the latter for a function that the engine lacks
            continue
        query = parse(text)
        count += query is not None
        assert [hint for hint in lint(query) if hint.code != "unbound_variable"] == [] if query else True, (
            file
        )
    assert count > 900


def test_tokens_that_are_not_sparql_have_no_hints() -> None:
    assert parse("SELECT * { ?a ?b ") is None
    assert parse("SELECT \x00") is None


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("adoptor", "adopter"),
        ("munincipalty", "municipality"),
        ("lat", None),
        ("other", None),
        ("ADOPTER", "adopter"),
    ],
)
def test_the_closest_word_is_at_most_two_letters_away(word: str, expected: str | None) -> None:
    assert closest(word, ("adopter", "municipality", "law")) == expected


def test_a_gap_is_told_only_after_an_object() -> None:
    assert hints("SELECT ?x WHERE {\n ?x a a b }") == []


def test_an_edit_replaces_a_part() -> None:
    assert TextEdit(1, 2, "xy").apply("abc") == "axyc"
