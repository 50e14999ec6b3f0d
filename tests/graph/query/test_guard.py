"""The guard: updates and calls are refused however they are spelled, other queries are allowed."""

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.core.errors import BadInput, Forbidden, UtsagaError
from graph.query import guard

BASE = "http://example.org/base/"
LONG = "x" * 131_000


def verdict(text: str, allowed: frozenset[str] = frozenset()) -> str:
    try:
        guard.check_query(text, base_iri=BASE, allowed_services=allowed)
    except UtsagaError as error:
        return type(error).__name__
    return "allowed"


MENTIONS = [
    "ASK { ?s ?p 'SERVICE <http://x/> {}' }",
    'ASK { ?s ?p """DROP ALL; \' SERVICE <http://x/> {}""" }',
    "ASK { ?s ?p '''it's \" SERVICE <http://x/> {}''' }",
    "ASK { ?s <http://example.org/service#DELETE> ?o }",
    "ASK { ?s ?p (1 <http://example.org/SERVICE#x>) }",
    "ASK { VALUES (?a ?b) { (1 <http://example.org/SERVICE#x>) } }",
    "# SERVICE <http://x/> {}\nASK { } # INSERT DATA {}",
    "ASK # it's SERVICE\r{ ?s ?p 'o' }",
    "PREFIX service: <http://example.org/service/> ASK { ?s a service:Load ; service:delete service:insert }",
    "PREFIX service: <http://x/> ASK { GRAPH service:x { ?s ?p ?o } FILTER service:f(?o) }",
    "PREFIX service: <http://x/> SELECT * FROM service:x { ?s ?p ?o }",
    "PREFIX filter: <http://x/> ASK { ?s filter:p ?o FILTER(filter:f(?o)) }",
    "PREFIX a: <http://x/> ASK { ?s a:SERVICE <http://y/> . ?s a:b.SERVICE ?o }",
    "SELECT ?service $load { ?service ?delete $load }",
    "ASK { ?s ?p _:service . _:insert ?p 'x'@en-service }",
    "SELECT * { FILTER(1 <2&&3>2) ?s ?p 'SERVICE' }",
    "ASK { FILTER(?a<?b) ?s <http://x/#SERVICE> ?o FILTER(?c>?d) }",
    r"ASK { ?s ?p '\u0022 SERVICE <http://x/> {} \u0022' }",
]


@pytest.mark.parametrize("text", MENTIONS)
def test_words_in_strings_names_and_comments_are_allowed(text: str) -> None:
    assert verdict(text) == "allowed"


@pytest.mark.parametrize(
    "text",
    [
        f"{LONG}",
        f"SELECT * {{ {LONG} }}",
        f"SELECT * {{ ?s {LONG}:p ?o }}",
        f"SELECT * {{ SERVICE <http://example.org/{LONG}> {{}} }}",
        f"PREFIX service: <http://x/> SELECT * {{ service:{LONG} {{ }} }}",
        f"SELECT * {{ SERVICE <http://[{LONG}> {{}} }}",
    ],
)
def test_a_message_quotes_no_more_than_sixty_characters_of_the_query(text: str) -> None:
    with pytest.raises(UtsagaError) as caught:
        guard.check_query(text, base_iri=BASE)
    (fault,) = caught.value.faults
    quoted = max(re.findall(r"x*[^x]?x*", f"{fault.message} {fault.remedy}"), key=len)
    assert 40 <= len(quoted) <= 60
    assert "…" in fault.message


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <a:s> <a:p> 1 }",
        "insert data { <a:s> <a:p> 1 }",
        "PREFIX a: <a:> DELETE WHERE { ?s a:p ?o }",
        "# SELECT\nDELETE DATA { <a:s> <a:p> 1 }",
        "WITH <a:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "LOAD <http://127.0.0.1/>",
        "LOAD SILENT <http://127.0.0.1/> INTO GRAPH <a:g>",
        "CLEAR ALL",
        "DROP SILENT GRAPH <a:g>",
        "CREATE GRAPH <a:g>",
        "COPY <a:g> TO <a:h>",
        "MOVE DEFAULT TO <a:h>",
        "ADD <a:g> TO DEFAULT",
        "INSERT DATA { } ; DROP ALL",
    ],
)
def test_every_update_is_malformed(text: str) -> None:
    with pytest.raises(BadInput, match="read-only") as refused:
        guard.check_query(text, base_iri=BASE)
    assert refused.value.faults[0].where.startswith("line ")


