"""An endpoint that misbehaves on command, and what becomes of its answers."""

import json
import socket
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from graph.backends.remote import RemoteEndpoint, bind
from graph.core.errors import BadInput, Forbidden, NotAcceptable, Unavailable, Unprocessable, UtsagaError
from graph.core.settings import Settings
from graph.core.terms import Term, iri
from graph.rdf.formats import Form
from graph.rdf.query_types import Dataset, QueryRequest
from graph.read import entities

JSON = "application/sparql-results+json"
ROWS = json.dumps(
    {
        "head": {"vars": ["s", "entity"]},
        "results": {"bindings": [{"s": {"type": "uri", "value": "http://example.org/å"}}]},
    }
).encode()
CHOICES: dict[Form, str | None] = {"bindings": "text/csv", "boolean": JSON, "graph": "text/turtle"}
SELECT = QueryRequest("SELECT ?s WHERE { ?s ?p ?o }", CHOICES, seconds=5)
ASK = QueryRequest("ASK { ?s ?p ?o }", CHOICES, seconds=5)
CONSTRUCT = QueryRequest("CONSTRUCT WHERE { ?s ?p ?o }", CHOICES, seconds=5)
BNODES = b"""{ "head": { "link": [], "vars": ["s", "o"] }, "results": { "bindings": [
  { "s": { "type": "bnode", "value": "nodeID://b10" }, "o": { "type": "typed-literal",
    "datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": "1" }},
  { "o": { "type": "literal", "value": "\\"type\\": \\"bnode\\", \\"value\\": \\"nodeID://b1" }} ] } }"""
NUMBERS_READ = (
    's\r\nfalse\r\n"""datatype"": ""http://www.w3.org/2001/XMLSchema#boolean"", ""value"": ""0"""\r\n'
)
BOOLEAN = b'"datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": "%s"'
NUMBERS = b"""{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"typed-literal", %s }},
  {"s":{"type":"literal","value":"%s"}}]}}""" % (BOOLEAN % b"0", (BOOLEAN % b"0").replace(b'"', b'\\"'))
RETVAL = b"""{ "head": { "link": [], "vars": ["__ASK_RETVAL"] }, "results": { "bindings": [
  { "__ASK_RETVAL": { "type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#integer",
    "value": "1" }} ] } }"""
CANCELLED = b"<http://x/> <http://x/> <http://x/> .\nThe SPARQL operation has been cancelled"


