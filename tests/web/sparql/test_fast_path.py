"""The fast path of queries, compared with the responses of Flask."""

import asyncio
import gzip
import tempfile
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from wsgiref.types import WSGIEnvironment

import pyoxigraph as ox
import pytest
from flask import Flask
from werkzeug.test import create_environ

from graph.backends.in_process import InProcess
from graph.core.errors import BadInput, Forbidden, TooManyRequests, UnsupportedMedia, UriTooLong, UtsagaError
from graph.core.settings import Settings
from graph.rdf.query_types import QueryRequest, QueryResponse
from graph.release.release import Manifest
from web.app import create_app
from web.html.app_state import AppState
from web.http.metrics import Metrics
from web.http.rate_limit import Throttle
from web.http.response_cache import ResponseCache
from web.http.responses import Response
from web.sparql.fast_path import FastPath

RELEASE = Manifest("abc123def456", "d" * 64, "2026-11-24T09:00:00+00:00", 1)
FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
MANY = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f }"


class InFiles(InProcess):
    """A store that returns its results in files, as workers do with large ones."""

    async def answer_async(self, query: QueryRequest) -> QueryResponse:
        file = tempfile.TemporaryFile()  # noqa: SIM115 (who reads it closes it)
        found = self.answer(query)
        file.write(found.read())
        file.seek(0)
        self.file = file
        return found._replace(body=file)


class Endpoint:
    """The fast path of an application, with its cache, and the threads that it used."""

    def __init__(self, store: InProcess, *, release: Manifest | None = RELEASE, **settings: Any) -> None:
        limits, self.metrics = Settings(**settings), Metrics()
        self.throttle = Throttle.of(limits)
        state = AppState.of(
            store, settings=limits, release=release, metrics=self.metrics, throttle=self.throttle
        )
        self.app = create_app(state)
        self.cache = ResponseCache(max_bytes=64 << 20)
        self.fast_path = FastPath(state, self.cache)
        self.on_threads = 0

    def query_request(self, environ: WSGIEnvironment) -> QueryRequest | None:
        return self.fast_path.query_request(environ)

    def respond(self, environ: WSGIEnvironment) -> Response:
        query = self.query_request(environ)
        assert query is not None
        return asyncio.run(self.fast_path.respond(query, environ, self._on_thread))

    async def _on_thread(self, work: Callable[[], Response]) -> Response:
        self.on_threads += 1
        return await asyncio.to_thread(work)


@pytest.fixture(scope="module")
def store() -> InProcess:
    subjects = [ox.NamedNode(f"http://example.org/{number}") for number in range(100)]
    return InProcess.of(ox.Quad(each, each, ox.Literal("hej", language="sv")) for each in subjects)


@pytest.fixture
def endpoint(store: InProcess) -> Endpoint:
    return Endpoint(store)


def get(query: str, accept: str = "*/*", **headers: str) -> WSGIEnvironment:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return create_environ("/sparql", query_string={"query": query}, headers={"Accept": accept, **named})


def post(body: bytes | str, content_type: str = QUERY, method: str = "POST") -> WSGIEnvironment:
    return create_environ("/sparql", method=method, data=body, content_type=content_type)


def of_flask(app: Flask, environ: WSGIEnvironment) -> Response:
    """Return the response of an application without a fast path."""
    return ResponseCache(max_bytes=64 << 20).fetch(environ, app)


def names(response: Response) -> set[str]:
    return {name for name, _ in response.headers}


# Which requests


@pytest.mark.parametrize("method", ["GET", "POST", "QUERY"])
def test_a_query_is_parsed_from_a_request(endpoint: Endpoint, method: str) -> None:
    environ = get("ASK {}") if method == "GET" else post("ASK {}", method=method)
    query = endpoint.query_request(environ)
    assert query
    assert query.text == "ASK {}"
    assert query.base_iri == "http://localhost/sparql"
    assert environ["wsgi.input"].read() == (b"" if method == "GET" else b"ASK {}"), "left for the application"


