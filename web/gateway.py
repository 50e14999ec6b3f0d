"""Gives requests of the server to WSGI applications: https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md.

The server's own way to run such an application has each request begin on a thread of its own, and threads
that compute at the same time take longer in sum than one after the other: what is answered at once is
answered on the event loop.
"""

import os
import select
from collections.abc import AsyncIterator, Callable, Iterator
from functools import lru_cache
from io import BytesIO
from itertools import chain
from typing import Final, NamedTuple, Protocol
from wsgiref.types import WSGIApplication, WSGIEnvironment

from granian.rsgi import Scope

from web.encoding import Headers
from web.kept import Request

_WHOLE: Final = 1 << 20  # bytes of an answer that is sent in one piece
_STALLED: Final = 60.0  # seconds in which a client has taken nothing
_ALWAYS: Final[WSGIEnvironment] = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
}


class Exchange(Protocol):
    """What the server gives beside the scope: the body of the request, and ways to answer."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Give the body part by part."""

    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None:
        """Answer with `body`."""

    def response_file(self, status: int, headers: Headers, file: str) -> None:
        """Answer with what the file at a path holds."""


class Reply(NamedTuple):
    """What an application answers: all of it, or its beginning and how to go on."""

    status: int
    headers: Headers
    body: bytes
    rest: Iterator[bytes] | None = None
    close: Callable[[], None] | None = None


def request_of(scope: Scope) -> Request:
    """Return all that the answer to a request without a body can depend on, but for who asks."""
    return scope.path, scope.query_string, scope.scheme, tuple(scope.headers.items())


def environ_of(scope: Scope, body: bytes) -> WSGIEnvironment:
    """Return the request as WSGI has it, with the `body` that was read."""
    environ = _ALWAYS.copy()
    host, _, port = scope.server.rpartition(":")
    environ["SERVER_PROTOCOL"] = f"HTTP/{scope.http_version}"
    environ["SERVER_NAME"], environ["SERVER_PORT"] = host, port
    environ["REMOTE_ADDR"] = scope.client.rpartition(":")[0].strip("[]")
    environ["REQUEST_METHOD"] = scope.method
    path = scope.path
    environ["PATH_INFO"] = path if path.isascii() else path.encode().decode("latin-1")
    environ["QUERY_STRING"] = scope.query_string
    environ["wsgi.url_scheme"] = scope.scheme
    environ["wsgi.input"] = BytesIO(body)
    for name, value in scope.headers.items():
        key = _key(name)
        joined = ";" if key == "HTTP_COOKIE" else ","
        environ[key] = f"{environ[key]}{joined}{value}" if key in environ else value
    return environ


@lru_cache(512)
def _key(header: str) -> str:
    name = header.upper().replace("-", "_")
    return name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"


async def read_body(exchange: Exchange, limit: int) -> bytes:
    """Return what the client sends: all of it, or more than `limit` bytes of it."""
    body = b""
    async for part in exchange:
        body += part
        if len(body) > limit:
            break
    return body


def ask(app: WSGIApplication, environ: WSGIEnvironment) -> Reply:
    """Return what `app` answers, read as far as it is sent in one piece."""
    started: list[tuple[str, Headers]] = []

    def start(status: str, headers: Headers, _error: object = None, /) -> Callable[[bytes], object]:
        started.append((status, headers))
        return _write

    body = app(environ, start)
    if isinstance(body, list):
        return _reply(started, b"".join(body))
    close = getattr(body, "close", _nothing)
    parts, begun = iter(body), bytearray()
    try:
        for part in parts:
            begun += part
            if len(begun) > _WHOLE:
                return _reply(started, bytes(begun), parts, close)
    except BaseException:
        close()
        raise
    close()
    return _reply(started, bytes(begun))


def _reply(
    started: list[tuple[str, Headers]],
    body: bytes,
    rest: Iterator[bytes] | None = None,
    close: Callable[[], None] | None = None,
) -> Reply:
    status, headers = started[-1]
    return Reply(int(status[:3]), headers, body, rest, close)


def send(reply: Reply, exchange: Exchange) -> Callable[[], None] | None:
    """Send `reply`; return what is still to be called, on a thread, if there is more to be made and sent.

    The server has no way to say that a client is slow, except for a file. A pipe is one: it fills up.
    """
    if reply.rest is None:
        exchange.response_bytes(reply.status, reply.headers, reply.body)
        return None
    reads, writes = os.pipe()
    exchange.response_file(reply.status, reply.headers, f"/proc/self/fd/{reads}")
    return lambda: _pour(reply, reads, writes)


def _pour(reply: Reply, reads: int, writes: int) -> None:
    """Write a reply into a pipe, until its end or until nobody reads any more."""
    os.set_blocking(writes, False)
    room = select.poll()
    room.register(writes, select.POLLOUT)
    try:
        for part in chain((reply.body,), reply.rest or ()):
            left = memoryview(part)
            while left:
                if not room.poll(_STALLED * 1000):
                    return
                left = left[os.write(writes, left) :]
            if reads >= 0:  # more has gone in than a pipe holds, so that the server has opened it
                os.close(reads)
                reads = -1
    except OSError:
        pass  # the client has left
    finally:
        os.close(writes)
        if reads >= 0:
            os.close(reads)
        if reply.close:
            reply.close()


def _nothing() -> None:
    """Close what needs no closing."""


def _write(_body: bytes) -> object:
    raise NotImplementedError("an application that is served returns its body")
