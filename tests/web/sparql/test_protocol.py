import json
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from graph.backends.in_process import InProcess
from graph.core.errors import BadInput, Forbidden, UnsupportedMedia, UtsagaError
from graph.core.settings import Settings
from graph.rdf.query_types import Dataset, QueryRequest, QueryResponse
from graph.release.release import Manifest
from web.app import create_app
from web.html.app_state import AppState
from web.sparql.protocol import FORM, QUERY, Parameters, parse_parameters, read_body, read_form

G, H, P = (ox.NamedNode(f"http://example.org/{name}") for name in "ghp")
JSON, XML = "application/sparql-results+json", "application/sparql-results+xml"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
COUNT = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"


@pytest.fixture(scope="module")
def store() -> InProcess:
    return InProcess.of(
        [
            ox.Quad(G, P, ox.Literal("hej", language="sv"), G),
            ox.Quad(H, P, ox.Literal(5), H),
            ox.Quad(G, P, H),
        ]
    )


@pytest.fixture(scope="module")
def client(store: InProcess) -> FlaskClient:
    return create_app(AppState.of(store)).test_client()


def get(client: FlaskClient, query: str, accept: str = "*/*", **parameters: str) -> TestResponse:
    return client.get("/sparql", query_string={"query": query, **parameters}, headers={"Accept": accept})


def number(response: TestResponse) -> int:
    assert response.status_code == 200, response.text
    return int(json.loads(response.data)["results"]["bindings"][0]["n"]["value"])


@pytest.mark.parametrize("method", ["POST", "QUERY"])
@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        (FORM, urlencode({"query": COUNT})),
        (FORM + "; charset=UTF-8", urlencode({"query": COUNT})),
        (QUERY, COUNT),
        (QUERY.upper() + ";charset=utf-8;version=1.2", COUNT),
    ],
)
def test_a_query_may_be_sent_in_a_body(client: FlaskClient, method: str, media_type: str, body: str) -> None:
    assert number(client.open("/sparql", method=method, data=body, content_type=media_type)) == 3


def test_the_graphs_of_the_url_hold_for_a_body(client: FlaskClient) -> None:
    url = "/sparql?" + urlencode([("default-graph-uri", G.value), ("named-graph-uri", H.value)])
    assert number(client.post(url, data=COUNT, content_type=QUERY)) == 2
    assert number(client.post(url, data=urlencode({"query": COUNT}), content_type=FORM)) == 2


def test_the_graphs_of_a_form_and_of_its_url_are_taken_together(client: FlaskClient) -> None:
    body = urlencode({"query": COUNT, "default-graph-uri": H.value})
    url = "/sparql?" + urlencode({"default-graph-uri": G.value})
    assert number(client.post(url, data=body, content_type=FORM)) == 2


