import gzip
import hashlib
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest
from flask import Flask, request, send_file
from flask import Response as FlaskResponse
from werkzeug.datastructures import Headers
from werkzeug.test import create_environ

from web.http.preconditions import apply
from web.http.representation import Representation
from web.http.response_cache import ResponseCache
from web.http.responses import Headers as HeaderList
from web.http.responses import Response

ROWS = b"organisation,product\r\nuppsala-kommun,office-365\r\n" * 100
LASTING: HeaderList = [
    ("Content-Type", "text/csv"),
    ("ETag", '"a"'),
    ("Cache-Control", "public, max-age=60"),
]
QUERY = "application/sparql-query"


class Origin:
    """An application that gives the same response to everything, and records the requests."""

    def __init__(
        self,
        headers: HeaderList = LASTING,
        body: bytes | Callable[[WSGIEnvironment], bytes] = ROWS,
        status: str = "200 OK",
    ) -> None:
        self.headers, self.body, self.status = headers, body, status
        self.requests: list[WSGIEnvironment] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.requests.append(environ)
        body = self.body if isinstance(self.body, bytes) else self.body(environ)
        start_response(self.status, [*self.headers])
        return [body]


class Stream:
    """A body that is made while it is read."""

    def __init__(self, *parts: bytes) -> None:
        self.parts, self.taken, self.closed = parts, 0, 0

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            self.taken += 1
            yield part

    def close(self) -> None:
        self.closed += 1


class Counts:
    """An observer that counts."""

    def __init__(self) -> None:
        self.hits = self.misses = self.bytes_total = self.entries = 0

    def hit(self) -> None:
        self.hits += 1

    def miss(self) -> None:
        self.misses += 1

    def stored(self, bytes_total: int, entries: int) -> None:
        self.bytes_total, self.entries = bytes_total, entries


class Sent(NamedTuple):
    """A response as a client gets it."""

    status: int
    headers: Headers
    body: bytes