@pytest.mark.parametrize(
    "environ",
    [
        create_environ("/"),
        create_environ("/query", query_string={"query": "ASK {}"}),
        create_environ("/sparql/", query_string={"query": "ASK {}"}),
        create_environ("/sparql"),
        create_environ("/sparql?format=nt"),
        create_environ("/sparql", query_string={"query": "ASK {}"}, method="HEAD"),
        create_environ("/sparql", query_string={"query": "ASK {}"}, method="OPTIONS"),
        create_environ("/sparql", data=b"ASK {}", method="PUT", content_type=QUERY),
        post("ASK {}") | {"CONTENT_LENGTH": "1000000"},
    ],
)
def test_other_requests_are_left_to_the_application(endpoint: Endpoint, environ: WSGIEnvironment) -> None:
    assert endpoint.query_request(environ) is None


@pytest.mark.parametrize(
    ("environ", "error"),
    [
        (get("a" * 600), UriTooLong),
        (create_environ("/sparql?query=a&query=b"), BadInput),
        (create_environ("/sparql?query=%FF"), BadInput),
        (create_environ("/sparql?query=ASK%7B%7D&timeout=x"), BadInput),
        (create_environ("/sparql?update=a"), Forbidden),
        (post("ASK {}", "text/plain"), UnsupportedMedia),
        (post("ASK {}", "application/sparql-update"), Forbidden),
    ],
)
def test_a_request_that_cannot_be_read_raises(
    store: InProcess, environ: WSGIEnvironment, error: type[UtsagaError]
) -> None:
    with pytest.raises(error):
        Endpoint(store, query_bytes=500).query_request(environ)


# What is sent


@pytest.mark.parametrize("release", [RELEASE, None])
@pytest.mark.parametrize(
    "make",
    [
        lambda: get("ASK {}"),
        lambda: get("ASK { FILTER(RAND() < 2) }"),
        lambda: get("SELECT * { ?s ?p ?o } LIMIT 3", "text/csv"),
        lambda: get("SELECT * { ?s ?p ?o } LIMIT 3", "application/sparql-results+xml"),
        lambda: get("CONSTRUCT WHERE { ?s ?p ?o }", "application/n-triples"),
        lambda: get("CONSTRUCT WHERE { ?s ?p ?o }", Accept_Encoding="gzip"),
        lambda: get("DESCRIBE <http://example.org/1>"),
        lambda: get("ASK {}", If_None_Match="*"),
        lambda: create_environ("/sparql", query_string={"query": "SELECT * {}", "format": "tsv"}),
        lambda: create_environ(
            "/sparql", query_string=urlencode([("query", "ASK {}"), ("named-graph-uri", "http://a.example/")])
        ),
        lambda: post("ASK {}"),
        lambda: post("ASK {}", method="QUERY"),
        lambda: post(urlencode({"query": "ASK {}", "timeout": "2"}), FORM),
    ],
)
def test_the_response_is_that_of_the_application(
    store: InProcess, make: Callable[[], WSGIEnvironment], release: Manifest | None
) -> None:
    endpoint = Endpoint(store, release=release)
    ours, theirs = endpoint.respond(make()), of_flask(endpoint.app, make())
    assert (ours.status, sorted(ours.headers)) == (theirs.status, sorted(theirs.headers))
    assert ours.read() == theirs.read()


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("nonsense", BadInput),
        ("ASK { SERVICE <http://127.0.0.1/> {} }", Forbidden),
        ("CLEAR ALL", BadInput),
    ],
)
def test_the_errors_of_a_query_are_raised(endpoint: Endpoint, query: str, error: type[UtsagaError]) -> None:
    environ = get(query)
    with pytest.raises(error):
        endpoint.respond(environ)
    assert endpoint.cache.find(environ) is None