@pytest.mark.parametrize(
    ("query", "accept", "format_", "expected"),
    [
        ("ASK {}", "*/*", "", JSON),
        ("ASK {}", XML, "", XML),
        ("ASK {}", "application/xml", "", XML),
        ("SELECT * {}", "text/csv", "", "text/csv; charset=utf-8; header=present"),
        ("SELECT * {}", "text/csv;header=absent", "", "text/csv; charset=utf-8; header=present"),
        ("SELECT * {}", "text/tab-separated-values", "", "text/tab-separated-values; charset=utf-8"),
        ("SELECT * {}", f"text/csv;q=0.1,{XML};q=0.2", "", XML),
        ("SELECT * {}", "application/json", "", JSON),
        ("SELECT * {}", "text/turtle", "json", JSON),
        ("SELECT * {}", JSON, "csv", "text/csv; charset=utf-8; header=present"),
        ("DESCRIBE <x>", "*/*", "", "text/turtle; charset=utf-8"),
        ("DESCRIBE <x>", "application/rdf+xml", "", "application/rdf+xml"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/ld+json", "", "application/ld+json"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "*/*", "json", "application/ld+json"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "*/*", "nt", "application/n-triples"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "application/trig", "", "application/trig"),
    ],
)
def test_the_format_argument_takes_precedence(
    client: FlaskClient, query: str, accept: str, format_: str, expected: str
) -> None:
    response = get(client, query, accept, **({"format": format_} if format_ else {}))
    assert response.status_code == 200
    assert response.content_type == expected
    assert "Accept" in response.headers["Vary"]


def test_several_accept_lines_are_one_header(client: FlaskClient) -> None:
    lines = [("Accept", f"{JSON};q=0.1"), ("Accept", XML)]
    response = client.get("/sparql", query_string={"query": "ASK {}"}, headers=lines)
    assert response.content_type == XML


@pytest.mark.parametrize(
    ("query", "accept", "format_"),
    [
        ("ASK {}", "text/csv", ""),
        ("ASK {}", "*/*", "csv"),
        ("SELECT * {}", "text/turtle", ""),
        ("SELECT * {}", "*/*;q=0", ""),
        ("SELECT * {}", "*/*", "docx"),
        ("DESCRIBE <x>", JSON, ""),
    ],
)
def test_a_format_of_another_form_is_not_acceptable(
    client: FlaskClient, query: str, accept: str, format_: str
) -> None:
    response = get(client, query, accept, format=format_)
    assert response.status_code == 406
    assert response.content_type == "application/problem+json"
    remedy = json.loads(response.data)["faults"][0]["remedy"]
    assert "json" in remedy or "turtle" in remedy


def test_csv_lines_end_with_crlf(client: FlaskClient) -> None:
    assert get(client, "SELECT ('å' AS ?x) {}", "text/csv").data == "x\r\nå\r\n".encode()


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"method": "GET", "query_string": "query=ASK%7B%7D&query=ASK%7B%7D"}, 400),
        ({"method": "GET", "query_string": "query="}, 400),
        ({"method": "GET", "query_string": "query=ASK%7B"}, 400),
        ({"method": "GET", "query_string": "query=ASK%7B%7D%20%23%FF"}, 400),
        ({"method": "GET", "query_string": "default-graph-uri=http%3A%2F%2Fexample.org%2Fg"}, 400),
        ({"method": "GET", "query_string": "query=ASK%7B%7D&default-graph-uri="}, 400),
        ({"method": "GET", "query_string": "query=ASK%7B%7D&named-graph-uri=g"}, 400),
        ({"method": "GET", "query_string": "update=CLEAR%20ALL"}, 403),
        ({"method": "GET", "query_string": "query=CLEAR%20ALL"}, 400),
        ({"method": "POST", "data": "update=CLEAR+ALL", "content_type": FORM}, 403),
        ({"method": "POST", "data": "CLEAR ALL", "content_type": "application/sparql-update"}, 403),
        ({"method": "POST", "data": "ASK{SERVICE<http://127.0.0.1/>{}}", "content_type": QUERY}, 403),
        ({"method": "POST", "data": "", "content_type": FORM}, 400),
        ({"method": "POST", "data": "query=ASK%7B%7D&query=ASK%7B%7D", "content_type": FORM}, 400),
        ({"method": "POST", "query_string": "query=ASK%7B%7D", "data": "ASK {}", "content_type": QUERY}, 400),
        ({"method": "POST", "data": b"ASK {} #\xff", "content_type": QUERY}, 400),
        ({"method": "POST", "data": b"query=ASK{}%20%23%ff", "content_type": FORM}, 400),
        ({"method": "POST", "data": "ASK {}".encode("utf-16"), "content_type": QUERY}, 400),
        ({"method": "POST", "data": "ASK {}", "content_type": QUERY + ";charset=utf-16"}, 415),
        ({"method": "POST", "data": "ASK {}", "content_type": "text/plain"}, 415),
        ({"method": "POST", "data": "ASK {}"}, 415),
        ({"method": "POST", "query_string": "query=ASK%7B%7D"}, 415),
        (
            {"method": "POST", "data": "a", "content_type": QUERY, "headers": {"Content-Encoding": "gzip"}},
            415,
        ),
        ({"method": "PUT", "query_string": "query=ASK%7B%7D"}, 405),
        ({"method": "DELETE"}, 405),
    ],
)
def test_each_error_has_its_own_status(
    client: FlaskClient, arguments: dict[str, object], status: int
) -> None:
    response = client.open("/sparql", **arguments)  # type: ignore[arg-type]
    assert response.status_code == status, response.text
    assert response.content_type == "application/problem+json"
    assert json.loads(response.data)["status"] == status
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_functions_that_do_not_exist_are_named_in_a_header(client: FlaskClient) -> None:
    calls = " ".join(f"(<urn:å{number:02}>(1) AS ?v{number})" for number in range(12))
    answer = client.get("/sparql", query_string={"query": f"SELECT {calls} {{}}"})
    assert answer.status_code == 200
    assert answer.json == {
        "head": {"vars": [f"v{number}" for number in range(12)]},
        "results": {"bindings": [{}]},
    }
    names = answer.headers["X-Utsaga-Unknown-Functions"].split(", ")
    assert names == [f"<urn:%C3%A5{number:02}>" for number in range(10)]
    plain = client.get("/sparql", query_string={"query": "ASK {}"})
    assert "X-Utsaga-Unknown-Functions" not in plain.headers
    assert "X-Utsaga-Unknown-Functions" in plain.headers["Access-Control-Expose-Headers"]


