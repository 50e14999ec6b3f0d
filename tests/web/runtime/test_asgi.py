"""The ASGI application, driven without a server."""

import asyncio
import errno
import gc
import io
import json
import logging
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from typing import Any, cast
from urllib.parse import urlencode
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask, Response

from graph.backends.in_process import InProcess
from graph.core.settings import Settings
from graph.release.release import Manifest
from tests.web.runtime.asgi_client import Exchange
from web.app import create_app
from web.html.app_state import AppState
from web.html.downloads import whole_downloads
from web.html.request_args import known_arguments
from web.http.access_log import open_log
from web.http.known_arguments import KnownArguments
from web.http.metrics import Metrics
from web.http.rate_limit import Throttle
from web.http.request_log import REQUEST_ID, RequestLog
from web.http.response_cache import ResponseCache
from web.http.responses import Headers
from web.runtime.asgi import Application
from web.runtime.live_application import ServedApplication
from web.runtime.sender import SlowClientError
from web.sparql.fast_path import FastPath

QUERY = {"content-type": "application/sparql-query"}
ASK = "/sparql?" + urlencode({"query": "ASK {}"})
TRUE = b'{"head":{},"boolean":true}'
LASTING = [("Content-Type", "text/plain"), ("ETag", '"a"'), ("Cache-Control", "public")]
LARGE = b"x" * (1 << 19)
STRANGER, OTHER = "203.0.113.7", "203.0.113.8"


class Unprepared:
    """What stands before an application that is no Flask: it finds no query and knows all arguments."""

    def query_request(self, _: WSGIEnvironment) -> None:
        """Find none."""

    def drop_unknown(self, _: WSGIEnvironment) -> None:
        """Drop none."""


def served(app: WSGIApplication) -> ServedApplication:
    """Serve any application."""
    nothing, cache = Unprepared(), ResponseCache(max_bytes=64 << 20)
    return ServedApplication(app, cast(KnownArguments, nothing), cache, cast(FastPath, nothing), lambda: None)


def served_with_queries(state: AppState, app: Flask | None = None) -> ServedApplication:
    """Serve the application of a state, or one like it."""
    app, cache = app or create_app(state), ResponseCache(max_bytes=64 << 20)
    known, path = known_arguments(app, state), FastPath(state, cache)
    return ServedApplication(app, known, cache, path, lambda: None, whole_downloads(state.publication))


class Site:
    """An ASGI application, with what it serves, its log and its metrics."""

    def __init__(self, now: ServedApplication, **settings: Any) -> None:
        self.now, self.stream, self.metrics = now, io.StringIO(), Metrics()
        limits = Settings(**settings)
        log = RequestLog(self.metrics, open_log(self.stream))
        self.application = Application(lambda: self.now, log, Throttle.of(limits), limits)

    def request(self, target: str, method: str = "GET", **changed: Any) -> Exchange:
        """Send a request, and return what has been sent in response."""
        return asyncio.run(self.send(target, method, **changed))

    async def send(self, target: str, method: str = "GET", **changed: Any) -> Exchange:
        return await Exchange(target, method, **changed).run(self.application)

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    @property
    def requests(self) -> list[dict[str, Any]]:
        return [line for line in self.lines if line["event"] == "request"]

    def counted(self, route: str, status: int) -> float | None:
        labels = {"route": route, "status": str(status)}
        return self.metrics.registry.get_sample_value("utsaga_http_requests_total", labels)


class Origin:
    """A WSGI application that gives one response, and records the requests.

    At the path /wait it sets `began` and waits for `may_end`.
    """

    def __init__(self, body: Iterable[bytes] = (b"hello",), headers: Iterable[tuple[str, str]] = ()) -> None:
        self.body, self.headers = body, [*headers]
        self.requests: list[WSGIEnvironment] = []
        self.fails = 0  # requests that are still to fail
        self.began, self.may_end = threading.Event(), threading.Event()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.requests.append(environ)
        if environ["PATH_INFO"] == "/wait":
            self.began.set()
            assert self.may_end.wait(60)
        if self.fails:
            self.fails -= 1
            raise ZeroDivisionError
        start_response("200 OK", [*self.headers])
        return self.body


