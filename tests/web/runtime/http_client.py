"""A client that sends the bytes of requests over one connection, and reads the responses one by one."""

import io
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPMessage, HTTPResponse
from typing import NamedTuple
from urllib.parse import urlsplit


class Received(NamedTuple):
    """A response, whole."""

    status: int
    headers: HTTPMessage
    body: bytes


class Connection:
    """A connection to a server; its responses share one buffer, so that they can be pipelined."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        self.stream = end.makefile("rb")

    def send(self, *parts: bytes) -> None:
        """Send bytes as they are."""
        for part in parts:
            self.end.sendall(part)

    def request(self, method: str, target: str, body: bytes = b"", **headers: str) -> None:
        """Send a request; the names of `headers` have underscores for hyphens."""
        lines = [f"{method} {target} HTTP/1.1", "Host: localhost"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.send("\r\n".join([*lines, "", ""]).encode() + body)

    def receive(self, method: str = "GET") -> Received:
        """Return the next response; raise IncompleteRead if it is cut off."""
        response = self.begin(method)
        return Received(response.status, response.headers, response.read())

    def begin(self, method: str = "GET") -> HTTPResponse:
        """Return the next response once its head has been read."""
        response = HTTPResponse(_Shared(self.stream), method=method)  # type: ignore[arg-type]
        response.begin()
        return response

    def line(self) -> bytes:
        """Return the next line."""
        return self.stream.readline()

    def is_closed(self) -> bool:
        """Wait for what comes next, and return whether that is the end of the connection."""
        return self.stream.read(1) == b""


class _Shared:
    """What a response takes for its socket; it does not close the stream."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream

    def makefile(self, _mode: str) -> "_Shared":
        return self

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def close(self) -> None:
        """Leave the stream open."""


@contextmanager
def connect(address: str, *, buffer_bytes: int = 0) -> Iterator[Connection]:
    """Give a connection to the server at an address like http://127.0.0.1:8000, and close it.

    `buffer_bytes` bounds what the system receives before it is read.
    """
    url = urlsplit(address)
    with socket.socket() as end:
        end.settimeout(120)  # for a test that would hang
        if buffer_bytes:
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        end.connect((url.hostname, url.port))
        connection = Connection(end)
        with connection.stream:
            yield connection