class Double(BaseHTTPRequestHandler):
    """An endpoint whose path says how it behaves; what it was sent is remembered."""

    protocol_version = "HTTP/1.1"
    answered = False  # on this connection
    received: ClassVar[list[tuple[dict[str, str], dict[str, list[str]]]]] = []

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        headers = {name.lower(): value for name, value in self.headers.items()}
        Double.received.append((headers, parse_qs(self.rfile.read(length).decode())))
        behaviour = getattr(self, urlsplit(self.path).path.strip("/").replace("-", "_"))
        try:
            behaviour()
        except OSError:  # the client has gone
            self.close_connection = True

    def give(self, body: bytes, media_type: str = JSON, *, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        if media_type:
            self.send_header("Content-Type", media_type)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Length": str(len(body))} | named).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def rows(self) -> None:
        self.give(ROWS)

    def bnodes(self) -> None:
        self.give(BNODES)

    def xml(self) -> None:
        self.give(
            b'<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="s"/></head>'
            b'<results><result><binding name="s"><bnode>nodeID://b1</bnode></binding></result></results></sparql>',
            "application/sparql-results+xml",
        )

    def numbers(self) -> None:
        self.give(NUMBERS)

    def true(self) -> None:
        self.give(b'{"head":{},"boolean":true}')

    def retval(self) -> None:
        self.give(RETVAL)

    def triples(self) -> None:
        self.give(b"<http://x/s> <http://x/p> 'o' .", "text/turtle; charset=utf-8")

    def slow(self) -> None:
        time.sleep(1.5)
        self.give(ROWS)

    def drip(self) -> None:
        self.give(b"", Content_Length="1000")
        for _ in range(40):
            self.wfile.write(b" ")
            time.sleep(0.05)

    def fails(self) -> None:
        self.give(b"<html>Traceback</html>", "text/html", status=500)

    def busy(self) -> None:
        self.give(b"", "", status=429, Retry_After="17")

    def busy_for_ever(self) -> None:
        self.give(b"", "", status=429, Retry_After="9" * 5000)

    def hidden(self) -> None:
        self.give(b"", "", status=401)

    def cut_off(self) -> None:
        self.give(ROWS, Content_Length=str(len(ROWS) + 10))
        self.close_connection = True

    def cut_chunk(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"%x\r\n%s\r\n" % (len(ROWS), ROWS))
        self.close_connection = True

    def pieces(self) -> None:
        """Send the rows of `bnodes` in pieces of seven bytes."""
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for first in range(0, len(BNODES), 7):
            piece = BNODES[first : first + 7]
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        self.wfile.write(b"0\r\n\r\n")

    def half(self) -> None:
        self.give(ROWS[:-5])

    def cancelled(self) -> None:
        self.give(CANCELLED, "application/n-triples")

    def partial(self) -> None:
        self.give(ROWS, status=206, X_SQL_State="S1TAT")

    def most_rows(self) -> None:
        self.give(ROWS, X_SPARQL_MaxRows="10000")

    def page(self) -> None:
        self.give(b"<html>Welcome</html>", "text/html")

    def csv(self) -> None:
        self.give(b"s\r\nx\r\n", "text/csv")

    def untyped(self) -> None:
        self.give(ROWS, "")

    def endless(self) -> None:
        self.give(b"", Content_Length=str(1 << 40))
        while True:
            self.wfile.write(b" " * 100_000)

    def redirect(self) -> None:
        self.give(b"", "", status=302, Location="/rows")

    def wrong(self) -> None:
        self.give(b"Error SP030:\r\nsyntax  error" + b"!" * 999, "text/plain", status=400)

    def wrong_page(self) -> None:
        self.give(b"  <!DOCTYPE html><h1>Bad Request</h1>", "text/plain", status=400)

    def virtuoso(self) -> None:
        self.give(ROWS)

    def version_string(self) -> str:
        return "Virtuoso/07.20" if "virtuoso" in self.path else "double"

    def deserter(self) -> None:
        """Answer once on each connection, and close it without a word when asked again."""
        if self.answered:
            self.close_connection = True
        else:
            self.give(ROWS)
            self.answered = True

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


class Server(ThreadingHTTPServer):
    """Takes no notice of clients that hang up."""

    def handle_error(self, *_: Any) -> None:
        """Stay silent."""


@pytest.fixture(scope="module")
def double() -> Iterator[str]:
    """The address of the endpoint that misbehaves."""
    with Server(("127.0.0.1", 0), Double) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.mark.parametrize(
    ("path", "question", "body"),
    [
        ("rows", SELECT, "s,entity\r\nhttp://example.org/å,\r\n"),
        (
            "bnodes",
            SELECT,
            's,o\r\n_:nodeID-b10,true\r\n,"""type"": ""bnode"", ""value"": ""nodeID://b1"\r\n',
        ),
        (
            "pieces",
            SELECT,
            's,o\r\n_:nodeID-b10,true\r\n,"""type"": ""bnode"", ""value"": ""nodeID://b1"\r\n',
        ),
        ("numbers", SELECT, NUMBERS_READ),
        ("xml", SELECT, "s\r\n_:nodeID-b1\r\n"),
        ("true", ASK, '{"head":{},"boolean":true}'),
        ("retval", ASK, '{"head":{},"boolean":true}'),
        ("triples", CONSTRUCT, '<http://x/s> <http://x/p> "o" .\n'),
    ],
)
def test_an_answer_is_written_in_the_chosen_format(
    double: str, path: str, question: QueryRequest, body: str
) -> None:
    answer = RemoteEndpoint(f"{double}/{path}").answer(question)
    assert answer.read().decode() == body
    assert not answer.cacheable


@pytest.mark.parametrize(
    ("path", "question", "error", "words"),
    [
        ("slow", SELECT, Unprocessable, "0.7 seconds [UTSAGA_SECONDS]"),
        ("drip", SELECT, Unprocessable, "0.7 seconds [UTSAGA_SECONDS]"),
        ("partial", SELECT, Unprocessable, "0.7 seconds [UTSAGA_SECONDS]"),
        ("fails", SELECT, Unavailable, "status 500"),
        ("busy", SELECT, Unavailable, "status 429"),
        ("busy-for-ever", SELECT, Unavailable, "status 429"),
        ("hidden", SELECT, Unavailable, "status 401"),
        ("redirect", SELECT, Unavailable, "status 302"),
        ("cut-off", SELECT, Unavailable, "breaks off"),
        ("cut-chunk", SELECT, Unavailable, "breaks off"),
        ("half", SELECT, Unavailable, "cannot be read to its end"),
        ("cancelled", CONSTRUCT, Unavailable, "cannot be read to its end"),
        ("page", SELECT, Unavailable, "(text/html) is of another kind"),
        ("csv", SELECT, Unavailable, "(text/csv) is of another kind"),
        ("untyped", SELECT, Unavailable, "(without a type) is of another kind"),
        ("rows", CONSTRUCT, Unavailable, "is of another kind"),
        ("rows", ASK, Unavailable, "is of another kind"),
        ("true", SELECT, Unavailable, "is of another kind"),
        ("endless", SELECT, Unprocessable, "[UTSAGA_RESULT_BYTES]"),
        ("most-rows", SELECT, Unprocessable, "10000 rows"),
        ("wrong", SELECT, BadInput, "query: Error SP030: syntax error!!!"),
        ("wrong-page", SELECT, BadInput, "does not understand the query [SPARQL]"),
    ],
)
def test_every_misbehaviour_has_its_error(
    double: str, path: str, question: QueryRequest, error: type[UtsagaError], words: str
) -> None:
    question = QueryRequest(question.text, CHOICES, seconds=0.7 if "seconds" in words else 5)
    endpoint = RemoteEndpoint(f"{double}/{path}", Settings(result_bytes=1_000_000))
    began = time.monotonic()
    with pytest.raises(error) as raised:
        endpoint.answer(question)
    assert words in str(raised.value)
    assert "<" not in str(raised.value)
    assert len(str(raised.value)) < 400
    assert time.monotonic() - began < 1.4
    if error is Unavailable:
        assert raised.value.retry_after == (17 if path == "busy" else None)


def test_an_endpoint_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        endpoint = RemoteEndpoint(f"http://127.0.0.1:{taken.getsockname()[1]}/")
        with pytest.raises(Unavailable, match="cannot be reached"):
            endpoint.answer(SELECT)
        with pytest.raises(Unavailable, match="cannot be reached") as raised:
            endpoint.check_ready()
        assert raised.value.retry_after is None


@pytest.mark.parametrize("url", ["ftp://x/", "file:///etc/passwd", "x", "", "http://", "http://[/"])
def test_only_http_is_spoken(url: str) -> None:
    with pytest.raises(BadInput, match="not the URL of an endpoint"):
        RemoteEndpoint(url)


def test_our_own_queries_fail_as_unavailable(double: str) -> None:
    with pytest.raises(Unavailable):
        RemoteEndpoint(f"{double}/wrong").select("SELECT ?s WHERE { ?s ?p ?o }")
    with pytest.raises(Unavailable):
        RemoteEndpoint(f"{double}/half").select("SELECT ?s WHERE { ?s ?p ?o }")


@pytest.mark.parametrize("path", ["half", "page", "true"])
def test_what_the_engine_has_read_is_let_go_on_the_thread_that_asked(double: str, path: str) -> None:
    """An error that ends on another thread takes nothing of the engine's along, which would be lost there."""
    endpoint = RemoteEndpoint(f"{double}/{path}")
    errors = []
    for ask in (lambda: endpoint.answer(SELECT), lambda: endpoint.select(SELECT.text)):
        with pytest.raises(Unavailable) as raised:
            ask()
        errors.append(raised.value)
    del raised
    ends = Thread(target=errors.clear)
    ends.start()
    ends.join()


def test_a_connection_is_kept_and_replaced_when_the_other_end_has_closed_it(double: str) -> None:
    endpoint = RemoteEndpoint(f"{double}/deserter")
    sent = len(Double.received)
    for _ in range(3):
        assert endpoint.answer(SELECT).read()
    assert len(Double.received) == sent + 5


def test_connections_are_closed_in_the_end(double: str) -> None:
    endpoint = RemoteEndpoint(f"{double}/rows")
    endpoint.check_ready()
    endpoint.close()


def test_the_query_goes_with_its_dataset_and_what_the_url_holds(double: str) -> None:
    endpoint = RemoteEndpoint(
        f"{double.replace('//', '//user:word@')}/rows?key=1&default-graph-uri=urn:union", union=True
    )
    assert endpoint.union
    own = QueryRequest("SELECT ?s FROM <urn:g> WHERE { ?s ?p ?o }", CHOICES)
    chosen = QueryRequest(SELECT.text, CHOICES, Dataset(("urn:a", "urn:b"), ("urn:c",)))
    forms = [_sent(endpoint, question) for question in (SELECT, own, chosen)]
    assert forms[0] == {"query": [SELECT.text], "key": ["1"], "default-graph-uri": ["urn:union"]}
    assert forms[1] == {"query": [own.text], "key": ["1"]}
    assert forms[2]["default-graph-uri"] == ["urn:a", "urn:b"]
    assert forms[2]["named-graph-uri"] == ["urn:c"]
    headers = Double.received[-1][0]
    assert headers["authorization"] == "Basic dXNlcjp3b3Jk"
    assert headers["accept"].startswith(JSON)


def test_virtuoso_is_told_how_long_it_may_take(double: str) -> None:
    endpoint = RemoteEndpoint(f"{double}/virtuoso")
    assert "timeout" not in _sent(endpoint, SELECT)
    assert _sent(endpoint, SELECT)["timeout"] == ["5000"]


@pytest.mark.parametrize("text", ["ASK { <x> ?p ?o }", "# a remark\nASK { <x> ?p ?o }"])
def test_relative_iris_mean_the_same_there_as_here(double: str, text: str) -> None:
    question = QueryRequest(text, CHOICES, base_iri="http://here/")
    assert _sent(RemoteEndpoint(f"{double}/true"), question)["query"] == [f"BASE <http://here/> {text}"]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("DROP ALL", BadInput),
        ("SELECT * WHERE { SERVICE <http://127.0.0.1/> {} }", Forbidden),
        ("SELECT ('\\u0027 AS ?x) WHERE { SERVICE <http://127.0.0.1/> {} } #' AS ?x) WHERE {}", Forbidden),
        ("ASK { ?s ?p 'x\\u000a' }", BadInput),
        ("SELECT (<bif:http_get>('http://127.0.0.1/') AS ?x) WHERE {}", Forbidden),
        ("define get:soft 'soft' SELECT * WHERE {}", BadInput),
        ("ASK " + "{" * 200 + "}" * 200, BadInput),
    ],
)
def test_nothing_is_sent_that_the_guard_refuses(double: str, text: str, error: type[UtsagaError]) -> None:
    sent = len(Double.received)
    with pytest.raises(error):
        RemoteEndpoint(f"{double}/rows").answer(QueryRequest(text, CHOICES))
    assert len(Double.received) == sent


