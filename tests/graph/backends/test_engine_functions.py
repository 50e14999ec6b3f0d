import pytest

from graph.backends import engine_functions
from graph.core.errors import Forbidden

PREFIXES = """
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX ex: <http://example.org/>
PREFIX b: <bi>
"""


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (xsd:integer('1') AS ?x) WHERE {}",
        "SELECT * WHERE { ?s ex:list (1 2) }",
        "SELECT * WHERE { ?s ex:a/(ex:b|ex:c) ?o FILTER(?o > 1) }",
        "SELECT * WHERE { (ex:a (ex:b)) ex:c ?o }",
        "SELECT * WHERE { VALUES (?x ?y) { (ex:a ex:b) } FILTER xsd:boolean(?x) }",
        "SELECT ('<bif:http_get>(' AS ?x) WHERE {} # <bif:http_get>()",
        "SELECT (STR(ex:a) AS ?x) WHERE { ?s a ex:bif , <http://bif:1/> }",
        "ASK FROM ex:g { ?s ex:p '\\u00e5' }",
    ],
)
def test_what_sparql_itself_says_may_be_said(text: str) -> None:
    engine_functions.check(PREFIXES + text)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (<bif:http_get>('http://x/') AS ?x) WHERE {}",
        "SELECT (<BIF:http_get>('http://x/') AS ?x) WHERE {}",
        "SELECT (<\\u0062if:http_get>('http://x/') AS ?x) WHERE {}",
        "SELECT (b:f:http_get('http://x/') AS ?x) WHERE {}",
        "SELECT (b:f\\:http_get('http://x/') AS ?x) WHERE {}".replace("\\:", ":"),
        "SELECT * WHERE { ?s <bif:contains> 'x' }",
        "SELECT * WHERE { ?s <java:org.example.Magic> 'x' }",
        "SELECT (<sql:f>() AS ?x) WHERE {}",
        "SELECT (ex:f(1) AS ?x) WHERE {}",
        "SELECT * WHERE { FILTER ex:f(1) }",
        "SELECT * WHERE { FILTER(1 < ex:f(1)) }",
        "SELECT * WHERE { BIND(ex:f(1) AS ?x) }",
        "SELECT * WHERE { ?s ?p ?o } ORDER BY ex:f(?o)",
        "SELECT * WHERE { ?s ?p ?o } GROUP BY ex:f(?o)",
        "SELECT * WHERE { { SELECT (ex:f(1) AS ?x) WHERE {} } }",
        "BASE <bif:> SELECT (<http_get>('http://x/') AS ?x) WHERE {}",
        "PREFIX b: <bif:> SELECT (b:http_get('http://x/') AS ?x) WHERE {}",
    ],
)
def test_functions_of_an_engine_are_refused(text: str) -> None:
    if not text.startswith(("BASE", "PREFIX")):
        text = PREFIXES + text
    with pytest.raises(Forbidden, match="is a function"):
        engine_functions.check(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("\\u0053ELECT", "SELECT"),
        ("\\U00000053ELECT", "SELECT"),
        ("'\\u0022'", "'\"'"),
        ("\\ud800 \\uDFFF \\U00110000 \\u12", "\\ud800 \\uDFFF \\U00110000 \\u12"),
    ],
)
def test_escapes_are_decoded_wherever_they_stand(text: str, meant: str) -> None:
    assert engine_functions.decoded(text) == meant