def test_an_update_is_refused_with_a_remedy(client: FlaskClient) -> None:
    fault = json.loads(get(client, "INSERT DATA { <a:s> <a:p> 1 }").data)["faults"][0]
    assert "read-only" in fault["message"]
    assert "INSERT" in fault["message"]
    assert fault["where"] == "line 1, column 1"
    assert "build" in fault["remedy"]


def test_a_method_that_is_not_allowed_has_allow(client: FlaskClient) -> None:
    allowed = client.put("/sparql").headers["Allow"]
    assert set(allowed.split(", ")) == {"GET", "HEAD", "POST", "QUERY", "OPTIONS"}


def test_head_has_the_headers_and_no_body(client: FlaskClient) -> None:
    response = client.head("/sparql", query_string={"query": "ASK {}"})
    assert (response.status_code, response.content_type, response.data) == (200, JSON, b"")
    assert int(response.headers["Content-Length"]) == len(get(client, "ASK {}").data)


def test_a_preflight_request_is_allowed(client: FlaskClient) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    response = client.options("/sparql", headers=asked)
    assert response.status_code in (200, 204)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "POST" in response.headers["Allow"]
    assert response.headers["Access-Control-Allow-Headers"]


def test_scripts_may_read_the_headers(client: FlaskClient) -> None:
    for query in ("ASK {}", "ASK {"):
        exposed = get(client, query).headers["Access-Control-Expose-Headers"]
        assert {"ETag", "Link", "Retry-After"} <= set(exposed.split(", "))


def test_unknown_parameters_are_ignored(client: FlaskClient) -> None:
    assert get(client, "ASK {}", version="1.2", timeout="5", output="csv", x="").status_code == 200


def resolved(client: FlaskClient) -> str:
    body = get(client, "SELECT (<x> AS ?x) {}").data
    return str(json.loads(body)["results"]["bindings"][0]["x"]["value"])


def test_relative_iris_are_resolved_against_the_public_base(store: InProcess, client: FlaskClient) -> None:
    assert resolved(client) == "http://localhost/x"
    public = create_app(
        AppState.of(store, settings=Settings(public_base="https://graph.example/data/"))
    ).test_client()
    assert resolved(public) == "https://graph.example/data/x"


