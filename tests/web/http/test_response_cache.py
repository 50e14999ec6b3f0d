import gzip
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from wsgiref.validate import validator

import pytest
from flask import Flask, Response, request, send_file
from werkzeug.test import Client, TestResponse, create_environ, run_wsgi_app

from web.http.response_cache import Cache
from web.messages import Headers

ROWS = b"organisation,product\r\nuppsala-kommun,office-365\r\n" * 100
LASTING: Headers = [("Content-Type", "text/csv"), ("ETag", '"a"'), ("Cache-Control", "public, max-age=60")]
QUERY = "application/sparql-query"


class Origin:
    """An application that gives the same answer to everything, and remembers what it was asked."""

    def __init__(
        self,
        headers: Headers = LASTING,
        body: bytes | Callable[[WSGIEnvironment], bytes] = ROWS,
        status: str = "200 OK",
    ) -> None:
        self.headers, self.body, self.status = headers, body, status
        self.asked: list[WSGIEnvironment] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.asked.append(environ)
        body = self.body if isinstance(self.body, bytes) else self.body(environ)
        start_response(self.status, self.headers)
        return [body]


class Stream:
    """The body of an answer that is made as it is sent."""

    def __init__(self, *chunks: bytes) -> None:
        self.chunks, self.taken, self.closed = chunks, 0, 0

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            self.taken += 1
            yield chunk

    def close(self) -> None:
        self.closed += 1


class Counter:
    """A meter that counts."""

    def __init__(self) -> None:
        self.hits = self.misses = self.bytes_total = self.entries = 0

    def hit(self) -> None:
        self.hits += 1

    def miss(self) -> None:
        self.misses += 1

    def stored(self, bytes_total: int, entries: int) -> None:
        self.bytes_total, self.entries = bytes_total, entries


def cached(app: WSGIApplication, max_bytes: int = 1 << 20, **options: Any) -> Client:
    return Client(Cache(app, max_bytes=max_bytes, **options))