def test_only_a_long_result_is_compressed_on_a_thread(endpoint: Endpoint) -> None:
    assert endpoint.respond(get("ASK {}")).read()
    assert endpoint.on_threads == 0
    assert len(endpoint.respond(get(MANY, "text/csv")).read()) > 1 << 16
    assert endpoint.on_threads == 1


@pytest.mark.parametrize("coding", ["", "gzip"])
def test_a_result_in_a_file_is_sent_and_closed(store: InProcess, coding: str) -> None:
    in_files = InFiles(store.engine, union=False)
    files, whole = Endpoint(in_files), Endpoint(store)
    environ = get(MANY, "text/csv", Accept_Encoding=coding)
    response = files.respond(environ)
    body = response.read()
    assert (gzip.decompress(body) if coding else body) == whole.respond(get(MANY, "text/csv")).read()
    assert dict(response.headers)["Content-Length"] == str(len(body))
    assert in_files.file.closed


# What is kept


def test_a_result_of_a_release_is_cached(endpoint: Endpoint) -> None:
    response = endpoint.respond(get("ASK {}"))
    found = endpoint.cache.find(get("ASK {}"))
    assert found
    assert found.response.read() == response.read()


@pytest.mark.parametrize("query", ["ASK {}", MANY])
def test_a_result_is_not_computed_again_for_another_coding(endpoint: Endpoint, query: str) -> None:
    endpoint.respond(get(query)).read()
    zipped = get(query, Accept_Encoding="gzip")
    if endpoint.cache.find(zipped) is None:
        assert endpoint.query_request(zipped) is None
    response = endpoint.cache.fetch(zipped, endpoint.app)
    assert response.status == 200
    assert "ETag" in names(response)


@pytest.mark.parametrize(
    ("query", "release"), [("SELECT (NOW() AS ?now) {}", RELEASE), ("ASK { FILTER(RAND() < 2) }", RELEASE)]
)
def test_a_result_that_is_not_cacheable_is_not_cached(
    store: InProcess, query: str, release: Manifest
) -> None:
    endpoint = Endpoint(store, release=release)
    response = endpoint.respond(get(query))
    assert ("Cache-Control", "no-store") in response.headers
    assert endpoint.cache.find(get(query)) is None


def test_a_result_without_a_release_is_not_cached(store: InProcess) -> None:
    endpoint = Endpoint(store, release=None)
    assert "ETag" not in names(endpoint.respond(get("ASK {}")))
    assert endpoint.cache.find(get("ASK {}")) is None


# Limits


def test_a_client_without_a_place_is_refused_and_counted(store: InProcess) -> None:
    endpoint = Endpoint(store, client_queries=1)
    there, elsewhere = {"REMOTE_ADDR": "203.0.113.7"}, {"REMOTE_ADDR": "203.0.113.8"}
    endpoint.throttle.enter("203.0.113.7")
    with pytest.raises(TooManyRequests):
        endpoint.respond(get("ASK {}") | there)
    value = endpoint.metrics.registry.get_sample_value
    assert value("utsaga_queries_total", {"outcome": "throttled"}) == 1
    assert endpoint.respond(get("ASK {}") | elsewhere).status == 200
    endpoint.throttle.leave("203.0.113.7", 0.0)
    assert endpoint.respond(get("ASK { }") | there).status == 200


def test_an_error_frees_the_place_of_the_client(store: InProcess) -> None:
    endpoint, there = Endpoint(store, client_queries=1), {"REMOTE_ADDR": "203.0.113.7"}
    for _ in range(3):
        with pytest.raises(BadInput):
            endpoint.respond(get("nonsense") | there)
    assert endpoint.respond(get("ASK {}") | there).status == 200


def test_the_time_of_a_query_is_charged_to_its_client(store: InProcess) -> None:
    endpoint, there = Endpoint(store, client_seconds=0.000001), {"REMOTE_ADDR": "203.0.113.7"}
    assert endpoint.respond(get("ASK {}") | there).status == 200
    with pytest.raises(TooManyRequests):
        endpoint.respond(get("ASK { }") | there)
