"""Tokens of SPARQL, and their contexts."""

import pytest

from graph.core.errors import BadInput
from graph.query.lexer import BracketContext, line_and_column, tokenize


def kinds(text: str) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \t\r\n# only a comment", []),
        ("#a\r<b>#c\n<d>", [("IRI", "<b>"), ("IRI", "<d>")]),
        ("<http://example.org/#a'b>", [("IRI", "<http://example.org/#a'b>")]),
        (r"<\u0041\U00000042>", [("IRI", r"<\u0041\U00000042>")]),
        ("?a$b_1", [("VARIABLE", "?a"), ("VARIABLE", "$b_1")]),
        ("?å·b", [("VARIABLE", "?å·b")]),
        ("<p>?", [("IRI", "<p>"), ("MARK", "?")]),
        ("_:b.c.", [("BLANK", "_:b.c"), ("MARK", ".")]),
        ("a:b.c.", [("NAME", "a:b.c"), ("MARK", ".")]),
        (r"a:\~b%41\#c #d", [("NAME", r"a:\~b%41\#c")]),
        (": a: :b", [("NAME", ":"), ("NAME", "a:"), ("NAME", ":b")]),
        ("true.a:b", [("NAME", "true.a:b")]),
        ("1.5e-3SERVICE", [("NUMBER", "1.5e-3"), ("WORD", "SERVICE")]),
        (".5 5. 5", [("NUMBER", ".5"), ("NUMBER", "5."), ("NUMBER", "5")]),
        ("'' \"\"", [("STRING", "''"), ("STRING", '""')]),
        ("'a\"b\\'#c'", [("STRING", "'a\"b\\'#c'")]),
        ("'''a'b''c\n'''", [("STRING", "'''a'b''c\n'''")]),
        ('"""a""b\\""""', [("STRING", '"""a""b\\""""')]),
        (
            "'a'@en--ltr^^<d>",
            [("STRING", "'a'"), ("LANGUAGE", "@en--ltr")] + [("MARK", "^")] * 2 + [("IRI", "<d>")],
        ),
        (
            "<<(?s ?p ?o)>>",
            [("MARK", "<<"), ("MARK", "(")]
            + [("VARIABLE", f"?{v}") for v in "spo"]
            + [("MARK", ")"), ("MARK", ">>")],
        ),
    ],
)
def test_each_kind_of_token(text: str, expected: list[tuple[str, str]]) -> None:
    assert kinds(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "FILTER(1 <2&&3> 2)",
        "FILTER(?a<?b&&'x>'!='')",
        "SELECT (?a<?b&&?c>?d AS ?x)",
        "FILTER(EXISTS{}<?b&&?c>?d)",
        "FILTER('a'@en<?b&&?c>?d)",
        "FILTER(true<?b&&?c>?d)",
        "FILTER(STR(?a)<?b&&?c>?d)",
        "FILTER <f>(?a<?b&&?c>?d)",
        "FILTER f:g(?a<?b&&?c>?d)",
        "{ ?s ?p ?o } ORDER BY ?s(?a<?b&&?c>?d)",
        "{ SELECT * { } GROUP BY ?s(?a<?b&&?c>?d AS ?z) }",
    ],
)
def test_less_than_is_an_operator_in_expressions(text: str) -> None:
    assert ("MARK", "<") in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "{ ?s <http://example.org/p#> ?o }",
        "{ ?s ?p (1 <http://example.org/p#> ?o) }",
        "{ ?s a (1 <http://example.org/p#>) }",
        "VALUES (?a ?b) { (1 <http://example.org/p#>) (UNDEF <http://example.org/p#>) }",
        "FILTER(<<(?s <http://example.org/p#> ?o)>> = ?x)",
        "FILTER(?a = <http://example.org/p#> || ?a IN (?b, <http://example.org/p#>))",
        "FILTER(?a<<http://example.org/p#>)",
        "{ ?s (<http://example.org/p#>|^<http://example.org/p#>)* ?o }",
    ],
)
def test_less_than_begins_an_iri_elsewhere(text: str) -> None:
    iris = [word for kind, word in kinds(text) if kind == "IRI"]
    assert iris
    assert set(iris) == {"<http://example.org/p#>"}


def test_a_token_has_the_context_of_its_bracket() -> None:
    contexts = {
        token.text: token.context
        for token in tokenize("SELECT ?a { ?b ?p (?c) FILTER(?d) { SELECT ?e {} } }")
    }
    assert contexts["?a"] is contexts["?e"] is BracketContext.SELECT
    assert contexts["?b"] is BracketContext.PATTERN
    assert contexts["?c"] is BracketContext.TERMS
    assert contexts["?d"] is BracketContext.EXPRESSION


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("ASK { 'a\nb' }", "line 1, column 7"),
        ('ASK\r\n{ ?s ?p "a }', "line 2, column 9"),
        ("ASK { '''a'\r}", "line 1, column 7"),
        ("ASK { '\\q' }", "line 1, column 7"),
        ("ASK { '\\uD83D\\uDE00' }", "line 1, column 7"),
        ("ASK { '\\U00110000' }", "line 1, column 7"),
        ("ASK { <a b> }", "line 1, column 7"),
        ("ASK { ?s \\u0053ERVICE }", "line 1, column 10"),
        ("ASK\u00a0{}", "line 1, column 4"),
        ("ASK\x0b{}", "line 1, column 4"),
        ("ASK { ] }", "line 1, column 7"),
        ("}", "line 1, column 1"),
        ("ASK {", "line 1, column 6"),
    ],
)
def test_an_invalid_token_is_refused_with_its_place(text: str, where: str) -> None:
    with pytest.raises(BadInput) as refused:
        tokenize(text)
    assert refused.value.faults[0].where == where


def test_all_line_ends_are_counted() -> None:
    assert line_and_column("a\nb\r\nc\rd", 7) == "line 4, column 1"


@pytest.mark.slow
def test_long_texts_take_linear_time() -> None:
    for text in ("'" * 200_000, "'''" + "\\t'" * 200_000, "<" * 200_000, "a." * 200_000, "#\r" * 200_000):
        try:
            tokenize(text)
        except BadInput:
            continue


def test_reified_triples_are_nested_like_brackets() -> None:
    assert tokenize("ASK { " + "<< " * 20 + "?s ?p 1" + " >> ?p ?q" * 20 + " }")
    with pytest.raises(BadInput, match="nested"):
        tokenize("ASK { " + "<< " * 1000 + "?s ?p 1" + " >> ?p ?q" * 1000 + " }")