class Body:
    """A body that is made while it is sent; a part may be an exception, which is raised."""

    def __init__(self, *parts: bytes | Exception) -> None:
        self.parts, self.closed = parts, 0

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            if isinstance(part, Exception):
                raise part
            yield part

    def close(self) -> None:
        self.closed += 1


class Pages:
    """The application on a store, with some more pages."""

    def __init__(self, store: InProcess) -> None:
        self.state = AppState.of(store)
        self.app = create_app(self.state)
        self.began, self.may_end = threading.Event(), threading.Event()
        self.headers: list[tuple[str, str]] = []
        self.app.add_url_rule("/wait", "wait", self.wait)
        self.app.add_url_rule("/large", "large", lambda: Response(LARGE, headers=self.headers))
        self.app.add_url_rule("/stream", "stream", lambda: Response(iter([b"a"])))
        self.app.add_url_rule("/break", "break", self.fail)

    def wait(self) -> str:
        self.began.set()
        assert self.may_end.wait(60)
        return "waited"

    def fail(self) -> Response:
        raise ZeroDivisionError("within")


@pytest.fixture
def state(sample: InProcess) -> AppState:
    return AppState.of(sample, release=Manifest("abc123def456", "d" * 64, "2026-11-24T09:00:00+00:00", 1))


@pytest.fixture
def pages(sample: InProcess) -> Pages:
    return Pages(sample)


def broken(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    raise ZeroDivisionError("within")


@pytest.fixture(autouse=True)
def _loggers() -> Iterator[None]:
    """Leave the loggers as they were."""
    loggers = [logging.getLogger(name) for name in ("web", "graph")]
    before = [(each.handlers, each.propagate, each.level) for each in loggers]
    yield
    for logger, (handlers, propagate, level) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


async def until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0.001)


# Requests and responses


def test_a_response_of_the_application_is_sent() -> None:
    origin = Origin([b"hel", b"lo"], [("Content-Type", "text/plain")])
    sent = Site(served(origin)).request("/organisation/malm%C3%B6?x=1")
    assert (sent.status, sent.body) == (200, b"hello")
    assert sent.response_headers["Content-Type"] == "text/plain"
    (environ,) = origin.requests
    assert (environ["PATH_INFO"], environ["QUERY_STRING"]) == ("/organisation/malmÃ¶", "x=1")


def test_the_id_of_a_request_is_in_its_response_its_line_and_its_environ() -> None:
    origin = Origin()
    site = Site(served(origin))
    sent = site.request("/", headers={"x-request-id": "mine"})
    assert sent.response_headers.getlist("X-Request-ID") == ["mine"]
    assert origin.requests[0][REQUEST_ID] == "mine"
    assert [line["id"] for line in site.requests] == ["mine"]


def test_a_request_is_logged_and_counted_when_its_response_has_been_sent() -> None:
    async def run() -> None:
        exchange = Exchange("/sparql", takes=2)
        running = asyncio.create_task(exchange.run(site.application))
        await until(lambda: len(exchange.messages) == 2)
        assert site.requests == []
        exchange.takes_more.set()
        await running

    site = Site(served(Origin([LARGE])))
    asyncio.run(run())
    (line,) = site.requests
    assert (line["path"], line["status"], line["bytes"]) == ("/sparql", 200, len(LARGE))
    assert site.counted("sparql", 200) == 1


def test_a_kept_response_needs_no_thread() -> None:
    async def run() -> Exchange:
        await site.send("/a")
        waiting = asyncio.create_task(site.send("/wait"))
        await until(origin.began.is_set)
        kept = await site.send("/a")
        origin.may_end.set()
        await waiting
        return kept

    origin = Origin([b"hello"], LASTING)
    site = Site(served(origin), threads=1)
    kept = asyncio.run(run())
    assert (kept.status, kept.body) == (200, b"hello")
    assert [environ["PATH_INFO"] for environ in origin.requests] == ["/a", "/wait"]


def test_a_kept_response_has_a_new_id_each_time() -> None:
    site = Site(served(Origin([b"hello"], LASTING)))
    ids = [site.request("/a").response_headers.getlist("X-Request-ID") for _ in range(3)]
    assert len({each for (each,) in ids}) == 3


