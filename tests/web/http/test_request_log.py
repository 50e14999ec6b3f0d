import io
import json
import logging
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from time import perf_counter
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask, Response, request
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import Client, TestResponse
from werkzeug.wrappers import Response as Answer

from web.html import error_pages
from web.http.access_log import Log, moment, open_log
from web.http.metrics import Metrics
from web.http.request_log import QUERY, REQUEST_ID, Watch

TEXT = "SELECT * WHERE { ?s ?p 'secret' }"


def watching(app: WSGIApplication, log: Log) -> WSGIApplication:
    """Return an application that is watched."""
    return partial(Watch(Metrics(), log).answer, perf_counter(), app)


class Watched:
    """An application behind a watch, with what it wrote and counted."""

    def __init__(self, app: WSGIApplication, stream: io.StringIO, *, log_queries: bool = False) -> None:
        self.metrics = Metrics()
        self.stream = stream
        self.log = open_log(stream)
        watch = Watch(self.metrics, self.log, log_queries=log_queries)
        self.wsgi = partial(watch.answer, perf_counter(), app)
        self.client = Client(self.wsgi, Answer)

    def ask(self) -> tuple[list[str], bytes]:
        """Ask as a server does that has sent nothing yet, and return the statuses and the body."""
        statuses: list[str] = []

        def start_response(
            status: str, headers: object, exc_info: object = None, /
        ) -> Callable[[bytes], None]:
            assert not statuses or exc_info
            statuses.append(status)
            return lambda _: None

        body = self.wsgi({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, start_response)
        whole = b"".join(body)
        if close := getattr(body, "close", None):
            close()
        return statuses, whole

    def get(self, path: str = "/", **headers: str) -> TestResponse:
        named = {name.replace("_", "-"): content for name, content in headers.items()}
        return self.client.get(path, headers=named, buffered=True)

    @property
    def lines(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    @property
    def requests(self) -> list[dict[str, object]]:
        return [line for line in self.lines if line["event"] == "request"]

    def counted(self, route: str, status: int) -> float | None:
        labels = {"route": route, "status": str(status)}
        return self.metrics.registry.get_sample_value("utsaga_http_requests_total", labels)


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Where the log goes; the loggers are as before afterwards."""
    logger = logging.getLogger("web")
    before = logger.handlers, logger.propagate, logger.level
    yield io.StringIO()
    logger.handlers, logger.propagate = before[:2]
    logger.setLevel(before[2])


def hello(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hel", b"lo"]


class Body:
    """A body in parts, the last of which may be a failure, that knows whether it was closed."""

    def __init__(self, *parts: bytes | Exception) -> None:
        self.parts = iter(parts)
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            if isinstance(part, Exception):
                raise part
            yield part

    def close(self) -> None:
        self.closed += 1


def answering(body: Iterable[bytes]) -> WSGIApplication:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return body

    return app


def fail() -> str:
    raise ZeroDivisionError


def broken(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    raise ZeroDivisionError("within")


def test_a_request_is_one_line(stream: io.StringIO) -> None:
    watched = Watched(hello, stream)
    answer = watched.get("/organisation/malm%C3%B6?x=1")
    assert answer.data == b"hello"
    (line,) = watched.lines
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", str(line.pop("time")))
    seconds = line.pop("seconds")
    assert isinstance(seconds, float)
    assert 0 <= seconds < 1
    assert line == {
        "level": "info",
        "id": answer.headers["X-Request-ID"],
        "event": "request",
        "method": "GET",
        "path": "/organisation/malmö",
        "status": 200,
        "bytes": 5,
    }


def test_a_request_is_counted(stream: io.StringIO) -> None:
    watched = Watched(hello, stream)
    watched.get("/sparql?query=x")
    watched.get("/sparql")
    watched.get("/nonsense")
    assert watched.counted("sparql", 200) == 2
    assert watched.counted("other", 200) == 1


def test_the_line_names_neither_client_nor_query(stream: io.StringIO) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[QUERY] = TEXT
        return hello(environ, start_response)

    watched = Watched(app, stream)
    watched.client.get(
        "/sparql",
        query_string={"query": TEXT},
        headers={"X-Forwarded-For": "203.0.113.7", "User-Agent": "Browser", "Referer": "http://elsewhere/"},
        environ_base={"REMOTE_ADDR": "203.0.113.8"},
    )
    written = stream.getvalue()
    assert written
    for private in ("secret", "SELECT", "203.0.113", "Browser", "elsewhere"):
        assert private not in written


def test_the_query_is_written_where_that_is_wanted(stream: io.StringIO) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            environ[QUERY] = TEXT
        return hello(environ, start_response)

    watched = Watched(app, stream, log_queries=True)
    watched.client.get("/sparql", query_string={"query": 'ASK { ?s ?p "å\n\x9b" }', "format": "json"})
    watched.client.post("/sparql", data={"query": TEXT})
    watched.client.get("/")
    assert [line["query"] for line in watched.lines] == ['ASK { ?s ?p "å\n\x9b" }', TEXT, ""]


@pytest.mark.parametrize("given_id", ["a", "A-b_c.9", "x" * 64])
def test_an_id_that_is_sensible_is_kept(stream: io.StringIO, given_id: str) -> None:
    watched = Watched(hello, stream)
    assert watched.get(X_Request_ID=given_id).headers["X-Request-ID"] == given_id
    assert watched.lines[0]["id"] == given_id


@pytest.mark.parametrize("given_id", ["", "x" * 65, 'a"b', "a b", "å", "a/b", "a;b"])
def test_any_other_is_replaced(stream: io.StringIO, given_id: str) -> None:
    watched = Watched(hello, stream)
    found = watched.get(X_Request_ID=given_id).headers["X-Request-ID"]
    assert found != given_id
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", found)


def test_an_id_that_ends_a_line_is_replaced(stream: io.StringIO) -> None:
    watched = Watched(hello, stream)
    watched.client.get("/", environ_base={"HTTP_X_REQUEST_ID": "a\n"})
    assert watched.lines[0]["id"] != "a\n"


def test_ids_differ_between_requests_and_between_servers(stream: io.StringIO) -> None:
    servers = [Watched(hello, stream) for _ in range(3)]
    ids = {server.get().headers["X-Request-ID"] for server in servers for _ in range(3)}
    assert len(ids) == 9


def test_the_application_is_told_the_id(stream: io.StringIO) -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])
        return [environ[REQUEST_ID].encode()]

    answer = Watched(app, stream).get()
    assert answer.text == answer.headers["X-Request-ID"]


def test_a_list_stays_one() -> None:
    body = [b"at", b"once"]
    watch = watching(answering(body), Log(io.StringIO()))
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/"}
    assert watch(environ, lambda *_: lambda _: None) is body


def test_a_body_in_parts_is_counted_and_closed(stream: io.StringIO) -> None:
    body = Body(b"one", b"two", b"three")
    watched = Watched(answering(body), stream)
    assert watched.get().data == b"onetwothree"
    assert body.closed == 1
    assert [line["bytes"] for line in watched.lines] == [11]


def test_a_body_is_written_of_when_it_ends_and_not_before(stream: io.StringIO) -> None:
    watch = watching(answering(Body(b"one", b"two")), Log(stream))
    body = watch({"REQUEST_METHOD": "GET", "PATH_INFO": "/"}, lambda *_: lambda _: None)
    assert next(iter(body)) == b"one"
    assert not stream.getvalue()
    body.close()  # type: ignore[attr-defined]  # the client has left
    assert json.loads(stream.getvalue())["bytes"] == 3


def test_an_application_may_start_with_its_first_part(stream: io.StringIO) -> None:
    def late(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        yield b"no"

    watched = Watched(late, stream)
    answer = watched.get()
    assert (answer.status_code, answer.data) == (404, b"no")
    assert watched.lines[0]["status"] == 404


def test_a_failure_is_a_problem_with_its_id_and_no_traceback(stream: io.StringIO) -> None:
    watched = Watched(broken, stream)
    answer = watched.get("/sparql?query=x")
    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Request-ID"] in answer.text
    assert "ZeroDivision" not in answer.text
    assert "within" not in answer.text
    assert watched.counted("sparql", 500) == 1


def test_a_failure_is_written_with_its_traceback_and_id(stream: io.StringIO) -> None:
    watched = Watched(broken, stream)
    answer = watched.get()
    error, line = watched.lines
    assert error["level"] == "error"
    assert error["id"] == line["id"] == answer.headers["X-Request-ID"]
    assert "ZeroDivisionError: within" in str(error["traceback"])
    assert (line["status"], line["bytes"]) == (500, len(answer.data))


def test_a_failure_has_the_shape_of_every_other_error(stream: io.StringIO) -> None:
    app = Flask("web")
    error_pages.register(app)
    app.add_url_rule("/break", view_func=fail)
    theirs = Watched(app, stream).get("/break", Accept="application/json")
    ours = Watched(broken, stream).get("/break")
    assert theirs.json is not None
    assert ours.json is not None
    assert list(ours.json) == list(theirs.json)
    assert list(ours.json["faults"][0]) == list(theirs.json["faults"][0])
    for key in ("type", "title", "status"):
        assert ours.json[key] == theirs.json[key]
    shared = ("Content-Type", "Cache-Control")
    assert [ours.headers[name] for name in shared] == [theirs.headers[name] for name in shared]


def test_a_failure_on_head_has_no_body(stream: io.StringIO) -> None:
    watch = watching(broken, Log(stream))
    statuses: list[str] = []

    def start_response(status: str, *_: object) -> object:
        statuses.append(status)
        return lambda _: None

    body = watch({"REQUEST_METHOD": "HEAD", "PATH_INFO": "/"}, start_response)  # type: ignore[arg-type]
    assert (list(body), statuses) == ([], ["500 Internal Server Error"])


def test_a_failure_before_the_first_part_is_still_answered(stream: io.StringIO) -> None:
    body = Body(ZeroDivisionError("at once"))
    watched = Watched(answering(body), stream)
    statuses, answer = watched.ask()
    assert statuses == ["200 OK", "500 Internal Server Error"]
    assert json.loads(answer)["status"] == 500
    assert body.closed == 1
    assert len(watched.requests) == 1


def test_a_failure_after_it_breaks_off_and_is_not_called_a_success(stream: io.StringIO) -> None:
    body = Body(b"half", ZeroDivisionError("later"))
    watched = Watched(answering(body), stream)
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/"}
    answer = watched.wsgi(environ, lambda *_: lambda _: None)
    with pytest.raises(ZeroDivisionError):
        list(answer)
    answer.close()  # type: ignore[attr-defined]
    error, line = watched.lines
    assert "later" in str(error["traceback"])
    assert (line["status"], line["bytes"]) == (500, 4)
    assert body.closed == 1
    assert watched.counted("home", 500) == 1


@pytest.mark.parametrize("body", [None, [None], 7])
def test_an_application_that_breaks_the_rules_is_a_failure(stream: io.StringIO, body: object) -> None:
    watched = Watched(answering(body), stream)  # type: ignore[arg-type]
    statuses, answer = watched.ask()
    assert statuses[-1] == "500 Internal Server Error"
    assert json.loads(answer)["status"] == 500
    assert [line["status"] for line in watched.requests] == [500]


def test_what_flask_catches_itself_is_written_in_the_same_form(stream: io.StringIO) -> None:
    app = Flask("web")
    error_pages.register(app)
    app.add_url_rule("/break", view_func=fail)
    watched = Watched(app, stream)
    answer = watched.get("/break?query=secret")
    error, line = watched.lines
    assert error["id"] == line["id"] == answer.headers["X-Request-ID"]
    assert "ZeroDivisionError" in str(error["traceback"])
    assert line["status"] == 500
    assert "secret" not in stream.getvalue()


def test_the_log_is_written_to_one_place(stream: io.StringIO, caplog: pytest.LogCaptureFixture) -> None:
    open_log(io.StringIO())
    open_log(stream)
    logging.getLogger("web.runtime.releases").info("started")
    assert len(stream.getvalue().splitlines()) == 1
    assert not caplog.records


def test_threads_do_not_take_each_others_ids(stream: io.StringIO) -> None:
    app = Flask("web")
    meet = threading.Barrier(4)

    @app.get("/")
    def page() -> Response:
        meet.wait(10)
        app.logger.warning("within %s", request.environ[REQUEST_ID])
        return Response("")

    watched = Watched(app, stream)
    threads = [threading.Thread(target=watched.get) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    within = [line for line in watched.lines if line["event"] != "request"]
    assert len({line["id"] for line in within}) == 4
    assert all(line["event"] == f"within {line['id']}" for line in within)


@given(st.text(max_size=700), st.text(max_size=20))
def test_whatever_is_asked_for_is_one_line_of_ascii(path: str, method: str) -> None:
    stream = io.StringIO()
    watch = watching(hello, Log(stream))
    watch({"REQUEST_METHOD": method, "PATH_INFO": path}, lambda *_: lambda _: None)
    written = stream.getvalue()
    assert written.isascii()
    assert written.endswith("}\n")
    assert len(written.splitlines()) == 1
    assert json.loads(written)["method"] == method


@pytest.mark.parametrize("letter", ["a", "\n", "\xff", "å"])
def test_a_line_goes_through_a_pipe_in_one_piece(stream: io.StringIO, letter: str) -> None:
    watch = watching(hello, Log(stream))
    environ = {"REQUEST_METHOD": letter * 60_000, "PATH_INFO": "/" + letter * 60_000}
    watch(environ, lambda *_: lambda _: None)
    assert len(stream.getvalue()) < 4096


def test_a_log_that_cannot_be_written_stops_nobody(stream: io.StringIO) -> None:
    watched = Watched(hello, stream)
    stream.close()
    assert watched.get().status_code == 200


def test_lines_that_are_written_together_are_all_there_and_in_order(stream: io.StringIO) -> None:
    watched = Watched(hello, stream)
    watched.log.follow()
    for number in range(200):
        watched.get(f"/{number}")
    watched.log.flush()
    assert [line["path"] for line in watched.requests] == [f"/{number}" for number in range(200)]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_795_514_400.25, "2026-11-24T10:00:00.250Z"),
        (1_795_514_400.9999, "2026-11-24T10:00:00.999Z"),
    ],
)
def test_a_moment_is_written_in_utc(seconds: float, expected: str) -> None:
    assert moment(seconds) == expected


def test_watching_costs_little(stream: io.StringIO) -> None:
    """15 µs was asked for and 6 are measured; a machine at work may need some more."""
    watch = watching(hello, Log(stream))
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/organisation/malmo-kommun"}

    def took(app: WSGIApplication) -> float:
        start = perf_counter()
        for _ in range(500):
            app(environ, lambda *_: lambda _: None)
        return (perf_counter() - start) / 500

    assert min(took(watch) for _ in range(20)) - min(took(hello) for _ in range(20)) < 30e-6
