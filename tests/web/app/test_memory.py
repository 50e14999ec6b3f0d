"""Long texts of clients do not stay in memory, and few unknown names do."""

import gc
import json
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from itertools import count
from urllib.parse import parse_qsl, quote, unquote, urlencode
from wsgiref.types import WSGIApplication, WSGIEnvironment
from wsgiref.util import setup_testing_defaults

import pytest
from flask import Flask

from graph.core.iris import MAX_IRI_LENGTH
from graph.core.namespaces import ID
from tests.web.addresses import addresses
from tests.web.cached import Cached

LONG = 95_000
ARGUMENTS = ("asof", "content", "kind", "lang", "limit", "page", "sort", "status", "type", "unknown", "view")
HEADERS = ("Accept", "Accept-Language", "Accept-Encoding", "If-None-Match", "X-Forwarded-For", "X-Request-ID")
CACHES = type(lru_cache(len))
numbers = count()


@pytest.fixture
def app(release_app: Flask) -> Cached:
    """The application on the built release, without a response cache."""
    return Cached(release_app, max_bytes=0)


def new(length: int = LONG) -> str:
    """Return a text that no request has had before."""
    return f"{next(numbers)}-".ljust(length, "x")


def longer(address: str) -> Iterator[str]:
    """Return URLs like this one with a long text in the path, in its arguments or in others."""
    path, _, query = address.partition("?")
    start, slash, last = path.rpartition("/")
    yield f"{start}{slash}{new()}.{last.rpartition('.')[2]}" if "." in last else f"{start}{slash}{new()}"
    for changed, _ in parse_qsl(query):
        values = [(name, new() if name == changed else value) for name, value in parse_qsl(query)]
        yield f"{path}?{urlencode(values)}"
    yield f"{address}{'&' if query else '?'}{urlencode({name: new(LONG // 10) for name in ARGUMENTS})}"
    yield f"{address}{'&' if query else '?'}{new(40)}={new()}"


def left_after(ask: Callable[[], object], size: float) -> list[str]:
    """Return where memory still held after `ask` was allocated, in blocks of at least `size` bytes."""
    tracemalloc.start(6)
    try:
        ask()
        gc.collect()
        traces = tracemalloc.take_snapshot().traces
        return ["\n".join(each.traceback.format()) for each in traces if each.size >= size]
    finally:
        tracemalloc.stop()


def cached() -> int:
    """Return the number of results in all caches of the process."""
    return sum(each.cache_info().currsize for each in gc.get_objects() if isinstance(each, CACHES))


def get(
    app: WSGIApplication, address: str, headers: Mapping[str, str] | None = None, body: bytes = b""
) -> str:
    """Return the body of the reply to a request without werkzeug's client, which caches URLs."""
    path, _, query = address.partition("?")
    environ: WSGIEnvironment = {"PATH_INFO": unquote(path), "QUERY_STRING": query, "REMOTE_ADDR": "127.0.0.1"}
    environ["SCRIPT_NAME"] = ""
    environ |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in (headers or {}).items()}
    if body:
        environ |= {"REQUEST_METHOD": "POST", "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
        environ["CONTENT_TYPE"] = "application/json"
    setup_testing_defaults(environ)
    started: list[str] = []

    def start(status: str, *_: object) -> Callable[[bytes], object]:
        started.append(status)
        return lambda _: None

    reply = app(environ, start)
    try:
        text = b"".join(reply).decode("utf-8", "replace")
    finally:
        getattr(reply, "close", lambda: None)()
    assert started[0] < "5", (address[:200], text[:1000])
    return text


@pytest.mark.slow
def test_long_urls_are_not_kept_in_memory(app: Cached) -> None:
    known = [each for each in addresses("0" * 12) if "LIMIT%203" not in each]

    def ask() -> None:
        for address in known:
            for each in longer(address):
                get(app, each)

    for address in known:  # what is read once for all requests
        get(app, address)
    assert left_after(ask, LONG * 0.9) == []


def test_long_headers_are_not_kept_in_memory(app: Cached) -> None:
    known = ("/", "/law/osl", "/id/law/osl", "/sparql", "/sparql?query=ASK%20%7B%7D", "/nowhere")

    def ask() -> None:
        for address in known:
            for name in HEADERS:
                get(app, address, {name: new()})

    for address in known:
        get(app, address)
    assert left_after(ask, LONG * 0.9) == []


def test_only_the_beginning_of_names_to_reconcile_is_kept_in_memory(app: Cached) -> None:
    """The standard library caches the last 128 URLs that were parsed, and any name may be one."""
    longest = 1_000

    def match() -> None:
        for _ in range(10):
            conditions = [{"matchType": "name", "propertyValue": new(longest)} for _ in range(50)]
            get(app, "/reconcile/match", body=json.dumps({"queries": [{"conditions": conditions}]}).encode())

    match()
    assert len(left_after(match, longest)) < 300


def test_long_results_of_queries_are_not_kept_in_memory(app: Cached) -> None:
    size = 10_000

    def ask() -> None:
        for path in ("/query", "/sparql"):
            for _ in range(3):
                digits = new(size).replace("x", "0").replace("-", "0")
                values = f'''<http://example.org/{new(size)}> "{new(size)}" "{new(size)}"@sv {digits}
                "2026-11-24T10:00:00.{digits}Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>'''
                get(app, f"{path}?query={quote(f'SELECT * {{ VALUES ?a {{ {values} }} }}')}")

    ask()
    assert left_after(ask, size * 0.9) == []


def test_unknown_iris_are_refused_if_long_and_else_not_kept_in_memory(app: Cached) -> None:
    places = ("resource", "resource.ttl", "resource/links", "graph", "graph.json", "reconcile/flyout/type")
    asked = [f"/{place}?{'id' if 'flyout' in place else 'iri'}={ID}" for place in places]
    for address in asked:
        get(app, f"{address}{new(100)}&property={ID}")
    before = cached()
    for address in asked:
        for _ in range(20):
            assert "is too long" not in get(app, f"{address}{new(MAX_IRI_LENGTH - len(ID))}&property={ID}")
    assert cached() - before < 20
    for address in asked:
        assert "is too long" in get(app, f"{address}{new(MAX_IRI_LENGTH + 1 - len(ID))}&property={ID}")