@pytest.mark.parametrize(
    "text",
    ["ASK {} ; DROP ALL", "SELECT * { ?s ?p ?o } INSERT DATA { <a:s> <a:p> 1 }", "ASK { DELETE }"],
)
def test_an_update_after_a_query_is_malformed(text: str) -> None:
    assert verdict(text) == "BadInput"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing",
        "SELEKT * {}",
        "PREFIX a: <a:>",
        "PREFIX a:b <a:> ASK {}",
        "PREFIXa:<a:> ASK {}",
        "BASE ASK {}",
        "EXPLAIN SELECT * {}",
        "SELECTDISTINCT ?s { ?s ?p ?o }",
        "ASK { ?s b:p ?o }",
        "DELETE { ?s ?p [] } WHERE { ?s ?p ?o }",
        "INSERT DATA { ?s ?p ?o }",
        "CLEAR XYZ",
        "ASK { ?s <http://[> 'x' . ?s ?p \ud800 }",
    ],
)
def test_text_that_is_neither_a_query_nor_an_update_is_bad_input(text: str) -> None:
    assert verdict(text) == "BadInput"


def test_a_refusal_has_a_reason_and_a_place() -> None:
    with pytest.raises(Forbidden) as refused:
        guard.check_query("SELECT *\n{ ?s ?p ?o .\n  SERVICE <http://x/> { } }", base_iri=BASE)
    fault = refused.value.faults[0]
    assert fault.where == "line 3, column 3"
    assert "read-only" in fault.message
    assert "SERVICE calls <http://x/>" in fault.message