def test_a_get_without_a_query_returns_the_service_description(store: InProcess, client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert response.content_type == "text/turtle; charset=utf-8"
    assert "sd:endpoint <http://localhost/sparql>" in response.text
    public = create_app(
        AppState.of(store, settings=Settings(public_base="https://graph.example/"))
    ).test_client()
    assert "<https://graph.example/sparql>" in public.get("/sparql?format=nt").text


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("*/*", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json", "application/ld+json"),
        (BROWSER, "text/html"),
        ("image/png", "application/problem+json"),
    ],
)
def test_the_service_description_is_negotiated(client: FlaskClient, accept: str, expected: str) -> None:
    response = client.get("/sparql", headers={"Accept": accept})
    assert response.mimetype == expected
    assert "Accept" in response.headers["Vary"]


def test_a_browser_is_redirected_to_the_editor(client: FlaskClient) -> None:
    answer = client.get("/sparql?lang=en", headers={"Accept": BROWSER})
    assert (answer.status_code, answer.location) == (303, "/query?lang=en")
    assert 'name="query"' in client.get(answer.location).text


@pytest.mark.parametrize(
    ("encoded", "expected"),
    [
        (b"", []),
        (b"query=a+b%20c%26d&x", [("query", "a b c&d"), ("x", "")]),
        (b"a=1;b=2&a=%C3%A5&a=\xc3\xa5", [("a", "1;b=2"), ("a", "å"), ("a", "å")]),
        (b"query=%zz%", [("query", "%zz%")]),
    ],
)
def test_parameters_keep_their_order(encoded: bytes, expected: Parameters) -> None:
    assert read_form(encoded, "the URL") == expected


@pytest.mark.parametrize("encoded", [b"query=\xff", b"query=%ff", b"%C3=x", b"query=%ED%A0%80"])
def test_parameters_are_utf8(encoded: bytes) -> None:
    with pytest.raises(BadInput, match="UTF-8"):
        read_form(encoded, "the URL")


@pytest.mark.parametrize(
    ("content_type", "error"),
    [
        ("", UnsupportedMedia),
        ("text/turtle", UnsupportedMedia),
        ("multipart/form-data; boundary=x", UnsupportedMedia),
        ("application/sparql-query; charset=latin-1", UnsupportedMedia),
        ("application/sparql-update", Forbidden),
    ],
)
def test_bodies_of_other_types_are_refused(content_type: str, error: type[UtsagaError]) -> None:
    with pytest.raises(error):
        read_body(content_type, b"ASK {}")


def test_only_the_beginning_of_a_long_content_type_is_read() -> None:
    assert read_body(f"{QUERY}; a={'x' * 2_000}; charset=latin-1", b"ASK {}") == [("query", "ASK {}")]
    with pytest.raises(UnsupportedMedia) as refused:
        read_body("text/" + "x" * 50_000, b"ASK {}")
    assert len(str(refused.value)) < 500


def test_a_request_has_exactly_one_query() -> None:
    graphs = [("default-graph-uri", "a:g"), ("default-graph-uri", "a:h"), ("named-graph-uri", "a:i")]
    asked = parse_parameters([("query", "ASK {}"), *graphs, ("format", " csv ")], bare=False)
    assert asked.query == "ASK {}"
    assert asked.dataset == Dataset(("a:g", "a:h"), ("a:i",))
    assert asked.format == "csv"
    assert parse_parameters([("x", "y")], bare=True).query is None
    for parameters, bare in [([], False), (graphs, True), ([("query", "a"), ("query", "a")], True)]:
        with pytest.raises(BadInput):
            parse_parameters(parameters, bare=bare)
    with pytest.raises(Forbidden):
        parse_parameters([("query", "ASK {}"), ("update", "")], bare=False)


def strict(store: InProcess, **settings: float) -> FlaskClient:
    return create_app(AppState.of(store, settings=Settings(**settings))).test_client()  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("method", "status", "rule"),
    [
        ("GET", 414, "UTSAGA_QUERY_BYTES"),
        ("POST", 413, "UTSAGA_QUERY_BYTES"),
        ("QUERY", 413, "UTSAGA_QUERY_BYTES"),
    ],
)
def test_a_request_that_is_too_long_is_refused_with_the_setting(
    store: InProcess, method: str, status: int, rule: str
) -> None:
    text = "ASK {}" + " " * 500
    client = strict(store, query_bytes=500)
    if method == "GET":
        answer = client.get("/sparql", query_string={"query": text})
    else:
        answer = client.open("/sparql", method=method, data=text, content_type=QUERY)
    assert answer.status_code == status
    assert answer.json
    assert answer.json["faults"][0]["rule"] == rule


