import io
import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import create_environ

from web.http.access_log import Log, current_id
from web.http.metrics import Metrics
from web.http.request_log import QUERY, REQUEST_ID, RequestLog

TEXT = "SELECT * WHERE { ?s ?p 'secret' }"


class Logged:
    """A request log, with what it wrote and counted."""

    def __init__(self, *, log_queries: bool = False) -> None:
        self.stream, self.metrics = io.StringIO(), Metrics()
        self.log = RequestLog(self.metrics, Log(self.stream), log_queries=log_queries)

    def answer(self, environ: dict[str, Any], status: int = 200, sent: int = 5) -> dict[str, Any]:
        """Log a request, and return its line."""
        self.log.end(self.log.begin(environ), status, sent)
        line: dict[str, Any] = json.loads(self.stream.getvalue().splitlines()[-1])
        return line

    def counted(self, route: str, status: int) -> float | None:
        labels = {"route": route, "status": str(status)}
        return self.metrics.registry.get_sample_value("utsaga_http_requests_total", labels)


def given_id(value: str) -> dict[str, Any]:
    return create_environ("/") | {"HTTP_X_REQUEST_ID": value}


def test_a_request_is_one_line_when_it_ends_and_not_before() -> None:
    logged = Logged()
    entry = logged.log.begin(create_environ("/organisation/malm%C3%B6?x=1", method="HEAD"))
    assert not logged.stream.getvalue()
    logged.log.end(entry, 404, 17)
    line = json.loads(logged.stream.getvalue())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line.pop("seconds") >= 0
    assert line == {
        "level": "info",
        "id": entry.id,
        "event": "request",
        "method": "HEAD",
        "path": "/organisation/malmö",
        "status": 404,
        "bytes": 17,
    }


def test_a_request_is_counted_and_timed() -> None:
    logged = Logged()
    for path in ("/sparql?query=x", "/sparql", "/nonsense"):
        logged.answer(create_environ(path))
    logged.answer(create_environ("/sparql"), 400)
    assert logged.counted("sparql", 200) == 2
    assert logged.counted("sparql", 400) == 1
    assert logged.counted("other", 200) == 1
    value = logged.metrics.registry.get_sample_value
    assert value("utsaga_http_request_seconds_count", {"route": "sparql"}) == 3


def test_a_line_names_neither_client_nor_query() -> None:
    logged = Logged()
    environ = create_environ(
        "/sparql",
        query_string={"query": TEXT},
        headers={"X-Forwarded-For": "203.0.113.7", "User-Agent": "Browser", "Referer": "http://elsewhere/"},
    )
    logged.answer(environ | {"REMOTE_ADDR": "203.0.113.8", QUERY: TEXT})
    written = logged.stream.getvalue()
    assert written
    for private in ("secret", "SELECT", "203.0.113", "Browser", "elsewhere"):
        assert private not in written


def test_a_line_has_the_query_where_that_is_wanted() -> None:
    logged = Logged(log_queries=True)
    with_query = create_environ(
        "/sparql", query_string={"query": 'ASK { ?s ?p "å\n\x9b" }', "format": "json"}
    )
    assert logged.answer(with_query)["query"] == 'ASK { ?s ?p "å\n\x9b" }'
    posted = create_environ("/sparql", method="POST", data={"query": "another"}) | {QUERY: TEXT}
    assert logged.answer(posted)["query"] == TEXT
    assert logged.answer(create_environ("/"))["query"] == ""
    assert logged.answer(create_environ("/?query=%FF"))["query"] == "\ufffd"


@pytest.mark.parametrize("value", ["a", "A-b_c.9", "x" * 64])
def test_an_id_that_the_client_gives_is_kept(value: str) -> None:
    assert Logged().answer(given_id(value))["id"] == value


@pytest.mark.parametrize("value", ["", "x" * 65, 'a"b', "a b", "å", "a/b", "a;b", "a\n", "a, b"])
def test_an_id_that_could_harm_the_log_is_replaced(value: str) -> None:
    found = Logged().answer(given_id(value))["id"]
    assert found != value
    assert re.fullmatch(r"[A-Za-z0-9._-]{1,64}", found)


def test_ids_differ_between_requests_and_between_servers() -> None:
    servers = [Logged() for _ in range(3)]
    ids = {server.answer(create_environ("/"))["id"] for server in servers for _ in range(3)}
    assert len(ids) == 9


def test_the_application_finds_the_id_in_the_environ_and_the_context() -> None:
    environ = create_environ("/")
    entry = Logged().log.begin(environ)
    assert environ[REQUEST_ID] == current_id.get() == entry.id


def test_a_log_that_cannot_be_written_stops_no_request() -> None:
    logged = Logged()
    logged.stream.close()
    logged.log.end(logged.log.begin(create_environ("/")), 200, 0)
    assert logged.counted("home", 200) == 1


@given(st.binary(max_size=100))
def test_the_path_of_any_bytes_is_text(path: bytes) -> None:
    environ = create_environ("/") | {"PATH_INFO": "/" + path.decode("latin-1")}
    assert Logged().answer(environ)["path"] == "/" + path.decode("utf-8", "replace")