ALLOWED = frozenset({"http://allowed.example/sparql"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ASK { SERVICE <http://allowed.example/sparql> {} }", "allowed"),
        ("ASK { service silent <http://allowed.example/sparql> {} }", "allowed"),
        ("BASE <http://allowed.example/x> ASK { SERVICE <sparql> {} }", "allowed"),
        ("BASE <http://allowed.example/> BASE <y/> PREFIX a: <../> ASK { SERVICE a:sparql {} }", "allowed"),
        (r"ASK { SERVICE <http://allowed.example/\u0073parql> {} }", "allowed"),
        (
            "PREFIX a: <http://other/> PREFIX a: <http://allowed.example/> ASK { SERVICE a:sparql {} }",
            "allowed",
        ),
        (
            "PREFIX a: <http://allowed.example/> PREFIX a: <http://other/> ASK { SERVICE a:sparql {} }",
            "Forbidden",
        ),
        ("ASK { SERVICE <http://allowed.example/sparql#> {} }", "Forbidden"),
        ("ASK { SERVICE <http://ALLOWED.example/sparql> {} }", "Forbidden"),
        ("ASK { SERVICE <http://allowed.example@evil/sparql> {} }", "Forbidden"),
        ("ASK { SERVICE <sparql> {} }", "Forbidden"),
        ("ASK { SERVICE ?s {} }", "Forbidden"),
        ("ASK { SERVICE $s {} }", "Forbidden"),
        ("ASK { SERVICE <http://allowed.example/sparql> { SERVICE <http://evil/> {} } }", "Forbidden"),
        ("PREFIX SILENTa: <http://allowed.example/> ASK { SERVICE SILENTa:sparql {} }", "Forbidden"),
        ("ASK { SERVICE", "BadInput"),
        ("ASK SERVICE", "Forbidden"),
    ],
)
def test_services_are_allowed_by_their_resolved_iri(text: str, expected: str) -> None:
    assert verdict(text, ALLOWED) == expected


def separators(words: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    comment = st.builds("#{}{}".format, words, st.sampled_from(["\n", "\r"]))
    return st.lists(st.one_of(st.sampled_from([" ", "\t", "\r\n"]), comment), min_size=1, max_size=3).map(
        "".join
    )


LINE = st.one_of(
    st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(
        [" SERVICE <http://x/> {}", "'", '"""', "<", "} INSERT DATA {", "\\", "\\u000A DROP ALL"]
    ),
)
STRING = st.one_of(
    st.text(st.characters(exclude_characters="\r\n'\"\\", exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(["SERVICE <http://x/> {}", "#", "} ; DROP ALL", "<", "\\'", '\\"', "\\\\", "\\u0027"]),
)
PLAIN = [
    "SELECT ?s WHERE { ?s ?p 'o' . FILTER ( 1 < 2 && 3 > 2 ) }",
    "BASE <http://b/> PREFIX a: <http://a/> ASK { ?s a:p <x#y> ; a a:B }",
    "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } OPTIONAL { ?o <p> ( 1 <q> ) } } LIMIT 5",
    "SELECT ( ?a < ?b AS ?c ) { VALUES ( ?a ?b ) { ( 1 <x> ) } } GROUP BY ?a ORDER BY ?b",
    "ASK { SERVICE <http://x/> { ?s ?p ?o } }",
    "ASK { FILTER ( ?a < ?b ) SERVICE ?s { } }",
    "PREFIX a: <http://a/> ASK { ?s ?p ?o . SERVICE SILENT a:x { } }",
    "INSERT DATA { <a:s> <a:p> 'o' }",
    "PREFIX a: <http://a/> DROP GRAPH a:g",
]


@pytest.mark.parametrize("text", PLAIN)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_comments_and_spaces_never_change_the_verdict(text: str, data: st.DataObject) -> None:
    between = separators(LINE)
    wrapped = "".join(word + data.draw(between) for word in text.split(" "))
    assert verdict(data.draw(between) + wrapped) == verdict(text)


@pytest.mark.parametrize("quote", ["'", '"', "'''", '"""'])
@given(content=st.lists(STRING, max_size=4).map("".join))
@settings(max_examples=60, deadline=None)
def test_strings_never_change_the_verdict(quote: str, content: str) -> None:
    string = f"{quote}{content}{quote}"
    assert verdict(f"ASK {{ ?s ?p {string} }}") == "allowed"
    assert verdict(f"ASK {{ ?s ?p {string} . SERVICE <http://x/> {{}} }}") == "Forbidden"
    assert verdict(f"INSERT DATA {{ <a:s> <a:p> {string} }}") == "BadInput"


class Canary:
    """A local endpoint that counts its calls, and a store with solutions to join with a call."""

    def __init__(self) -> None:
        self.calls = 0
        canary = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                canary.calls += 1
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                body = b'{"head":{"vars":[]},"results":{"bindings":[{}]}}'
                self.send_response(200)
                self.send_header("Content-Type", "application/sparql-results+json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST  # noqa: N815 # the name that http.server expects

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"
        self.store = ox.Store()
        node = ox.NamedNode("http://a/s")
        for value in (ox.Literal("x>"), ox.Literal(1), ox.Literal(True), ox.NamedNode("http://x:")):
            self.store.add(ox.Quad(node, ox.NamedNode("http://a/p"), value))

    def is_called_by(self, text: str) -> bool:
        """Run the query without the guard; return whether it called the endpoint."""
        before = self.calls
        try:
            result = self.store.query(text, base_iri=self.url)
            if not isinstance(result, ox.QueryBoolean):
                for _ in zip(range(20), result, strict=False):
                    pass
        except (SyntaxError, RuntimeError, OSError, ValueError):
            pass
        return self.calls > before


@pytest.fixture(scope="module")
def canary() -> Iterator[Canary]:
    canary = Canary()
    thread = threading.Thread(target=canary.server.serve_forever, daemon=True)
    thread.start()
    yield canary
    canary.server.shutdown()
    canary.server.server_close()
    thread.join()


@pytest.mark.parametrize(
    "text",
    [
        "ASK { SERVICE <U> {} }",
        "ASK{SERVICE<U>{}}",
        "ASK { SERVICESILENT<U>{} }",
        "ASK { SERVICE#>\r<U>{} }",
        "PREFIX a: <U> ASK { SERVICEa:x{} }",
        "PREFIX a: <U> ASK { ?s ?p trueSERVICEa:x{} }",
        "PREFIX a: <U> ASK { ?s ?p true.SERVICEa:x{} }",
        "PREFIX a: <U> PREFIX SERVICEa: <http://z/> ASK { SERVICEa:x{} }",
        "PREFIX a: <U> PREFIX trueSERVICEa: <http://z/> ASK { ?s ?p ?o SERVICE a:x{} }",
        "PREFIX : <U> PREFIX SERVICE: <http://z/> ASK { ?s ?p ?o SERVICE:x{} }",
        "PREFIX a: <U> PREFIX SILENTa: <http://z/> ASK { SERVICE SILENTa:x {} }",
        "PREFIX a: <http://x:> ASK { ?s ?p a:SERVICE<U>{} }",
        "ASK { VALUES ?x { '''a' } #\\uD800\n SERVICE <U> {} VALUES ?y {'b'''} }",
        "ASK { VALUES ?x { '''a' } #\\q\n SERVICE <U> {} VALUES ?y {'b'''} }",
        "SELECT (1 AS ?a) (?b<?c&&'x>' AS ?y) { SERVICE <U> {} } #'",
        "ASK { FILTER(1<?b&&'x>' || true) SERVICE <U> {} }",
        "PREFIX a: <U> ASK { FILTER(1<2)SERVICE#>\n a:x {} }",
        "ASK { ?s ?p 1SERVICE<U>{} }".replace("1", '"x>"'),
        "BASE <U> ASK { LATERAL { SERVICE <x> {} } }",
        "PREFIX FILTERa: <http://y/> PREFIX a: <http://www.w3.org/2001/XMLSchema#> "
        "ASK { FILTERa:boolean(1<2||'x>'='')SERVICE<U>{} } #'",
    ],
)
def test_every_spelling_that_the_engine_takes_for_a_call_is_refused(text: str, canary: Canary) -> None:
    text = text.replace("<U>", f"<{canary.url}>")
    assert canary.is_called_by(text)
    assert verdict(text) != "allowed"


PROLOGUE = [
    "PREFIX a:<U>",
    "PREFIX :<U>",
    "BASE <U>",
    "PREFIX e:<http://x:>",
    *(
        f"PREFIX {prefix}:<http://z/>"
        for prefix in ("SERVICE", "SERVICEa", "FILTERa", "trueSERVICEa", "SILENTa")
    ),
]
CALLS = [
    *(
        "SERVICE<U>{}",
        "SERVICE SILENT<U>{}",
        "SERVICESILENTa:x{}",
        "SERVICEa:x{}",
        "SERVICE:x{}",
        "SERVICE a:x{}",
    ),
    *(
        "service#>\na:x{}",
        "SERVICE#'\n<U>{}",
        "SERVICE ?s{}",
        "SERVICE<x>{}",
        "e:SERVICE<U>{}",
        "trueSERVICEa:x{}",
    ),
]
FRAGMENTS = [
    *(
        "?s ?p ?o",
        "?s ?p ?o.",
        "?s<http://a/p>?o",
        "?s ?p 'x>'",
        "?s ?p true",
        "?s ?p 1",
        "?s ?p e:",
        "?s ?p []",
    ),
    *("?s ?p (1 <http://a#'>)", "VALUES(?v ?w){(1 <http://a#'>)}", "VALUES ?x{'''a'}", "VALUES ?y{'b'''}"),
    *(
        "FILTER(1<?o&&'x>'!='')",
        "FILTER(?o<?p)",
        "FILTERa:f(1<?o&&'x>'!='')",
        "FILTER(EXISTS{}<?o&&'x>'!='')",
    ),
    *("FILTER<http://www.w3.org/2001/XMLSchema#boolean>(1<?o)", "BIND(1<?o AS ?z)", "{SELECT(1<?o AS ?q){}}"),
    *(
        "{",
        "}",
        "(",
        ")",
        "OPTIONAL{",
        "}UNION{",
        "GRAPH ?g{",
        "FILTER EXISTS{",
        "{SELECT*{",
        "}HAVING(1<?o)",
    ),
    *(
        "'",
        '"',
        "'''",
        '"""',
        "#",
        "\n",
        "\r",
        "<",
        ">",
        "\\q",
        "\\uD800",
        "\\u0027",
        ";",
        ",",
        "1",
        "true",
        " ",
    ),
]


@pytest.mark.slow
@given(
    prologue=st.lists(st.sampled_from(PROLOGUE), max_size=3, unique=True),
    form=st.sampled_from(["ASK{", "SELECT*{", "SELECT(1<?o&&'x>'!='' AS ?q){"]),
    body=st.lists(st.one_of(st.sampled_from(CALLS), st.sampled_from(FRAGMENTS)), min_size=1, max_size=7),
    end=st.sampled_from(["}", "}}", "}#'", "}ORDER BY(1<?o)"]),
)
@settings(max_examples=1_500, deadline=None)
def test_allowed_queries_call_no_endpoint(
    canary: Canary, prologue: list[str], form: str, body: list[str], end: str
) -> None:
    text = "".join([*prologue, form, *body, end]).replace("<U>", f"<{canary.url}>")
    if verdict(text) == "allowed":
        assert not canary.is_called_by(text)