def test_a_long_body_without_a_length_is_not_read_to_its_end(store: InProcess) -> None:
    class Endless:
        taken = 0

        def read(self, size: int = -1) -> bytes:
            self.taken += size
            return b" " * size

    stream = Endless()
    answer = strict(store, query_bytes=500).post(
        "/sparql",
        content_type=QUERY,
        environ_overrides={
            "wsgi.input": stream,
            "wsgi.input_terminated": True,
            "HTTP_TRANSFER_ENCODING": "chunked",
        },
    )
    assert answer.status_code == 413
    assert stream.taken < 100_000


@pytest.mark.parametrize(
    ("timeout", "status"), [("2.5", 200), ("99999", 200), ("0", 400), ("-1", 400), ("nan", 400), ("x", 400)]
)
def test_a_client_may_shorten_the_time_limit_but_not_extend_it(
    client: FlaskClient, timeout: str, status: int
) -> None:
    assert client.get("/sparql", query_string={"query": "ASK {}", "timeout": timeout}).status_code == status


def test_brackets_are_nested_no_deeper_than_the_setting(client: FlaskClient) -> None:
    answer = client.get("/sparql", query_string={"query": "ASK " + "{" * 200 + "}" * 200})
    assert answer.status_code == 400
    assert "UTSAGA_NESTING" in answer.text


def test_a_client_without_budget_gets_retry_after(store: InProcess) -> None:
    client = strict(store, client_seconds=0.000001, throttle_loopback=True)
    answers = [client.get("/sparql", query_string={"query": "SELECT * { ?s ?p ?o }"}) for _ in range(3)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert "UTSAGA_CLIENT_SECONDS" in answers[-1].text


class Slow(InProcess):
    """A backend that answers after an event is set."""

    begun, may_end = threading.Event(), threading.Event()

    def answer(self, question: QueryRequest) -> QueryResponse:
        self.begun.set()
        assert self.may_end.wait(60)
        return super().answer(question)


def test_only_a_client_with_too_many_queries_at_once_is_refused() -> None:
    app = create_app(AppState.of(Slow.of([]), settings=Settings(client_queries=1)))
    asked = {"path": "/sparql", "query_string": {"query": "ASK {}"}}
    there, elsewhere = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "203.0.113.8"}
    with ThreadPoolExecutor() as threads:
        first = threads.submit(app.test_client().get, **asked, environ_overrides=there)
        assert Slow.begun.wait(60)
        second = app.test_client().get(**asked, environ_overrides=there)
        Slow.may_end.set()
        assert first.result().status_code == 200
    assert second.status_code == 429
    assert second.headers["Retry-After"] == "1"
    assert "UTSAGA_CLIENT_QUERIES" in second.text
    for client in (there, elsewhere):
        assert app.test_client().get(**asked, environ_overrides=client).status_code == 200


def test_a_cacheable_result_has_an_etag_and_another_has_none(store: InProcess) -> None:
    release = Manifest("abc123def456", "d" * 64, "2026-11-24T09:00:00+00:00", 1)
    client = create_app(AppState.of(store, release=release)).test_client()

    def headers(text: str) -> tuple[str | None, str | None]:
        found = client.get("/sparql", query_string={"query": text}).headers
        return found.get("ETag"), found.get("Cache-Control")

    assert headers("ASK {}")[1] == "public, no-cache"
    assert (headers("ASK {}")[0] or "").startswith('"')
    assert headers("ASK {}") == headers("ASK {}")
    assert headers("ASK {}") != headers("ASK { }")
    assert headers("SELECT (NOW() AS ?now) {}") == (None, "no-store")