def test_nothing_is_sent_in_vain(double: str) -> None:
    sent = len(Double.received)
    with pytest.raises(NotAcceptable):
        RemoteEndpoint(f"{double}/true").answer(QueryRequest(ASK.text, {"boolean": None}))
    with pytest.raises(BadInput, match="default-graph-uri"):
        RemoteEndpoint(f"{double}/true").answer(QueryRequest(ASK.text, CHOICES, Dataset(("no iri",))))
    assert len(Double.received) == sent


def test_the_names_of_blank_nodes_lead_back_to_them(double: str) -> None:
    endpoint = RemoteEndpoint(f"{double}/bnodes")
    (first, second) = endpoint.select("SELECT ?s ?o WHERE { ?s ?p ?o }")
    assert first["o"].value == "true"
    assert second["o"].value == '"type": "bnode", "value": "nodeID://b1'
    endpoint.select("SELECT ?s ?o WHERE { ?s ?p ?o }", s=first["s"])
    assert "<nodeID://b10> ?p ?o" in Double.received[-1][1]["query"][0]


def test_a_blank_node_without_a_name_leads_nowhere(double: str) -> None:
    sent = len(Double.received)
    endpoint = RemoteEndpoint(f"{double}/rows")
    assert endpoint.select("SELECT ?s WHERE { ?s ?p ?o }", s=Term("b10", "blank")) == []
    assert len(Double.received) == sent


def test_terms_are_put_where_the_variables_stand() -> None:
    bound = bind(entities._LINK_COUNTS, {"entity": "<urn:e>"})
    assert "?subject ?property <urn:e> FILTER" in bound
    assert "{ VALUES (?entity) { (<urn:e>) } " in bound
    assert bound.endswith("GROUP BY ?entity ?property")
    assert bind("SELECT ?x { { SELECT ?x { ?x ?xy '?x' } } }", {"x": "1"}) == (
        "SELECT ?x { VALUES (?x) { (1) }  { SELECT ?x { 1 ?xy '?x' } } }"
    )


def test_what_no_iri_can_hold_is_refused(double: str) -> None:
    with pytest.raises(ValueError, match="IRI"):
        RemoteEndpoint(f"{double}/rows").select("SELECT ?s WHERE { ?s ?p ?o }", s=iri("urn:> } #"))


def _sent(endpoint: RemoteEndpoint, question: QueryRequest) -> dict[str, list[str]]:
    endpoint.answer(question)
    return Double.received[-1][1]
