from collections.abc import Callable, Iterable, Iterator
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import pytest

from web.http.responses import Headers, Response, header


class Body:
    """A body that counts how often it is closed."""

    def __init__(self, *parts: bytes | Exception) -> None:
        self.parts, self.closed = parts, 0

    def __iter__(self) -> Iterator[bytes]:
        for part in self.parts:
            if isinstance(part, Exception):
                raise part
            yield part

    def close(self) -> None:
        self.closed += 1


def returning(body: Iterable[bytes], *statuses: str) -> WSGIApplication:
    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        for status in statuses or ("200 OK",):
            start_response(status, [("Content-Type", "text/plain")])
        return body

    return app


def test_the_response_of_an_application() -> None:
    response = Response.of(returning([b"at ", b"once"]), {})
    assert (response.status, response.headers) == (200, [("Content-Type", "text/plain")])
    assert (response.length, response.read()) == (7, b"at once")


def test_the_status_that_is_started_last_counts() -> None:
    assert Response.of(returning([], "200 OK", "500 Internal Server Error"), {}).status == 500


def test_an_error_of_the_application_is_raised() -> None:
    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Response.of(app, {})


def test_the_write_function_of_wsgi_is_refused() -> None:
    def app(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])(b"")
        return []

    with pytest.raises(NotImplementedError):
        Response.of(app, {})


@pytest.mark.parametrize(
    ("headers", "body", "length"),
    [
        ([], [], 0),
        ([], (), 0),
        ([("Content-Length", "9")], [b"ab", b"c"], 3),
        ([("content-length", "9")], Body(), 9),
        ([], Body(), None),
        ([("Content-Length", "-9")], Body(), None),
        ([("Content-Length", "nine")], Body(), None),
        ([("Content-Length", "٣")], Body(), None),
        ([("Content-Length", "9"), ("Content-Length", "9")], Body(), None),
    ],
)
def test_the_length_of_a_body(headers: Headers, body: Iterable[bytes], length: int | None) -> None:
    assert Response(200, headers, body).length == length


def test_a_body_is_closed_when_it_has_been_read() -> None:
    body = Body(b"a", b"b")
    assert Response(200, [], body).read() == b"ab"
    assert body.closed == 1


def test_a_body_that_fails_is_closed() -> None:
    body = Body(b"a", ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        Response(200, [], body).read()
    assert body.closed == 1


@pytest.mark.parametrize("body", [[b"a"], iter([b"a"]), Body(b"a")])
def test_closing_calls_what_wants_to_know(body: Iterable[bytes]) -> None:
    calls: list[str] = []
    note: Callable[[], None] = lambda: calls.append("closed")  # noqa: E731
    Response(200, [], body, note).close()
    assert calls == ["closed"]


def test_the_lines_of_a_header_are_one_value() -> None:
    headers = [("vary", "Accept"), ("Vary", "Accept-Language , Cookie"), ("X", "y")]
    assert header(headers, "vary") == "Accept, Accept-Language , Cookie"
    assert header(headers, "etag") == ""