class Client:
    """Sends requests to an application through a cache, as the server does."""

    def __init__(self, app: WSGIApplication, max_bytes: int = 1 << 20, *, by_host: bool = True) -> None:
        self.app, self.counts = app, Counts()
        self.cache = ResponseCache(max_bytes=max_bytes, observer=self.counts, by_host=by_host)

    def send(self, path: str = "/a", method: str = "GET", body: bytes = b"", **headers: str) -> Sent:
        """Return the response; the names of `headers` have underscores for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.send_environ(create_environ(path, method=method, data=body, headers=named))

    def send_environ(self, environ: WSGIEnvironment) -> Sent:
        response = self.respond(environ)
        return Sent(response.status, Headers(response.headers), response.read())

    def respond(self, environ: WSGIEnvironment) -> Response:
        found = self.cache.find(environ)
        return apply(environ, found.response) if found else self.cache.fetch(environ, self.app)


def streaming(headers: HeaderList, body: Iterable[bytes], status: str = "200 OK") -> WSGIApplication:
    def app(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response(status, [*headers])
        return body

    return app


def read_body(environ: WSGIEnvironment) -> bytes:
    body: bytes = environ["wsgi.input"].read()
    return body


# What is kept


@pytest.mark.parametrize(
    ("headers", "is_kept"),
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
def test_public_responses_with_a_tag_are_kept(headers: HeaderList, is_kept: bool) -> None:
    origin = Origin(headers)
    client = Client(origin)
    assert [client.send().body for _ in range(3)] == [ROWS] * 3
    assert len(origin.requests) == (1 if is_kept else 3)


@pytest.mark.parametrize(
    "status", ["201 Created", "204 No Content", "206 Partial", "303 See Other", "503 Busy"]
)
def test_other_statuses_than_200_are_neither_kept_nor_changed(status: str) -> None:
    origin = Origin([*LASTING, ("Retry-After", "1")], ROWS, status)
    client = Client(origin)
    for _ in range(2):
        sent = client.send(Accept_Encoding="gzip", If_None_Match='"a"')
        assert (sent.status, sent.body, [*sent.headers]) == (int(status[:3]), ROWS, origin.headers)
    assert len(origin.requests) == 2


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "PATCH", "BREW"])
@pytest.mark.parametrize("path", ["/a", "/sparql"])
def test_responses_to_other_methods_are_neither_kept_nor_changed(method: str, path: str) -> None:
    origin = Origin()
    client = Client(origin)
    for _ in range(2):
        sent = client.send(path, method, Accept_Encoding="gzip", If_None_Match='"a"')
        assert (sent.status, [*sent.headers], sent.body) == (200, LASTING, ROWS)
    assert len(origin.requests) == 2
    assert client.counts.misses == 0


@pytest.mark.parametrize(
    ("first", "second", "are_alike"),
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
        ({"path": "/sparql"}, {"path": "/sparql", "method": "POST"}, False),
    ],
)
def test_requests_share_a_response_if_what_it_depends_on_is_the_same(
    first: dict[str, str], second: dict[str, str], are_alike: bool
) -> None:
    origin = Origin([*LASTING, ("Vary", "Accept-Language, Accept-Encoding"), ("Vary", "accept")])
    client = Client(origin)
    for each in (first, second):
        assert client.send(**each).status == 200  # type: ignore[arg-type]
    assert len(origin.requests) == (1 if are_alike else 2)


def test_the_scheme_of_a_request_is_part_of_its_key() -> None:
    origin = Origin()
    client = Client(origin)
    for scheme in ("http", "https", "https"):
        client.send_environ(create_environ("/a") | {"wsgi.url_scheme": scheme})
    assert len(origin.requests) == 2


def test_responses_with_different_vary_headers_are_told_apart() -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("ETag", '"a"'), ("Vary", environ["PATH_INFO"][1:])])
        return [repr((environ.get("HTTP_ACCEPT"), environ.get("HTTP_X_WHO"))).encode()]

    client = Client(app)
    for _ in range(2):
        for path in ("/Accept", "/X-Who", "/Accept, X-Who"):
            for value in ("a", "b"):
                assert client.send(path, Accept=value, X_Who=value).body == repr((value, value)).encode()
        assert client.send("/User-Agent", Accept="a", X_Who="a").body == b"('a', 'a')"
    assert client.send("/User-Agent", Accept="b", X_Who="b").body == b"('a', 'a')"


def test_the_host_is_no_part_of_the_key_where_responses_do_not_depend_on_it() -> None:
    origin = Origin()
    client = Client(origin, by_host=False)
    client.send(Host="a.example")
    assert client.send(Host="b.example").body == ROWS
    assert len(origin.requests) == 1


def test_the_number_of_different_vary_headers_is_bounded() -> None:
    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("ETag", '"a"'), ("Vary", environ["QUERY_STRING"])])
        return [b""]

    client = Client(app)
    for number in range(100):
        client.send(f"/?x-{number}")
    assert client.counts.entries == 16


# Queries in bodies


@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_the_response_to_a_query_in_a_body_is_kept(method: str) -> None:
    origin = Origin(body=read_body)
    client = Client(origin)
    for query in (b"ASK {}", b"ASK { }", b"ASK {}"):
        sent = client.send("/sparql?a=b", method, query, Content_Type=QUERY)
        assert (sent.status, sent.body) == (200, query)
    assert len(origin.requests) == 2


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
def test_the_responses_to_other_bodies_are_not_kept(path: str, headers: dict[str, str], size: int) -> None:
    origin = Origin(body=read_body)
    client = Client(origin)
    for _ in range(2):
        assert client.send(path, "POST", b"q" * size, **headers).body == b"q" * size
    assert len(origin.requests) == 2


@pytest.mark.parametrize(
    "changed", [{"Content_Type": "application/x-www-form-urlencoded"}, {"Accept": "text/csv"}]
)
def test_the_type_and_the_method_of_a_body_are_part_of_the_key(changed: dict[str, str]) -> None:
    origin = Origin([*LASTING, ("Vary", "Accept")])
    client = Client(origin)
    for headers in ({"Content_Type": QUERY}, {"Content_Type": QUERY} | changed):
        client.send("/sparql", "POST", b"query=ASK{}", **headers)
    client.send("/sparql", "QUERY", b"query=ASK{}", Content_Type=QUERY)
    assert len(origin.requests) == 3


@pytest.mark.parametrize("declared", ["9", "many", "-1", "٣", "", "00000006"])
def test_a_body_that_is_not_as_long_as_declared_is_passed_on_and_its_response_not_kept(declared: str) -> None:
    origin = Origin(body=read_body)
    client = Client(origin)
    for _ in range(2):
        environ = create_environ(
            "/sparql", method="POST", input_stream=BytesIO(b"ASK {}"), content_type=QUERY
        )
        environ["CONTENT_LENGTH"] = declared
        assert client.send_environ(environ).body == b"ASK {}"
    assert len(origin.requests) == 2


# What is sent


def test_a_response_is_encoded_once_for_each_coding() -> None:
    origin = Origin([*LASTING, ("Vary", "Accept")])
    client = Client(origin)
    tags = set()
    for coding in ("gzip", "", "br", "zstd", "gzip", "deflate, gzip;q=0.5", "identity"):
        sent = client.send(Accept_Encoding=coding)
        assert sent.headers["Content-Length"] == str(len(sent.body))
        assert sent.headers.getlist("Vary") == ["Accept, Accept-Encoding"]
        if sent.headers.get("Content-Encoding") == "gzip":
            assert gzip.decompress(sent.body) == ROWS
        tags.add((sent.headers.get("Content-Encoding"), sent.headers["ETag"]))
    assert tags == {(None, '"a"'), ("br", '"a-br"'), ("gzip", '"a-gzip"'), ("zstd", '"a-zstd"')}
    assert len(origin.requests) == 1
    assert client.counts.entries == 4


def test_responses_that_are_not_kept_are_encoded_too() -> None:
    client = Client(Origin([("Content-Type", "text/html"), ("Cache-Control", "no-store")]), max_bytes=0)
    for each in ({}, {"path": "/form", "method": "POST"}, {"Authorization": "Basic YQ=="}):
        sent = client.send(Accept_Encoding="gzip", **each)  # type: ignore[arg-type]
        assert gzip.decompress(sent.body) == ROWS


def test_a_response_that_no_coding_makes_shorter_is_kept_as_it_is_for_each() -> None:
    noise = hashlib.shake_256(b"").digest(5000)
    client = Client(Origin([*LASTING[1:], ("Content-Type", "text/plain")], noise))
    for coding in ("gzip", "gzip", ""):
        assert client.send(Accept_Encoding=coding).body == noise
    environ = create_environ("/a", headers={"Accept-Encoding": "gzip"})
    assert client.cache.find(environ)
    assert (client.counts.misses, client.counts.entries) == (1, 2)


@pytest.mark.parametrize("head_first", [True, False])
@pytest.mark.parametrize("coding", ["", "gzip"])
@pytest.mark.parametrize("headers", [LASTING, LASTING[:1]])
def test_the_response_to_head_is_that_to_get_without_its_body(
    headers: HeaderList, coding: str, head_first: bool
) -> None:
    client = Client(Origin(headers))
    get = None if head_first else client.send(Accept_Encoding=coding)
    head = client.send(method="HEAD", Accept_Encoding=coding)
    get = get or client.send(Accept_Encoding=coding)
    assert (head.status, [*head.headers]) == (get.status, [*get.headers])
    assert (head.body, len(get.body)) == (b"", int(head.headers["Content-Length"]))


@pytest.mark.parametrize(
    ("status", "headers"),
    [("404 Not Found", []), ("200 OK", [("Content-Length", "99999999")]), ("200 OK", [])],
)
def test_a_body_that_head_does_not_need_is_closed_unread(status: str, headers: HeaderList) -> None:
    body = Stream(b"a", b"b")
    sent = Client(streaming(headers, body, status)).send(method="HEAD")
    assert (sent.status, sent.body, [*sent.headers]) == (int(status[:3]), b"", headers)
    assert (body.taken, body.closed) == (0, 1)


def test_the_response_to_head_is_that_to_get_where_it_is_never_kept() -> None:
    origin = Origin()
    client = Client(origin)
    get, head = (
        client.send(method=method, Authorization="Basic YQ==", Accept_Encoding="gzip")
        for method in ("GET", "HEAD")
    )
    assert (head.status, [*head.headers], head.body) == (200, [*get.headers], b"")
    assert head.headers["Content-Length"] == str(len(get.body))
    assert [environ["REQUEST_METHOD"] for environ in origin.requests] == ["GET", "GET"]


@pytest.mark.parametrize("is_kept", [True, False])
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
def test_a_response_that_the_client_holds_is_not_sent_again(
    method: str, coding: str, condition: dict[str, str], status: int, is_kept: bool
) -> None:
    client = Client(Origin([*LASTING, ("Last-Modified", "Tue, 24 Nov 2026 09:00:00 GMT"), ("X-A", "b")]))
    if is_kept:
        client.send("/sparql", method, Accept_Encoding=coding)
    sent = client.send("/sparql", method, b"", Accept_Encoding=coding, **condition)
    assert sent.status == status
    assert (sent.body == b"") == (status == 304 or method == "HEAD")
    assert sent.headers["Vary"] == "Accept-Encoding"
    assert sent.headers["Cache-Control"] == "public, max-age=60"
    assert sent.headers["ETag"] == (f'"a-{coding}"' if coding else '"a"')
    assert sent.headers["X-A"] == "b"
    assert ("Content-Length" in sent.headers) == ("Content-Type" in sent.headers) == (status == 200)


@pytest.mark.parametrize("is_kept", [True, False])
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
def test_a_response_that_fails_a_precondition_is_not_sent(
    condition: dict[str, str], status: int, method: str, is_kept: bool
) -> None:
    client = Client(Origin([*LASTING, ("Last-Modified", "Tue, 24 Nov 2026 09:00:00 GMT")]))
    if is_kept:
        client.send()
    sent = client.send("/a", method, b"", **condition)
    assert sent.status == status
    assert (sent.body == b"") == (method == "HEAD")
    assert sent.headers["Content-Type"] == ("text/csv" if status == 200 else "application/problem+json")
    assert client.send().status == 200


@pytest.mark.parametrize(
    ("condition", "status"), [({"If_None_Match": '"a"'}, 304), ({"If_Match": '"b"'}, 412)]
)
def test_conditions_are_evaluated_for_a_response_that_is_not_read(
    condition: dict[str, str], status: int
) -> None:
    body = Stream(b"a" * 1024)
    headers = [("ETag", '"a"'), ("Content-Length", str(32 << 20)), ("Content-Type", "text/csv")]
    sent = Client(streaming(headers, body)).send("/", "GET", b"", **condition)
    assert (sent.status, body.taken, body.closed) == (status, 0, 1)


@pytest.mark.parametrize("status", ["404 Not Found", "503 Service Unavailable"])
def test_conditions_do_not_matter_to_an_error(status: str) -> None:
    client = Client(Origin(status=status))
    assert client.send(If_Match='"b"').status == client.send(If_None_Match="*").status == int(status[:3])


def test_a_304_of_the_application_is_passed_on() -> None:
    headers = [("ETag", '"a"'), ("Vary", "Accept, Accept-Encoding")]
    sent = Client(Origin(headers, b"", "304 Not Modified")).send(If_None_Match='"a"')
    assert (sent.status, [*sent.headers]) == (304, headers)


def test_headers_that_are_added_to_a_response_are_not_kept() -> None:
    client = Client(Origin())
    for tags in ("", "", "*", "*"):
        response = client.respond(create_environ("/a", headers={"If-None-Match": tags}))
        response.headers.append(("X-Request-ID", "1"))
        assert [name for name, _ in response.headers].count("X-Request-ID") == 1


def test_a_stream_of_unknown_length_is_passed_on_as_it_is_made() -> None:
    body = Stream(b"a" * 2000, b"b" * 2000)
    client = Client(streaming(LASTING, body))
    parts = iter(client.respond(create_environ(headers={"Accept-Encoding": "gzip"})).body)
    assert (next(parts), body.taken) == (b"a" * 2000, 1)


@pytest.mark.parametrize(("length", "is_kept"), [(131_072, False), (100_000, True)])
def test_a_stream_is_kept_if_it_is_short(length: int, is_kept: bool) -> None:
    body = Stream(b"a" * (length - 1), b"b")
    client = Client(streaming([*LASTING, ("Content-Length", str(length))], body))
    for _ in range(2):
        assert client.send().body == b"a" * (length - 1) + b"b"
    assert (client.counts.entries, client.counts.hits, body.closed) == ((1, 1, 1) if is_kept else (0, 0, 2))


def test_a_long_stream_is_not_read_before_it_is_sent() -> None:
    body = Stream(b"a" * (1 << 20), b"b")
    client = Client(streaming([*LASTING, ("Content-Length", str((1 << 20) + 1))], body))
    response = client.respond(create_environ("/a"))
    assert (response.body, body.taken) == (body, 0)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("declared", ["3", "5", "-4", "four", "4, 4"])
def test_a_stream_of_another_length_than_declared_is_passed_on_and_not_kept(
    declared: str, method: str
) -> None:
    body = Stream(b"ab", b"cd")
    client = Client(streaming([*LASTING, ("Content-Length", declared)], body))
    sent = client.send(method=method)
    assert (sent.body, sent.headers["Content-Length"]) == (b"abcd" if method == "GET" else b"", declared)
    assert (client.counts.entries, body.closed) == (0, 1)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("is_late", [True, False])
def test_an_error_of_the_application_is_raised_each_time(method: str, is_late: bool) -> None:
    def fail() -> Iterator[bytes]:
        yield b"a"
        raise ZeroDivisionError

    def app(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not is_late:
            raise ZeroDivisionError
        start_response("200 OK", [*LASTING, ("Content-Length", "2")])
        return fail()

    client = Client(app)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            client.send("/sparql", method)


def test_pages_and_files_of_flask(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    file.write_bytes(ROWS)
    app = Flask(__name__)
    paths = []

    @app.before_request
    def note() -> None:
        paths.append(request.path)

    @app.get("/page")
    def page() -> FlaskResponse:
        response = FlaskResponse("å" * 1000, content_type="text/html; charset=utf-8")
        response.set_etag("p", weak=True)
        return response

    app.add_url_rule("/file", view_func=lambda: send_file(file))
    client = Client(app)
    for _ in range(2):
        for path, text in (("/page", "å" * 1000), ("/file", ROWS.decode())):
            sent = client.send(path, Accept_Encoding="gzip")
            assert gzip.decompress(sent.body).decode() == text
            again = client.send(path, Accept_Encoding="gzip", If_None_Match=sent.headers["ETag"])
            assert again.status == 304
    assert paths == ["/page", "/file"]
    part = Client(app).send("/file", Range="bytes=0-3", Accept_Encoding="gzip")
    assert (part.status, part.body) == (206, ROWS[:4])


# Other ways in


def test_what_is_held_in_one_coding_needs_no_application_for_another() -> None:
    client = Client(Origin())
    plain, zipped = create_environ("/a"), create_environ("/a", headers={"Accept-Encoding": "gzip"})
    assert not client.cache.holds(plain)
    client.send_environ(plain)
    assert client.cache.find(plain)
    assert client.cache.find(zipped) is None
    assert client.cache.holds(zipped)
    assert not client.cache.holds(create_environ("/b"))
    assert not client.cache.holds(create_environ("/a", headers={"Authorization": "Basic YQ=="}))


def test_a_representation_may_be_kept_without_an_application() -> None:
    cache = ResponseCache(max_bytes=1 << 20)
    environ = create_environ("/a", headers={"Accept-Encoding": "gzip"})
    kept = cache.keep(environ, Representation.of(LASTING, ROWS))
    assert gzip.decompress(kept.body) == ROWS
    assert cache.find(environ) == kept
    plain = cache.find(create_environ("/a"))
    assert plain
    assert plain.body == ROWS


def test_a_response_may_be_kept_without_an_application() -> None:
    cache, body = ResponseCache(max_bytes=1 << 20), Stream(b"a", b"b")
    environ = create_environ("/sparql", method="POST", data=b"ASK {}", content_type=QUERY)
    response = cache.take(environ, Response(200, [*LASTING, ("Content-Length", "2")], body))
    assert (response.read(), body.closed) == (b"ab", 1)
    found = cache.find(environ)
    assert found
    assert found.body == b"ab"


# Bounds


def test_hits_misses_and_what_is_kept_are_reported() -> None:
    client = Client(Origin())
    counts = client.counts
    for path in ("/a", "/a", "/b", "/a"):
        client.send(path)
    assert (counts.hits, counts.misses, counts.entries) == (2, 2, 2)
    assert 2 * len(ROWS) < counts.bytes_total < 2 * len(ROWS) + 10_000
    client.send("/a", Accept_Encoding="gzip")
    assert (counts.hits, counts.misses, counts.entries) == (3, 2, 3)
    client.send(method="OPTIONS")
    client.send(Authorization="Basic YQ==")
    assert (counts.hits, counts.misses, counts.entries) == (3, 2, 3)


def test_the_least_recently_used_is_dropped_first() -> None:
    origin = Origin(LASTING, b"x" * 10_000)
    client = Client(origin, 120_000)
    for number in range(9):
        client.send(f"/{number}")
    assert client.counts.entries == 9
    client.send("/0")
    client.send("/9")
    assert (client.counts.entries, len(origin.requests)) == (9, 10)
    for path, requests in (("/0", 10), ("/2", 10), ("/1", 11)):
        client.send(path)
        assert len(origin.requests) == requests
    assert 9 * 10_000 < client.counts.bytes_total <= 120_000


def test_a_response_that_is_not_encoded_is_kept_once() -> None:
    client = Client(Origin(LASTING, b"short"))
    for coding in ("gzip", "br", "", "gzip"):
        assert client.send(Accept_Encoding=coding).body == b"short"
    assert (client.counts.entries, client.counts.hits) == (1, 3)


@pytest.mark.parametrize(
    ("size", "path", "accept", "is_kept"),
    [
        (120_000, "/a", "", True),
        (131_072, "/a", "", False),
        (10, "/a?" + "q" * 131_072, "", False),
        (10, "/a", "a/b," * 33_000, False),
    ],
)
def test_a_response_larger_than_an_eighth_of_the_cache_is_not_kept(
    size: int, path: str, accept: str, is_kept: bool
) -> None:
    origin = Origin([*LASTING, ("Vary", "Accept")], b"x" * size)
    client = Client(origin)
    for _ in range(2):
        assert len(client.send(path, Accept=accept).body) == size
    assert (len(origin.requests), client.counts.entries) == ((1, 1) if is_kept else (2, 0))


@pytest.mark.parametrize("header", ["Accept", "Accept_Encoding", "Host", "If_None_Match", "Accept_Language"])
def test_many_different_headers_do_not_exceed_the_bound(header: str) -> None:
    client = Client(Origin([*LASTING, ("Vary", "Accept, Accept-Language")]), 100_000)
    for number in range(200):
        client.send(**{header: f"x-{number};q=0.{number}" * 20})  # type: ignore[arg-type]
    assert 0 < client.counts.bytes_total <= 100_000
    assert client.counts.entries <= 100_000 // len(ROWS)


def test_a_response_that_is_kept_again_counts_once() -> None:
    client = Client(Origin())
    environ = create_environ("/a")
    for _ in range(3):
        client.cache.keep(environ, Representation.of(LASTING, ROWS))
    assert client.counts.entries == 1
    assert len(ROWS) < client.counts.bytes_total < len(ROWS) + 5_000


def test_several_threads_stay_within_the_bound_and_get_their_own_responses() -> None:
    client = Client(Origin(body=lambda environ: str(environ["PATH_INFO"]).encode() * 1000), 200_000)

    def work(seed: int) -> bool:
        is_right = True
        for number in range(300):
            path = f"/{(number * seed) % 37}"
            sent = client.send(path, Accept_Encoding=("", "gzip")[number % 2])
            text = gzip.decompress(sent.body) if "Content-Encoding" in sent.headers else sent.body
            is_right = is_right and text == path.encode() * 1000
        return is_right

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(1, 9)))
    client.send("/last")
    assert 0 < client.counts.bytes_total <= 200_000


def test_a_part_of_what_is_kept_is_given_by_the_application(tmp_path: Path) -> None:
    """A dump that was read whole can be resumed: https://www.rfc-editor.org/rfc/rfc9110#section-14.2."""
    file = tmp_path / "dump.bin"
    file.write_bytes(bytes(range(256)))
    app = Flask(__name__)
    app.add_url_rule("/dump", view_func=lambda: send_file(file, etag="x", max_age=60), endpoint="dump")
    app.add_url_rule("/page", view_func=lambda: FlaskResponse("whole", headers=LASTING[1:]), endpoint="page")
    cache = ResponseCache(max_bytes=1 << 20)

    def fetch(path: str, **headers: str) -> tuple[int, bytes, str]:
        environ = create_environ(path, headers=headers)
        kept = cache.find(environ)
        response = apply(environ, kept.response) if kept else cache.fetch(environ, app)
        fields = {name.lower(): value for name, value in response.headers}
        return response.status, response.read(), fields.get("content-range", "")

    assert fetch("/dump")[:2] == (200, file.read_bytes())
    assert cache.find(create_environ("/dump")) is not None
    assert fetch("/dump", Range="bytes=250-") == (206, bytes(range(250, 256)), "bytes 250-255/256")
    assert fetch("/dump", **{"Range": "bytes=250-", "If-Range": '"x"'})[0] == 206
    assert fetch("/dump", **{"Range": "bytes=250-", "If-Range": '"other"'})[0] == 200
    assert fetch("/dump", Range="bytes=300-")[0] == 416
    fetch("/page")
    assert fetch("/page", Range="bytes=0-1")[:2] == (200, b"whole"), "pages have no parts"
    assert cache.find(create_environ("/page", headers={"Range": "bytes=0-1"})) is not None