def test_the_response_to_head_has_no_body() -> None:
    site = Site(served(Origin([b"hello"], LASTING)))
    get, head = site.request("/a"), site.request("/a", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.response_headers["Content-Length"] == get.response_headers["Content-Length"] == "5"


def test_a_response_that_the_client_holds_is_not_sent() -> None:
    sent = Site(served(Origin([b"hello"], LASTING))).request("/a", headers={"if-none-match": '"a"'})
    assert (sent.status, sent.body) == (304, b"")


def test_a_request_is_answered_by_what_was_served_when_it_came() -> None:
    async def run() -> tuple[bytes, bytes]:
        waiting = asyncio.create_task(site.send("/wait"))
        await until(old.began.is_set)
        site.now = served(Origin([b"new"]))
        after = await site.send("/")
        old.may_end.set()
        return (await waiting).body, after.body

    old = Origin([b"old"])
    site = Site(served(old))
    assert asyncio.run(run()) == (b"old", b"new")


# Queries


@pytest.mark.parametrize(
    ("method", "target", "changed"),
    [
        ("GET", ASK, {}),
        ("HEAD", ASK, {}),
        ("POST", "/sparql", {"headers": QUERY, "parts": [b"ASK {}"]}),
        ("POST", "/sparql", {"headers": QUERY, "parts": [b"ASK", b" ", b"{}"], "has_length": False}),
        ("QUERY", "/sparql", {"headers": QUERY, "parts": [b"ASK {}"]}),
    ],
)
def test_queries_are_answered(state: AppState, method: str, target: str, changed: dict[str, Any]) -> None:
    site = Site(served_with_queries(state))
    for _ in range(2):
        sent = site.request(target, method, **changed)
        assert sent.status == 200
        assert sent.response_headers["Content-Type"] == "application/sparql-results+json"
        assert sent.response_headers["Content-Length"] == str(len(TRUE))
        assert sent.body == (b"" if method == "HEAD" else TRUE)


def test_a_query_needs_no_thread(pages: Pages) -> None:
    async def run() -> Exchange:
        waiting = asyncio.create_task(site.send("/wait"))
        await until(pages.began.is_set)
        answered = await site.send(ASK)
        pages.may_end.set()
        assert (await waiting).body == b"waited"
        return answered

    site = Site(served_with_queries(pages.state, pages.app), threads=1)
    assert asyncio.run(run()).body == TRUE


def test_a_request_without_a_query_is_left_to_the_application(state: AppState) -> None:
    site = Site(served_with_queries(state))
    assert site.request("/sparql", headers={"accept": "text/turtle"}).body.startswith(b"@prefix")
    assert site.request("/sparql", headers={"accept": "text/html"}).status == 303


@pytest.mark.parametrize("accept", ["*/*", "text/html"])
def test_an_error_of_a_query_is_rendered_as_all_errors(state: AppState, accept: str) -> None:
    sent = Site(served_with_queries(state)).request("/sparql?query=nonsense", headers={"accept": accept})
    shown = create_app(state).test_client().get("/sparql?query=nonsense", headers={"accept": accept})
    assert (sent.status, sent.body) == (shown.status_code, shown.data)
    assert sent.status == 400
    assert sent.response_headers["Content-Type"] == shown.headers["Content-Type"]
    assert sent.response_headers["Cache-Control"] == "no-store"


def test_the_response_to_head_of_an_error_has_no_body(state: AppState) -> None:
    sent = Site(served_with_queries(state)).request("/sparql?query=nonsense", "HEAD")
    assert (sent.status, sent.body) == (400, b"")


# Bodies


@pytest.mark.parametrize(
    ("parts", "has_length", "received"),
    [([b"x" * 600], True, 0), ([b"x" * 600], False, 1), ([b"x" * 300] * 5, False, 2)],
)
def test_a_long_body_is_refused_and_not_read_to_its_end(
    sample: InProcess, parts: list[bytes], has_length: bool, received: int
) -> None:
    settings = Settings(query_bytes=500)
    site = Site(served_with_queries(AppState.of(sample, settings=settings)), query_bytes=500)
    sent = site.request("/sparql", "POST", headers=QUERY, parts=parts, has_length=has_length)
    assert (sent.status, sent.received) == (413, received)
    assert json.loads(sent.body)["faults"][0]["rule"] == "UTSAGA_QUERY_BYTES"


def test_a_long_body_is_refused_where_none_is_read(state: AppState) -> None:
    site = Site(served_with_queries(state))
    assert site.request("/organisation", parts=[b"x" * 1025]).status == 413
    assert site.request("/organisation", parts=[b"x" * 1024], has_length=False).status == 200


def test_a_body_that_does_not_come_in_time_is_answered_with_408(state: AppState) -> None:
    site = Site(served_with_queries(state), body_seconds=0.01)
    sent = site.request(
        "/sparql", "POST", headers={**QUERY, "content-length": "6"}, parts=[b"ASK"], is_complete=False
    )
    assert sent.status == 408
    assert json.loads(sent.body)["faults"][0]["rule"] == "UTSAGA_BODY_SECONDS"


@pytest.mark.parametrize(
    ("parts", "is_complete", "status"),
    [
        ([b"ASK"], False, 408),
        ([b"x" * 2000], True, 503),
        ([b"ASK {}"], True, 200),
        ([b"nonsense"], True, 400),
    ],
)
def test_nothing_refers_to_the_body_of_a_request_that_was_answered(
    state: AppState, parts: list[bytes], is_complete: bool, status: int
) -> None:
    """A server waits for the rest of a body as long as anything refers to it."""

    async def run() -> "weakref.ref[Exchange]":
        exchange = Exchange("/sparql", "POST", QUERY, parts, is_complete=is_complete, has_length=False)
        await exchange.run(site.application)
        assert exchange.status == status
        return weakref.ref(exchange)

    site = Site(served_with_queries(state), body_seconds=0.01, bodies_bytes=1000)
    gc.disable()
    try:
        assert asyncio.run(run())() is None
    finally:
        gc.enable()


def test_a_body_that_breaks_off_is_a_bad_request(state: AppState) -> None:
    class Leaving(Exchange):
        async def receive(self) -> dict[str, Any]:
            return {"type": "http.disconnect"}

    site = Site(served_with_queries(state))
    exchange = Leaving("/sparql", "POST", QUERY, [b"ASK {}"])
    asyncio.run(exchange.run(site.application))
    assert exchange.messages[0]["status"] == 400


def test_the_application_has_the_body_and_its_length() -> None:
    seen: list[tuple[bytes, str, bool]] = []

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        length, is_chunked = environ.get("CONTENT_LENGTH", ""), "HTTP_TRANSFER_ENCODING" in environ
        seen.append((environ["wsgi.input"].read(), length, is_chunked))
        start_response("200 OK", [])
        return []

    site = Site(served(app))
    site.request("/query", "POST", parts=[b"a=b"])
    site.request("/query", "POST", parts=[b"a=", b"b"], has_length=False)
    site.request("/query")
    assert seen == [(b"a=b", "3", False), (b"a=b", "3", False), (b"", "", False)]


@pytest.mark.parametrize(("headers", "made"), [(LASTING, 1), ([("Cache-Control", "no-store")], 3)])
def test_one_of_several_requests_makes_what_lasts(headers: Headers, made: int) -> None:
    origin = Origin([b"hello"], headers)
    site = Site(served(origin))

    async def run() -> list[Exchange]:
        first = asyncio.create_task(site.send("/wait"))
        await until(origin.began.is_set)
        others = [asyncio.create_task(site.send("/wait")) for _ in range(2)]
        other = await site.send("/other")
        origin.may_end.set()
        return [await first, *[await each for each in others], other]

    assert [(each.status, each.body) for each in asyncio.run(run())] == [(200, b"hello")] * 4
    assert [each["PATH_INFO"] for each in origin.requests].count("/wait") == made


def test_who_waits_for_another_that_fails_is_answered() -> None:
    origin = Origin([b"hello"], LASTING)
    site = Site(served(origin))

    async def run() -> list[int]:
        first = asyncio.create_task(site.send("/wait"))
        await until(origin.began.is_set)
        second = asyncio.create_task(site.send("/wait"))
        origin.fails = 1
        origin.may_end.set()
        return [(await first).status, (await second).status]

    assert asyncio.run(run()) == [500, 200]


# Limits


def test_more_requests_than_may_wait_for_a_thread_are_refused(pages: Pages) -> None:
    async def run() -> list[Exchange]:
        waiting = asyncio.create_task(site.send("/wait"))
        await until(pages.began.is_set)
        refused = [await site.send("/"), await site.send("/", "HEAD"), await site.send("/sparql?query=no")]
        pages.may_end.set()
        return [await waiting, *refused, await site.send("/")]

    site = Site(served_with_queries(pages.state, pages.app), threads=1, queue_length=0)
    exchanges = asyncio.run(run())
    assert [each.status for each in exchanges] == [200, 503, 503, 400, 200]
    _, get, head, malformed, _ = exchanges
    assert get.response_headers["Content-Type"] == "application/problem+json"
    assert get.response_headers["Retry-After"] == "1"
    assert json.loads(get.body)["faults"][0]["rule"] == "UTSAGA_QUEUE_LENGTH"
    assert head.body == b""
    assert json.loads(malformed.body)["status"] == 400
    assert sorted(line["status"] for line in site.requests) == [200, 200, 400, 503, 503]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_answered_while_no_request_may_wait_for_a_thread(pages: Pages, path: str) -> None:
    async def run() -> list[int]:
        waiting = asyncio.create_task(site.send("/wait"))
        await until(pages.began.is_set)
        health = await site.send(path)
        pages.may_end.set()
        return [(await waiting).status, health.status]

    site = Site(served_with_queries(pages.state, pages.app), threads=1, queue_length=0)
    assert asyncio.run(run()) == [200, 200]


def test_an_error_does_not_wait_for_a_thread(pages: Pages) -> None:
    async def run() -> Exchange:
        waiting = asyncio.create_task(site.send("/wait"))
        await until(pages.began.is_set)
        malformed = await site.send("/sparql?query=no", headers={"accept": "text/html"})
        pages.may_end.set()
        assert (await waiting).status == 200
        return malformed

    site = Site(served_with_queries(pages.state, pages.app), threads=1, queue_length=1)
    malformed = asyncio.run(run())
    assert malformed.status == 400
    assert malformed.response_headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(("path", "headers"), [("/large", []), ("/large", LASTING), ("/stream", [])])
def test_a_large_or_endless_response_takes_a_place_of_its_client_until_it_is_sent(
    pages: Pages, path: str, headers: list[tuple[str, str]]
) -> None:
    async def run() -> list[int]:
        first = Exchange(path, address=STRANGER, takes=2)
        sending = asyncio.create_task(first.run(site.application))
        await until(lambda: len(first.messages) == 2)
        targets = [(path, STRANGER), ("/healthz", STRANGER), (path, OTHER), (path, "127.0.0.1")]
        others = [await site.send(target, address=address) for target, address in targets]
        first.takes_more.set()
        await sending
        return [each.status for each in (*others, first, await site.send(path, address=STRANGER))]

    pages.headers = headers
    site = Site(served_with_queries(pages.state, pages.app), client_queries=1)
    assert asyncio.run(run()) == [429, 200, 200, 200, 200, 200]


def test_a_client_holds_a_place_while_it_waits_for_a_thread(pages: Pages) -> None:
    async def run() -> list[int]:
        running = asyncio.create_task(site.send("/wait", address=STRANGER))
        await until(pages.began.is_set)
        targets = [("/law/waiting", STRANGER), ("/law/refused", STRANGER), ("/law/other", OTHER)]
        tasks = [asyncio.create_task(site.send(target, address=address)) for target, address in targets]
        await asyncio.sleep(0)
        pages.may_end.set()
        found = [await each for each in (running, *tasks)]
        return [each.status for each in (*found, await site.send("/law/again", address=STRANGER))]

    site = Site(served_with_queries(pages.state, pages.app), threads=1, client_queries=2)
    assert asyncio.run(run()) == [200, 404, 429, 404, 404]


# Failures


def test_a_failure_is_a_problem_with_its_id_and_no_traceback() -> None:
    site = Site(served(broken))
    sent = site.request("/malm%C3%B6?query=x")
    assert (sent.status, sent.response_headers["Content-Type"]) == (500, "application/problem+json")
    assert sent.response_headers["Cache-Control"] == "no-store"
    assert sent.response_headers["Content-Length"] == str(len(sent.body))
    document = json.loads(sent.body)
    assert document["faults"][0]["where"] == "/malmö"
    assert sent.response_headers["X-Request-ID"] in document["faults"][0]["message"]
    assert b"ZeroDivision" not in sent.body
    assert b"within" not in sent.body
    assert site.counted("other", 500) == 1


def test_a_failure_is_logged_with_its_traceback_and_id() -> None:
    site = Site(served(broken))
    sent = site.request("/")
    error, line = site.lines
    assert error["level"] == "error"
    assert error["id"] == line["id"] == sent.response_headers["X-Request-ID"]
    assert "ZeroDivisionError: within" in error["traceback"]
    assert (line["status"], line["bytes"]) == (500, len(sent.body))


def test_the_response_to_head_of_a_failure_has_no_body() -> None:
    sent = Site(served(broken)).request("/", "HEAD")
    assert (sent.status, sent.body) == (500, b"")


def test_a_failure_has_the_form_of_those_that_flask_handles(pages: Pages) -> None:
    theirs, ours = Site(served(pages.app)).request("/break"), Site(served(broken)).request("/break")
    flask, own = json.loads(theirs.body), json.loads(ours.body)
    assert [*own] == [*flask]
    assert [*own["faults"][0]] == [*flask["faults"][0]]
    for name in ("type", "title", "status"):
        assert own[name] == flask[name]
    for name in ("Content-Type", "Cache-Control"):
        assert ours.response_headers[name] == theirs.response_headers[name]


def test_a_failure_that_flask_handles_is_logged_in_the_same_way(pages: Pages) -> None:
    site = Site(served(pages.app))
    sent = site.request("/break?query=secret")
    error, line = site.lines
    assert error["id"] == line["id"] == sent.response_headers["X-Request-ID"]
    assert "ZeroDivisionError" in error["traceback"]
    assert line["status"] == 500
    assert "secret" not in site.stream.getvalue()


def test_a_body_that_fails_before_it_is_sent_is_a_failure() -> None:
    body = Body(ZeroDivisionError())
    sent = Site(served(Origin(body, [("Content-Length", "9")]))).request("/")
    assert (sent.status, json.loads(sent.body)["status"], body.closed) == (500, 500, 1)


@pytest.mark.parametrize(
    ("error", "status"),
    [(ZeroDivisionError(), 500), (FileNotFoundError(errno.ENOENT, "gone", "/a/store"), 503)],
)
def test_a_body_of_any_length_that_fails_in_its_first_piece_is_a_failure(
    error: Exception, status: int
) -> None:
    body = Body(b"[", error)
    sent = Site(served(Origin(body))).request("/")
    assert sent.response_headers["Content-Type"] == "application/problem+json"
    assert (sent.status, json.loads(sent.body)["status"], body.closed) == (status, status, 1)


def test_a_body_that_fails_while_it_is_sent_is_cut_off_and_logged_as_a_failure() -> None:
    body = Body(b"x" * (1 << 16), ZeroDivisionError("later"))
    site, exchange = Site(served(Origin(body))), Exchange("/")
    with pytest.raises(ZeroDivisionError):  # at which the server closes the connection
        asyncio.run(exchange.run(site.application))
    assert all(message.get("more_body", True) for message in exchange.messages)
    error, line = site.lines
    assert "ZeroDivisionError: later" in error["traceback"]
    assert error["id"] == line["id"]
    assert (line["status"], line["bytes"], body.closed) == (500, 1 << 16, 1)
    assert site.counted("home", 500) == 1


def test_a_response_to_a_client_that_takes_nothing_is_cut_off() -> None:
    site, exchange = Site(served(Origin([LARGE])), send_seconds=0.01), Exchange("/", takes=3)
    with pytest.raises(SlowClientError):
        asyncio.run(exchange.run(site.application))
    assert all(message.get("more_body", True) for message in exchange.messages)
    (line,) = site.lines
    assert (line["status"], line["bytes"]) == (200, 2 << 16)


def test_requests_at_the_same_time_log_their_own_ids() -> None:
    met = threading.Barrier(4)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        met.wait(60)
        logging.getLogger("web").warning("within %s", environ[REQUEST_ID])
        start_response("200 OK", [])
        return []

    async def run() -> None:
        await asyncio.gather(*(site.send(f"/{number}") for number in range(4)))

    site = Site(served(app), threads=4)
    asyncio.run(run())
    within = [line for line in site.lines if line["event"] != "request"]
    assert len({line["id"] for line in within}) == 4
    assert all(line["event"] == f"within {line['id']}" for line in within)