def stream(headers: Headers, body: Iterable[bytes], status: str = "200 OK") -> WSGIApplication:
    def app(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response(status, headers)
        return body

    return app


def ask(
    client: Client, path: str = "/a", method: str = "GET", body: bytes = b"", **headers: str
) -> TestResponse:
    """Send a request; the names of `headers` have underscores for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.open(path, method=method, data=body, headers=named)


# What is kept


@pytest.mark.parametrize(
    ("headers", "kept"),
    [
        ([("ETag", '"a"'), ("Cache-Control", "public, max-age=60")], True),
        ([("ETag", 'W/"a"'), ("Cache-Control", "no-cache")], True),
        ([("ETag", '"a"')], True),
        ([("etag", '"a"'), ("vary", "accept")], True),
        ([("Cache-Control", "public")], False),
        ([("ETag", "a"), ("Cache-Control", "public")], False),
        ([("ETag", '"a"'), ("ETag", '"b"')], False),
        ([("ETag", '"a"'), ("Cache-Control", "no-store")], False),
        ([("ETag", '"a"'), ("Cache-Control", "public"), ("cache-control", "No-Store")], False),
        ([("ETag", '"a"'), ("Cache-Control", "private, max-age=60")], False),
        ([("ETag", '"a"'), ("Cache-Control", 'private="Set-Cookie"')], False),
        ([("ETag", '"a"'), ("Set-Cookie", "who=you")], False),
        ([("ETag", '"a"'), ("Vary", "*")], False),
        ([("ETag", '"a"'), ("Content-Encoding", "gzip")], False),
    ],
)
def test_what_says_that_it_lasts_is_kept(headers: Headers, kept: bool) -> None:
    origin = Origin(headers)
    client = cached(origin)
    assert [ask(client).data for _ in range(3)] == [ROWS] * 3
    assert len(origin.asked) == (1 if kept else 3)


@pytest.mark.parametrize(
    "status",
    ["201 Created", "204 No Content", "206 Partial Content", "303 See Other", "404 Not Found", "503 Busy"],
)
def test_nothing_but_200_is_kept_or_changed(status: str) -> None:
    origin = Origin([*LASTING, ("Retry-After", "1")], ROWS, status)
    client = cached(origin)
    for _ in range(2):
        answer = ask(client, Accept_Encoding="gzip", If_None_Match='"a"')
        assert (answer.status, answer.data, [*answer.headers]) == (status, ROWS, origin.headers)
    assert len(origin.asked) == 2


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "PATCH", "BREW"])
def test_other_methods_are_passed_on(method: str) -> None:
    origin = Origin()
    client = cached(origin)
    for _ in range(2):
        assert [*ask(client, method=method, Accept_Encoding="gzip").headers] == LASTING
    assert len(origin.asked) == 2


@pytest.mark.parametrize(
    ("first", "second", "alike"),
    [
        ({}, {}, True),
        ({"Accept": "text/csv"}, {"Accept": "text/csv"}, True),
        ({"Accept": "text/csv"}, {"Accept": "text/html"}, False),
        ({"Accept": "text/csv"}, {}, False),
        ({"Accept_Language": "sv"}, {"Accept_Language": "en"}, False),
        ({"User_Agent": "a"}, {"User_Agent": "b"}, True),
        ({"path": "/a?b=1"}, {"path": "/a?b=2"}, False),
        ({"path": "/a"}, {"path": "/b"}, False),
        ({"path": "/a?b=c"}, {"path": "/a?c=b"}, False),
        ({"Host": "a.example"}, {"Host": "b.example"}, False),
        ({"Authorization": "Basic YQ=="}, {"Authorization": "Basic YQ=="}, False),
        ({}, {"Authorization": "Basic YQ=="}, False),
        ({}, {"Range": "bytes=0-1"}, True),
        ({"Accept_Encoding": "gzip"}, {"Accept_Encoding": "br;q=0.1, gzip"}, True),
        ({"Accept_Encoding": "gzip"}, {"Accept_Encoding": "br"}, True),
        ({}, {"method": "HEAD"}, True),
        ({"method": "HEAD"}, {}, True),
        ({}, {"path": "/sparql", "method": "POST"}, False),
    ],
)
def test_which_requests_are_alike(first: dict[str, str], second: dict[str, str], alike: bool) -> None:
    origin = Origin([*LASTING, ("Vary", "Accept-Language, Accept-Encoding"), ("Vary", "accept")])
    client = cached(origin)
    for each in (first, second):
        assert ask(client, **each).status_code == 200  # type: ignore[arg-type]
    assert len(origin.asked) == (1 if alike else 2)


def test_answers_that_vary_differently_are_told_apart() -> None:
    def body(environ: WSGIEnvironment) -> bytes:
        return str((environ["PATH_INFO"], environ.get("HTTP_ACCEPT"), environ.get("HTTP_X_WHO"))).encode()

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("ETag", '"a"'), ("Vary", environ["PATH_INFO"][1:])])
        return [body(environ)]

    client = cached(app)
    for _ in range(2):
        for path in ("/Accept", "/X-Who", "/Accept, X-Who", "/User-Agent"):
            for accept in ("a", "b"):
                answer = ask(client, path, Accept=accept, X_Who=accept).data
                expected = (
                    str((path, accept, accept)).encode()
                    if path != "/User-Agent"
                    else str((path, "a", "a")).encode()
                )
                assert answer == expected


def test_the_host_matters_unless_it_does_not() -> None:
    origin = Origin()
    client = cached(origin, by_host=False)
    ask(client, Host="a.example")
    assert ask(client, Host="b.example").data == ROWS
    assert len(origin.asked) == 1


def test_an_endless_choice_of_vary_is_not_kept() -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("ETag", '"a"'), ("Vary", environ["QUERY_STRING"])])
        return [b""]

    meter = Counter()
    client = cached(app, meter=meter)
    for number in range(100):
        ask(client, f"/?x-{number}")
    assert meter.entries == 16


# Questions in a body


@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_a_question_in_a_body_is_answered_once(method: str) -> None:
    origin = Origin(body=lambda environ: environ["wsgi.input"].read())
    client = cached(origin)
    for question in (b"ASK {}", b"ASK { }", b"ASK {}"):
        answer = ask(
            client,
            "/sparql?a=b",
            method,
            question,
            Content_Type=QUERY,
            If_None_Match="*" * (method == "POST"),
        )
        assert (answer.status_code, answer.data) == (200, question)
    assert len(origin.asked) == 2


@pytest.mark.parametrize(
    ("path", "headers", "size"),
    [
        ("/other", {}, 10),
        ("/sparql/", {}, 10),
        ("/sparql", {}, 16_385),
        ("/sparql", {"Content_Encoding": "gzip"}, 10),
        ("/sparql", {"Authorization": "Basic YQ=="}, 10),
    ],
)
def test_other_bodies_are_passed_on_whole(path: str, headers: dict[str, str], size: int) -> None:
    origin = Origin(body=lambda environ: environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    client = cached(origin)
    for _ in range(2):
        assert ask(client, path, "POST", b"q" * size, **headers).data == b"q" * size
    assert len(origin.asked) == 2


@pytest.mark.parametrize(
    "changed", [{"Content_Type": "application/x-www-form-urlencoded"}, {"Accept": "text/csv"}]
)
def test_a_body_is_asked_again_of_another_type(changed: dict[str, str]) -> None:
    origin = Origin([*LASTING, ("Vary", "Accept")])
    client = cached(origin)
    for headers in ({"Content_Type": QUERY}, {"Content_Type": QUERY} | changed):
        ask(client, "/sparql", "POST", b"query=ASK{}", **headers)
    ask(client, "/sparql", "QUERY", b"query=ASK{}", Content_Type=QUERY)
    assert len(origin.asked) == 3


@pytest.mark.parametrize(
    ("length", "sent", "answered"),
    [
        ("9", b"ASK {}", b"ASK {}"),
        ("many", b"ASK {}", b""),
        ("-1", b"ASK {}", b""),
        ("٣", b"ASK", b""),
        ("", b"ASK", b""),
    ],
)
def test_a_body_of_another_length_than_it_says_is_not_kept(length: str, sent: bytes, answered: bytes) -> None:
    def body(environ: WSGIEnvironment) -> bytes:
        read: bytes = environ["wsgi.input"].read(9 if environ["CONTENT_LENGTH"] == "9" else 0)
        return read

    origin = Origin(body=body)
    cache = Cache(origin, max_bytes=1 << 20)
    for _ in range(2):
        environ = create_environ("/sparql", method="POST", input_stream=BytesIO(sent), content_type=QUERY)
        environ["CONTENT_LENGTH"] = length
        assert b"".join(run_wsgi_app(cache, environ)[0]) == answered
    assert len(origin.asked) == 2


def test_a_body_that_comes_in_pieces_is_read_whole() -> None:
    class Slow(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(min(size or 0, 2))

    origin = Origin(body=lambda environ: environ["wsgi.input"].read())
    cache = Cache(origin, max_bytes=1 << 20)
    for _ in range(2):
        environ = create_environ("/sparql", method="POST", input_stream=Slow(b"ASK {}"), content_type=QUERY)
        environ["CONTENT_LENGTH"] = "6"
        assert b"".join(run_wsgi_app(cache, environ)[0]) == b"ASK {}"
    assert len(origin.asked) == 1


# What is sent


def test_an_answer_is_encoded_once_for_each_coding() -> None:
    origin = Origin([*LASTING, ("Vary", "Accept")])
    client = cached(origin)
    tags = set()
    for coding in ("gzip", "", "br", "zstd", "gzip", "deflate, gzip;q=0.5", "identity"):
        answer = ask(client, Accept_Encoding=coding)
        assert answer.headers["Content-Length"] == str(len(answer.data))
        assert answer.headers.getlist("Vary") == ["Accept, Accept-Encoding"]
        if answer.headers.get("Content-Encoding") == "gzip":
            assert gzip.decompress(answer.data) == ROWS
        tags.add((answer.headers.get("Content-Encoding"), answer.headers["ETag"]))
    assert tags == {(None, '"a"'), ("br", '"a-br"'), ("gzip", '"a-gzip"'), ("zstd", '"a-zstd"')}
    assert len(origin.asked) == 1


def test_what_does_not_last_is_encoded_too() -> None:
    client = cached(Origin([("Content-Type", "text/html"), ("Cache-Control", "no-store")]), max_bytes=0)
    for each in ({}, {"path": "/form", "method": "POST"}, {"Authorization": "Basic YQ=="}):
        answer = ask(client, Accept_Encoding="gzip", **each)  # type: ignore[arg-type]
        assert gzip.decompress(answer.data) == ROWS


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("coding", ["", "gzip"])
@pytest.mark.parametrize("headers", [LASTING, LASTING[:1]])
def test_head_is_get_without_a_body(headers: Headers, coding: str, first: bool) -> None:
    client = cached(Origin(headers))
    get = None if first else ask(client, Accept_Encoding=coding)
    head = ask(client, method="HEAD", Accept_Encoding=coding)
    get = get or ask(client, Accept_Encoding=coding)
    assert (head.status, [*head.headers]) == (get.status, [*get.headers])
    assert (head.data, len(get.data)) == (b"", int(head.headers["Content-Length"]))


@pytest.mark.parametrize(
    ("status", "headers"),
    [("404 Not Found", []), ("200 OK", [("Content-Length", "99999999")]), ("200 OK", [])],
)
def test_head_of_what_is_passed_on_has_no_body_and_ends_it(status: str, headers: Headers) -> None:
    body = Stream(b"a", b"b")
    answer = ask(cached(stream(headers, body, status)), method="HEAD")
    assert (answer.status, answer.data, [*answer.headers]) == (status, b"", headers)
    assert (body.taken, body.closed) == (0, 1)


def test_head_of_an_answer_that_is_never_kept_is_the_application_s_own() -> None:
    origin = Origin([("Content-Length", "4800")], b"")
    answer = ask(cached(origin), method="HEAD", Authorization="Basic YQ==", Accept_Encoding="gzip")
    assert (answer.headers["Content-Length"], answer.data) == ("4800", b"")
    assert origin.asked[0]["REQUEST_METHOD"] == "HEAD"


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize(
    ("method", "coding", "condition", "status"),
    [
        ("GET", "", {"If_None_Match": '"a"'}, 304),
        ("GET", "", {"If_None_Match": 'W/"a", "b"'}, 304),
        ("GET", "", {"If_None_Match": "*"}, 304),
        ("GET", "", {"If_None_Match": '"b"'}, 200),
        ("GET", "", {"If_None_Match": '"a-gzip"'}, 200),
        ("GET", "gzip", {"If_None_Match": '"a-gzip"'}, 304),
        ("GET", "gzip", {"If_None_Match": 'W/"a-gzip"'}, 304),
        ("GET", "br", {"If_None_Match": '"a-gzip"'}, 200),
        ("HEAD", "gzip", {"If_None_Match": '"a-gzip"'}, 304),
        ("GET", "", {"If_Modified_Since": "Tue, 24 Nov 2026 09:00:00 GMT"}, 304),
        ("GET", "", {"If_Modified_Since": "Tue, 24 Nov 2026 08:00:00 GMT"}, 200),
        ("GET", "", {"If_Modified_Since": "Tue, 24 Nov 2026 09:00:00 GMT", "If_None_Match": '"b"'}, 200),
        ("QUERY", "", {"If_None_Match": '"a"'}, 304),
        ("POST", "", {"If_None_Match": '"a"'}, 200),
    ],
)
def test_an_answer_that_the_client_holds_is_not_sent_again(
    method: str, coding: str, condition: dict[str, str], status: int, kept: bool
) -> None:
    client = cached(Origin([*LASTING, ("Last-Modified", "Tue, 24 Nov 2026 09:00:00 GMT"), ("X-A", "b")]))
    if kept:
        ask(client, "/sparql", method, Accept_Encoding=coding)
    answer = ask(client, "/sparql", method, b"", Accept_Encoding=coding, **condition)
    assert answer.status_code == status
    assert (answer.data == b"") == (status == 304 or method == "HEAD")
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["ETag"] == (f'"a-{coding}"' if coding else '"a"')
    assert answer.headers["X-A"] == "b"
    assert ("Content-Length" in answer.headers) == ("Content-Type" in answer.headers) == (status == 200)


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ({"If_Match": '"b"'}, 412),
        ({"If_Match": 'W/"a"'}, 412),
        ({"If_Match": '"a"'}, 200),
        ({"If_Match": "*"}, 200),
        ({"If_Unmodified_Since": "Tue, 24 Nov 2026 08:00:00 GMT"}, 412),
        ({"If_Unmodified_Since": "Tue, 24 Nov 2026 09:00:00 GMT"}, 200),
    ],
)
def test_an_answer_that_fails_a_precondition_is_not_sent(
    condition: dict[str, str], status: int, method: str, kept: bool
) -> None:
    client = cached(Origin([*LASTING, ("Last-Modified", "Tue, 24 Nov 2026 09:00:00 GMT")]))
    if kept:
        ask(client)
    answer = ask(client, "/a", method, b"", **condition)
    assert answer.status_code == status
    assert (answer.data == b"") == (method == "HEAD")
    assert answer.content_type == ("text/csv" if status == 200 else "application/problem+json")
    assert ask(client).status_code == 200


def test_conditions_of_an_answer_that_is_sent_as_it_is_made() -> None:
    headers = [("ETag", '"a"'), ("Content-Length", str(32 << 20)), ("Content-Type", "text/csv")]
    for condition, status in (({"If_None_Match": '"a"'}, 304), ({"If_Match": '"b"'}, 412)):
        body = Stream(b"a" * 1024)
        answer = ask(cached(stream(headers, body)), "/", "GET", b"", **condition)
        assert (answer.status_code, body.taken, body.closed) == (status, 0, 1)


@pytest.mark.parametrize("status", ["404 Not Found", "503 Service Unavailable"])
def test_conditions_do_not_matter_to_an_error(status: str) -> None:
    client = cached(Origin(status=status))
    assert ask(client, If_Match='"b"').status == ask(client, If_None_Match="*").status == status


def test_the_application_may_say_itself_that_nothing_has_changed() -> None:
    client = cached(Origin([("ETag", '"a"'), ("Vary", "Accept")], b"", "304 Not Modified"))
    answer = ask(client, If_None_Match='"a"')
    assert (answer.status_code, [*answer.headers]) == (
        304,
        [("ETag", '"a"'), ("Vary", "Accept, Accept-Encoding")],
    )


def test_the_headers_that_are_sent_may_be_added_to() -> None:
    cache = Cache(Origin(), max_bytes=1 << 20)

    def outer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        def start(status: str, headers: Headers, *_: object) -> Callable[[bytes], object]:
            headers.append(("X-Request-Id", "1"))
            return start_response(status, headers)

        return cache(environ, start)

    client = Client(outer)
    for tags in ("", "", "*", "*"):
        assert ask(client, If_None_Match=tags).headers.getlist("X-Request-Id") == ["1"]


def test_a_stream_of_unknown_length_is_passed_on_as_it_comes() -> None:
    body = Stream(b"a" * 2000, b"b" * 2000)
    cache = Cache(stream(LASTING, body), max_bytes=1 << 20)
    chunks = iter(cache(create_environ(headers={"Accept-Encoding": "gzip"}), lambda *_: lambda _: None))
    assert (next(chunks), body.taken) == (b"a" * 2000, 1)


@pytest.mark.parametrize(("length", "kept"), [(131_072, False), (100_000, True)])
def test_a_stream_is_read_if_it_is_short(length: int, kept: bool) -> None:
    body = Stream(b"a" * (length - 1), b"b")
    meter = Counter()
    client = cached(stream([*LASTING, ("Content-Length", str(length))], body), meter=meter)
    for _ in range(2):
        assert ask(client).data == b"a" * (length - 1) + b"b"
    assert (meter.entries, meter.hits, body.closed) == ((1, 1, 1) if kept else (0, 0, 2))


@pytest.mark.parametrize("declared", ["3", "5", "-4", "four", "4, 4"])
def test_a_stream_of_another_length_than_it_says_is_passed_on(declared: str) -> None:
    body = Stream(b"ab", b"cd")
    meter = Counter()
    client = cached(stream([*LASTING, ("Content-Length", declared)], body), meter=meter)
    answer = ask(client)
    assert (answer.data, answer.headers["Content-Length"], meter.entries) == (b"abcd", declared, 0)
    answer.close()
    assert body.closed == 1


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("late", [True, False])
def test_an_error_of_the_application_goes_through(method: str, late: bool) -> None:
    def fail() -> Iterator[bytes]:
        yield b"a"
        raise ZeroDivisionError

    def app(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not late:
            raise ZeroDivisionError
        start_response("200 OK", [*LASTING, ("Content-Length", "2")])
        return fail()

    client = cached(app)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            ask(client, "/sparql", method)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_the_cache_speaks_wsgi(method: str) -> None:
    cache = validator(Cache(validator(Origin()), max_bytes=1 << 20))
    for headers in ({}, {}, {"If-None-Match": "*"}, {"Accept-Encoding": "br"}):
        environ = create_environ(
            "/sparql", method=method, data=b"" if method == "GET" else b"ASK {}", headers=headers
        )
        environ.pop("HTTP_CONTENT_TYPE", None)
        body, status, _ = run_wsgi_app(cache, environ)
        assert status[:3] in {"200", "304"}
        getattr(body, "close", lambda: None)()


def test_pages_and_files_of_flask(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(ROWS)
    app = Flask(__name__)
    asked = []

    @app.before_request
    def note() -> None:
        asked.append(request.path)

    @app.get("/page")
    def page() -> Response:
        answer = Response("å" * 1000, content_type="text/html; charset=utf-8")
        answer.set_etag("p", weak=True)
        return answer

    app.add_url_rule("/file", view_func=lambda: send_file(file))
    client = cached(app)
    for _ in range(2):
        for path, text in (("/page", "å" * 1000), ("/file", ROWS.decode())):
            answer = ask(client, path, Accept_Encoding="gzip")
            assert gzip.decompress(answer.data).decode() == text
            assert (
                ask(client, path, Accept_Encoding="gzip", If_None_Match=answer.headers["ETag"]).status_code
                == 304
            )
    assert asked == ["/page", "/file"]
    part = ask(cached(app), "/file", Range="bytes=0-3", Accept_Encoding="gzip")
    assert (part.status_code, part.data) == (206, ROWS[:4])
    part.close()


# Bounds


def test_the_meter_is_told() -> None:
    meter = Counter()
    client = cached(Origin(), meter=meter)
    for path in ("/a", "/a", "/b", "/a"):
        ask(client, path)
    assert (meter.hits, meter.misses, meter.entries) == (2, 2, 2)
    assert 2 * len(ROWS) < meter.bytes_total < 2 * len(ROWS) + 10_000
    ask(client, "/a", Accept_Encoding="gzip")
    assert (meter.hits, meter.misses, meter.entries) == (3, 2, 3)
    ask(client, method="OPTIONS")
    ask(client, Authorization="Basic YQ==")
    assert (meter.hits, meter.misses, meter.entries) == (3, 2, 3)


def test_the_least_recently_used_is_dropped_first() -> None:
    origin, meter = Origin(LASTING, b"x" * 10_000), Counter()
    client = cached(origin, 120_000, meter=meter)
    for number in range(9):
        ask(client, f"/{number}")
    assert meter.entries == 9
    ask(client, "/0")
    ask(client, "/9")
    assert (meter.entries, len(origin.asked)) == (9, 10)
    for path, asked in (("/0", 10), ("/2", 10), ("/1", 11)):
        ask(client, path)
        assert len(origin.asked) == asked
    assert 9 * 10_000 < meter.bytes_total <= 120_000


def test_what_is_not_encoded_is_kept_once() -> None:
    meter = Counter()
    client = cached(Origin(LASTING, b"short"), meter=meter)
    for coding in ("gzip", "br", "", "gzip"):
        assert ask(client, Accept_Encoding=coding).data == b"short"
    assert (meter.entries, meter.hits) == (1, 3)


@pytest.mark.parametrize(
    ("size", "path", "accept", "kept"),
    [
        (120_000, "/a", "", True),
        (131_072, "/a", "", False),
        (10, "/a?" + "q" * 131_072, "", False),
        (10, "/a", "a/b," * 33_000, False),
    ],
)
def test_what_is_larger_than_an_eighth_is_not_kept(size: int, path: str, accept: str, kept: bool) -> None:
    origin, meter = Origin([*LASTING, ("Vary", "Accept")], b"x" * size), Counter()
    client = cached(origin, meter=meter)
    for _ in range(2):
        assert len(ask(client, path, Accept=accept).data) == size
    assert (len(origin.asked), meter.entries) == ((1, 1) if kept else (2, 0))


@pytest.mark.parametrize("header", ["Accept", "Accept_Encoding", "Host", "If_None_Match", "Accept_Language"])
def test_many_strange_headers_do_not_fill_the_memory(header: str) -> None:
    meter = Counter()
    client = cached(Origin([*LASTING, ("Vary", "Accept, Accept-Language")]), 100_000, meter=meter)
    for number in range(200):
        ask(client, **{header: f"x-{number};q=0.{number}" * 20})  # type: ignore[arg-type]
    assert meter.bytes_total <= 100_000
    assert meter.entries <= 100_000 // len(ROWS)


# Several at once


def test_of_many_who_ask_the_same_one_asks_the_application() -> None:
    go = threading.Event()

    def body(_environ: WSGIEnvironment) -> bytes:
        go.wait(5)
        return ROWS

    origin, meter = Origin(LASTING, ROWS, "503 Service Unavailable"), Counter()
    client = cached(origin, meter=meter)
    ask(client)
    origin.asked.clear()
    origin.status, origin.body = "200 OK", body
    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(ask, client, method=method) for method in ("GET", "HEAD") * 4]
        while not origin.asked:
            time.sleep(0.001)
        time.sleep(0.05)
        start = time.perf_counter()
        go.set()
        assert [len(each.result().data) for each in answers] == [len(ROWS), 0] * 4
        assert time.perf_counter() - start < 0.7, "nobody waits longer than it takes"
    assert (len(origin.asked), meter.hits, meter.misses) == (1, 7, 2)


def test_those_who_wait_ask_themselves_when_the_first_fails() -> None:
    go = threading.Event()

    def body(_environ: WSGIEnvironment) -> bytes:
        if len(origin.asked) == 1:
            go.wait(5)
            raise ZeroDivisionError
        return ROWS

    origin = Origin(body=body)
    client = cached(origin)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(ask, client)
        while not origin.asked:
            time.sleep(0.001)
        others = [pool.submit(ask, client) for _ in range(7)]
        time.sleep(0.05)
        go.set()
        with pytest.raises(ZeroDivisionError):
            first.result()
        assert [each.result().data for each in others] == [ROWS] * 7
    assert ask(client).data == ROWS


def test_nobody_waits_long_for_another() -> None:
    go = threading.Event()

    def body(_environ: WSGIEnvironment) -> bytes:
        if len(origin.asked) == 1:
            go.wait(10)
        return ROWS

    origin, meter = Origin(body=body), Counter()
    client = cached(origin, meter=meter)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(ask, client)
        while not origin.asked:
            time.sleep(0.001)
        start = time.perf_counter()
        assert ask(client).data == ROWS
        assert 0.5 < time.perf_counter() - start < 2
        assert not first.done()
        kept = meter.bytes_total
        go.set()
        assert first.result().data == ROWS
    assert (meter.entries, meter.bytes_total) == (1, kept)


# The very same request


def request_of(environ: WSGIEnvironment) -> bytes:
    """Return `environ` as a request came, with the headers of which the test tells them apart."""
    told = [(name, value) for name, value in sorted(environ.items()) if name.startswith("HTTP_")]
    return repr((environ["PATH_INFO"], environ["QUERY_STRING"], told)).encode()


def known(cache: Cache, path: str = "/a", **headers: str) -> bytes:
    """Have a request answered and then found among what is kept, and return it."""
    environ = create_environ(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    run_wsgi_app(cache, environ)
    request = request_of(environ)
    cache.kept(environ, request)
    return request


def test_the_very_same_request_is_known_again() -> None:
    origin, meter = Origin([*LASTING, ("Vary", "Accept")]), Counter()
    cache = Cache(origin, max_bytes=1 << 20, meter=meter)
    plain, zipped = known(cache, Accept="text/csv"), known(cache, Accept="text/csv", Accept_Encoding="gzip")
    one, other = cache.again(plain), cache.again(zipped)
    assert one
    assert other
    assert one.answer.body == gzip.decompress(other.answer.body) == ROWS
    assert (one.path, one.query_string) == ("/a", "")
    assert (len(origin.asked), meter.hits) == (1, 5)


@pytest.mark.parametrize(
    ("path", "headers"), [("/b", {}), ("/a?b", {}), ("/a", {"Accept": "text/html"}), ("/a", {"X-A": "1"})]
)
def test_any_other_request_is_not(path: str, headers: dict[str, str]) -> None:
    cache = Cache(Origin(), max_bytes=1 << 20)
    assert cache.again(known(cache))
    assert cache.again(request_of(create_environ(path, headers=headers))) is None


@pytest.mark.parametrize(
    "headers",
    [
        {"If_None_Match": '"a"'},
        {"If_Modified_Since": "Thu, 26 Nov 2026 12:00:00 GMT"},
        {"X_Request_ID": "mine"},
        {"Authorization": "Basic YTph"},
        {"Accept": "a" * 5000},
    ],
)
def test_a_request_that_says_more_is_looked_at_each_time(headers: dict[str, str]) -> None:
    cache = Cache(Origin(), max_bytes=1 << 20)
    assert cache.again(known(cache, **headers)) is None


def test_what_is_no_longer_kept_is_not_given_again() -> None:
    cache = Cache(Origin(), max_bytes=100_000)
    request = known(cache)
    assert cache.again(request)
    for number in range(50):
        known(cache, f"/{number}")
    assert cache.again(request) is None


def test_what_is_given_again_is_in_use() -> None:
    """It is not the least recently used, which is dropped first."""
    cache = Cache(Origin(), max_bytes=100_000)
    request = known(cache)
    for number in range(50):
        known(cache, f"/{number}")
        assert cache.again(request)


def test_no_more_than_some_requests_are_known() -> None:
    cache = Cache(Origin(), max_bytes=1 << 20)
    requests = [known(cache, X_A=str(number)) for number in range(1_100)]
    assert 0 < sum(cache.again(request) is not None for request in requests) <= 1_024


def test_many_threads_and_little_room() -> None:
    def body(environ: WSGIEnvironment) -> bytes:
        return str(environ["PATH_INFO"]).encode() * 1000

    meter = Counter()
    client = cached(Origin(body=body), 200_000, meter=meter)

    def work(seed: int) -> bool:
        right = True
        for number in range(300):
            path = f"/{(number * seed) % 37}"
            answer = ask(client, path, Accept_Encoding=("", "gzip")[number % 2])
            text = gzip.decompress(answer.data) if "Content-Encoding" in answer.headers else answer.data
            right = right and text == path.encode() * 1000
        return right

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(1, 9)))
    assert meter.bytes_total <= 200_000
