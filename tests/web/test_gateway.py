"""Requests as WSGI has them, and what applications answer."""

from collections.abc import Callable, Iterable, Iterator
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from web.gateway import Reply, ask, environ_of, more, origin_of

ORIGIN = origin_of(("192.0.2.1", 40000), ("127.0.0.1", 8000))


def environ(target: bytes, *headers: tuple[bytes, bytes]) -> WSGIEnvironment:
    return environ_of(ORIGIN, "1.1", "GET", target, headers)


class Body:
    """A body in parts that notes when it is closed."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        return self._parts

    def close(self) -> None:
        self.closed += 1


def app(body: Iterable[bytes]) -> Callable[[WSGIEnvironment, StartResponse], Iterable[bytes]]:
    def answer(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return body

    return answer


def test_a_request_as_wsgi_has_it() -> None:
    headers = (b"Host", b"data.example"), (b"Content-Type", b"text/csv"), (b"content-length", b"2")
    found = environ_of(ORIGIN, "1.0", "POST", b"/id/malm%C3%B6?q=%C3%A5&q=?", headers)
    assert {name: value for name, value in found.items() if not name.startswith("wsgi.")} == {
        "SCRIPT_NAME": "",
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/id/malmö".encode().decode("latin-1"),
        "QUERY_STRING": "q=%C3%A5&q=?",
        "CONTENT_TYPE": "text/csv",
        "CONTENT_LENGTH": "2",
        "HTTP_HOST": "data.example",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.0",
        "REMOTE_ADDR": "192.0.2.1",
    }
    assert (found["wsgi.url_scheme"], found["wsgi.version"]) == ("http", (1, 0))


def test_addresses_of_the_sixth_version_have_more_parts() -> None:
    origin = origin_of(("::1", 40000, 0, 0), ("::1", 8000, 0, 0))  # type: ignore[arg-type]
    assert (origin["REMOTE_ADDR"], origin["SERVER_NAME"], origin["SERVER_PORT"]) == ("::1", "::1", "8000")


def test_lines_of_a_header_are_one_value() -> None:
    headers = (b"accept", b"text/csv"), (b"Accept", b"*/*;q=0"), (b"cookie", b"a=1"), (b"Cookie", b"b=2")
    found = environ(b"/", *headers)
    assert found["HTTP_ACCEPT"] == "text/csv,*/*;q=0"
    assert found["HTTP_COOKIE"] == "a=1;b=2"


def test_a_header_with_an_underscore_is_none() -> None:
    found = environ(b"/", (b"X_Forwarded_For", b"::1"), (b"Content_Length", b"9"), (b"X-Known", b"\xe5"))
    assert found["HTTP_X_KNOWN"] == "å"
    assert not {"HTTP_X_FORWARDED_FOR", "CONTENT_LENGTH", "HTTP_CONTENT_LENGTH", ""} & {*found}


def test_a_header_is_no_variable_of_the_server_s() -> None:
    found = environ(b"/", (b"Remote-Addr", b"::1"), (b"wsgi.input", b"x"))
    assert found["REMOTE_ADDR"] == "192.0.2.1"
    assert "wsgi.input" not in found


def test_no_request_changes_another() -> None:
    environ(b"/a?b", (b"Accept", b"text/csv"))["REMOTE_ADDR"] = "::1"
    found = environ(b"/")
    assert "HTTP_ACCEPT" not in found
    assert (found["REMOTE_ADDR"], found["QUERY_STRING"]) == ("192.0.2.1", "")


@pytest.mark.parametrize(
    ("target", "host", "path", "query"),
    [
        (b"http://a.example", "a.example", "/", ""),
        (b"http://a.example:81/b%20c?d=%20", "a.example:81", "/b c", "d=%20"),
        (b"https://[2001:db8::1]:81/b", "[2001:db8::1]:81", "/b", ""),
        (b"http://[::1]?d", "[::1]", "/", "d"),
        (b"*", "b.example", "/", ""),
        (b"//a.example/c", "b.example", "//a.example/c", ""),
        (b"/?http://a.example/", "b.example", "/", "http://a.example/"),
    ],
)
def test_a_whole_url_comes_with_its_host(target: bytes, host: str, path: str, query: str) -> None:
    found = environ(target, (b"Host", b"b.example"))
    assert (found["HTTP_HOST"], found["PATH_INFO"], found["QUERY_STRING"]) == (host, path, query)


@pytest.mark.parametrize(
    "target", [b"", b"a", b"a.example:443", b"http://", b"http://:99999/", b"http://\xff/"]
)
def test_a_target_that_cannot_be_read(target: bytes) -> None:
    with pytest.raises(ValueError, match=r"^b'"):
        environ(target)


def test_a_list_is_given_at_once() -> None:
    assert ask(app([b"at ", b"once"]), {}) == Reply(200, [("Content-Type", "text/plain")], b"at once")


def test_a_short_body_in_parts_is_given_at_once_and_closed() -> None:
    body = Body(iter([b"one ", b"two"]))
    assert ask(app(body), {}) == Reply(200, [("Content-Type", "text/plain")], b"one two")
    assert body.closed == 1


def test_what_is_started_last_counts() -> None:
    def answer(_: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        start_response("200 OK", [])
        start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
        return []

    assert ask(answer, {}) == Reply(500, [("Content-Type", "text/plain")], b"")


def test_a_body_that_fails_is_closed() -> None:
    def parts() -> Iterator[bytes]:
        yield b"one"
        raise ZeroDivisionError

    body = Body(parts())
    with pytest.raises(ZeroDivisionError):
        ask(app(body), {})
    assert body.closed == 1


def test_a_long_body_is_made_as_it_is_taken() -> None:
    made = []

    def parts() -> Iterator[bytes]:
        for number in range(100):
            made.append(number)
            yield bytes([number]) * 100_000

    body = Body(parts())
    reply = ask(app(body), {})
    assert reply.rest
    assert reply.close
    assert len(made) == len(reply.body) // 100_000 == 11
    taken = more(reply.rest)
    assert len(made) == 14
    pieces = [reply.body, taken, *iter(lambda: more(reply.rest or iter(())), b"")]
    assert b"".join(pieces) == b"".join(bytes([number]) * 100_000 for number in range(100))
    before = body.closed
    reply.close()
    assert (before, body.closed) == (0, 1)


def test_a_body_without_close_needs_none() -> None:
    reply = ask(app(iter([b"x" * 2_000_000, b"y"])), {})
    assert reply.rest
    assert reply.close
    reply.close()
    assert (more(reply.rest), more(reply.rest)) == (b"y", b"")
