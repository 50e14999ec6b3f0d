"""From the server's requests to WSGI's, and back."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import cast
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from granian.rsgi import Scope

from web import gateway
from web.encoding import Headers


def request(*headers: tuple[str, str], **parts: str) -> Scope:
    listed = SimpleNamespace(items=lambda: list(headers))
    given = {
        "method": "GET",
        "path": "/",
        "query_string": "",
        "http_version": "1.1",
        "scheme": "http",
        "server": "127.0.0.1:8000",
        "client": "127.0.0.1:40000",
    }
    return cast(Scope, SimpleNamespace(headers=listed, **(given | parts)))


@dataclass
class Client:
    """The other end: sends a body in parts, and notes what it is answered."""

    parts: tuple[bytes, ...] = ()
    taken: int = 0
    answer: tuple[int, Headers, bytes] | None = None
    file: str = ""
    opened: threading.Event = field(default_factory=threading.Event)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self.parts:
            self.taken += 1
            yield part

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        self.answer = status, headers, body

    def response_file(self, status: int, headers: Headers, file: str) -> None:
        self.file = file
        self.opened.set()


class Body:
    """A body in parts that notes when it is closed."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        return self._parts

    def close(self) -> None:
        self.closed += 1


def app(body: list[bytes] | Body) -> Callable[[WSGIEnvironment, StartResponse], list[bytes] | Body]:
    def answer(_: WSGIEnvironment, start_response: StartResponse) -> list[bytes] | Body:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return body

    return answer


def test_a_request_as_wsgi_has_it() -> None:
    environ = gateway.environ_of(
        request(
            ("host", "data.example"),
            ("content-type", "text/csv"),
            ("content-length", "2"),
            method="POST",
            path="/id/malmö",
            query_string="q=%C3%A5",
        ),
        b"ab",
    )
    assert environ["wsgi.input"].read() == b"ab"
    expected = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/id/malmö".encode().decode("latin-1"),
        "QUERY_STRING": "q=%C3%A5",
        "CONTENT_TYPE": "text/csv",
        "CONTENT_LENGTH": "2",
        "HTTP_HOST": "data.example",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
    }
    assert {name: environ[name] for name in expected} == expected


def test_lines_of_a_header_are_one_value() -> None:
    headers = ("accept", "text/csv"), ("accept", "*/*;q=0"), ("cookie", "a=1"), ("cookie", "b=2")
    environ = gateway.environ_of(request(*headers), b"")
    assert environ["HTTP_ACCEPT"] == "text/csv,*/*;q=0"
    assert environ["HTTP_COOKIE"] == "a=1;b=2"


def test_no_request_changes_another() -> None:
    gateway.environ_of(request(("accept", "text/csv")), b"")
    assert "HTTP_ACCEPT" not in gateway.environ_of(request(), b"")


def test_a_client_of_the_sixth_version() -> None:
    assert gateway.environ_of(request(client="[::1]:40000"), b"")["REMOTE_ADDR"] == "::1"


def test_no_more_of_a_body_is_read_than_it_takes_to_refuse_it() -> None:
    client = Client((b"abc",) * 1000)
    assert asyncio.run(gateway.read_body(client, 10)) == b"abc" * 4
    assert client.taken == 4


def test_a_list_is_sent_at_once() -> None:
    client = Client()
    assert gateway.send(gateway.ask(app([b"at ", b"once"]), {}), client) is None
    assert client.answer == (200, [("Content-Type", "text/plain")], b"at once")


def test_a_short_body_in_parts_is_sent_at_once_and_closed() -> None:
    body, client = Body(iter([b"one ", b"two"])), Client()
    assert gateway.send(gateway.ask(app(body), {}), client) is None
    assert client.answer == (200, [("Content-Type", "text/plain")], b"one two")
    assert body.closed == 1


def test_a_body_that_fails_is_closed() -> None:
    def parts() -> Iterator[bytes]:
        yield b"one"
        raise ZeroDivisionError

    body = Body(parts())
    with pytest.raises(ZeroDivisionError):
        gateway.ask(app(body), {})
    assert body.closed == 1


def test_a_long_body_is_made_as_it_is_taken() -> None:
    made = []

    def parts() -> Iterator[bytes]:
        for number in range(100):
            made.append(number)
            yield bytes([number]) * 100_000

    body, client = Body(parts()), Client()
    pour = gateway.send(gateway.ask(app(body), {}), client)
    assert pour is not None
    assert client.answer is None
    thread = threading.Thread(target=pour)
    thread.start()
    with Path(client.file).open("rb") as pipe:
        first = pipe.read(1000)
        assert len(made) < 15
        assert first + pipe.read() == b"".join(bytes([number]) * 100_000 for number in range(100))
    thread.join()
    assert body.closed == 1


def test_a_client_that_leaves_ends_the_making() -> None:
    body, client = Body(b"x" * 100_000 for _ in iter(int, 1)), Client()
    pour = gateway.send(gateway.ask(app(body), {}), client)
    assert pour is not None
    thread = threading.Thread(target=pour)
    thread.start()
    with Path(client.file).open("rb") as pipe:
        pipe.read(2_000_000)
    thread.join(5)
    assert not thread.is_alive()
    assert body.closed == 1


def test_a_client_that_takes_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "_STALLED", 0.1)
    body, client = Body(b"x" * 100_000 for _ in iter(int, 1)), Client()
    pour = gateway.send(gateway.ask(app(body), {}), client)
    assert pour is not None
    pour()
    assert body.closed == 1
