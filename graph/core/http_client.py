"""The one client for HTTP services outside: each reply comes whole, in time and within a size, or not at all.

Redirects are not followed, so that only the service that was named is ever called. Whoever calls a host that
a stranger named resolves it first (`public_addresses`) and gives the address: a second look-up could differ.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from time import monotonic
from typing import Final
from urllib.parse import parse_qsl

import urllib3
from urllib3 import exceptions

from graph.core.http_auth import Authenticator

_CONNECTIONS: Final = 32  # kept open; more are opened when more requests run at once
_CHUNK: Final = 1 << 16
_LEAST_SECONDS: Final = 0.001


class RequestError(Exception):
    """A request that has no whole reply."""


class UnreachableError(RequestError):
    """There is no connection to the service."""


class DeadlineError(RequestError):
    """The reply was not there in time."""


class TruncatedError(RequestError):
    """The reply ended before it was complete."""


class OversizeError(RequestError):
    """The reply has more bytes than the limit."""


@dataclass(frozen=True)
class HttpReply:
    """A reply whose body is still to be read; the names of `headers` are in any case."""

    status: int
    headers: Mapping[str, str]
    chunks: Iterator[bytes]

    @property
    def media_type(self) -> str:
        """The media type, in lower case and without parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def read(self) -> bytes:
        """Return the whole body."""
        return b"".join(self.chunks)

    def beginning(self) -> str:
        """Return the first part of the body as text, for a message."""
        return next(self.chunks, b"")[:2048].decode("utf-8", "replace")


@dataclass(frozen=True)
class _Request:
    """A request, which `is_sent_again` if a connection that was kept open turns out to be closed."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: str | bytes | None = None
    is_sent_again: bool = True


class HttpClient:
    """The connections to one service, kept open between requests; any thread may use them.

    `parameters` are those that its URL holds, by name, in their order.
    """

    def __init__(
        self, url: str, *, limit: int, address: str = "", user: tuple[str, str] | None = None
    ) -> None:
        """Take the URL of the service and the most bytes of a reply; raise ValueError unless it is http(s).

        Connections go to the IP `address`, if one is given, instead of to what the URL's host resolves to;
        a certificate still has to be for the host. `user` is a name and a password, which are sent when the
        service asks for them. Nothing is sent yet.
        """
        try:
            parts = urllib3.util.parse_url(url)
        except exceptions.LocationParseError as error:
            raise ValueError(url) from error
        if parts.scheme not in ("http", "https") or not parts.host or not url.isprintable() or " " in url:
            raise ValueError(url)
        self.host = parts.netloc or ""
        self.parameters = parse_qsl(parts.query or "", keep_blank_values=True)
        self._path, self._limit = parts.path or "/", limit
        self._target = f"{self._path}?{parts.query}" if parts.query else self._path
        self._pool = _pool(parts, address)
        self._headers = {"Accept-Encoding": "identity", "Host": self.host}
        if parts.auth:
            self._headers |= urllib3.make_headers(basic_auth=parts.auth)
        self._authenticator = Authenticator(f"{parts.scheme}://{self.host}", *user) if user else None

    @contextmanager
    def get(self, headers: Mapping[str, str], seconds: float) -> Iterator[HttpReply]:
        """Yield the reply to a GET of the URL; raise a RequestError, within the block too."""
        with self._request(_Request("GET", self._target, headers), seconds) as reply:
            yield reply

    @contextmanager
    def head(self, headers: Mapping[str, str], seconds: float) -> Iterator[HttpReply]:
        """Yield the reply to a HEAD of the URL, which has no body; raise a RequestError."""
        with self._request(_Request("HEAD", self._target, headers), seconds) as reply:
            yield reply

    @contextmanager
    def post(self, form: str, headers: Mapping[str, str], seconds: float) -> Iterator[HttpReply]:
        """Yield the reply to a POST of an encoded `form` to the URL without its parameters.

        Raise a RequestError, within the block too.
        """
        typed = {"Content-Type": "application/x-www-form-urlencoded"} | dict(headers)
        with self._request(_Request("POST", self._path, typed, form), seconds) as reply:
            yield reply

    @contextmanager
    def get_path(self, target: str, headers: Mapping[str, str], seconds: float) -> Iterator[HttpReply]:
        """Yield the reply to a GET of another path; raise a RequestError, within the block too."""
        with self._request(_Request("GET", target, headers), seconds) as reply:
            yield reply

    @contextmanager
    def send(
        self, method: str, target: str, body: bytes, headers: Mapping[str, str], seconds: float
    ) -> Iterator[HttpReply]:
        """Yield the reply to a request that changes what the service has at the path and query `target`.

        It is sent once: if the connection breaks, it may have been received or not. Raise a RequestError.
        """
        with self._request(_Request(method, target, headers, body, is_sent_again=False), seconds) as reply:
            yield reply

    def close(self) -> None:
        """Close the connections that no request uses; the others close when they are done."""
        self._pool.close()

    @contextmanager
    def _request(self, request: _Request, seconds: float) -> Iterator[HttpReply]:
        deadline = monotonic() + seconds
        with _errors_translated(deadline):
            try:
                response = self._send_authorised(request, deadline)
            except exceptions.ProtocolError:  # a connection kept open may have been closed at the other end
                if not request.is_sent_again:
                    raise
                response = self._send_authorised(request, deadline)
            with _cut_at(deadline, response):
                yield HttpReply(response.status, response.headers, self._chunks(response))

    def _send_authorised(self, request: _Request, deadline: float) -> urllib3.BaseHTTPResponse:
        """Return the response; if it is 401, that to the same request with what the service asks for."""
        response = self._send(request, deadline)
        asked = response.headers.get("WWW-Authenticate") if response.status == 401 else None
        if self._authenticator is None or not self._authenticator.challenge(asked):
            return response
        response.drain_conn()
        response.release_conn()
        return self._send(request, deadline)

    def _send(self, request: _Request, deadline: float) -> urllib3.BaseHTTPResponse:
        authorised = self._authenticator and self._authenticator.headers(request.method, request.target)
        return self._pool.urlopen(
            request.method,
            request.target,
            request.body,
            {**self._headers, **request.headers, **(authorised or {})},
            timeout=urllib3.Timeout(total=max(_LEAST_SECONDS, deadline - monotonic())),
            retries=False,
            redirect=False,
            preload_content=False,
        )

    def _chunks(self, response: urllib3.BaseHTTPResponse) -> Iterator[bytes]:
        size = 0
        for chunk in response.stream(_CHUNK):
            size += len(chunk)
            if size > self._limit:
                raise OversizeError(f"more than {self._limit:,} bytes")
            yield chunk


def _pool(parts: urllib3.util.Url, address: str) -> urllib3.HTTPConnectionPool:
    """Return the pool of connections to the service, by way of `address` if there is one."""
    host, port = address or str(parts.host), parts.port
    if parts.scheme == "http":
        return urllib3.HTTPConnectionPool(host, port, maxsize=_CONNECTIONS)
    name = str(parts.host).strip("[]")
    return urllib3.HTTPSConnectionPool(
        host, port, maxsize=_CONNECTIONS, server_hostname=name, assert_hostname=name
    )


@contextmanager
def _cut_at(deadline: float, response: urllib3.BaseHTTPResponse) -> Iterator[None]:
    """Shut `response` down at the `deadline`, however slowly it comes in, and release its connection."""
    timer = threading.Timer(max(0.0, deadline - monotonic()), _shut_down, (response,))
    timer.daemon = True
    timer.start()
    try:
        yield
    except BaseException:
        response.close()
        raise
    finally:
        timer.cancel()
        _release(response)


def _release(response: urllib3.BaseHTTPResponse) -> None:
    """Give the connection back for other requests; close it where the body was not read to its end."""
    if response.length_remaining == 0:
        response.drain_conn()  # which reads nothing: the connection learns that the response has ended
    response.close()
    response.release_conn()


def _shut_down(response: urllib3.BaseHTTPResponse) -> None:
    """End the body of `response` for the thread that reads it."""
    with suppress(OSError, RuntimeError, ValueError):  # it has been read to its real end just now
        response.shutdown()


@contextmanager
def _errors_translated(deadline: float) -> Iterator[None]:
    """Raise what the library raises as a RequestError."""
    try:
        yield
    except (exceptions.NewConnectionError, exceptions.NameResolutionError, exceptions.SSLError) as error:
        raise UnreachableError(str(error.__cause__ or error)) from error
    except (exceptions.HTTPError, OSError) as error:
        if isinstance(error, exceptions.TimeoutError) or monotonic() >= deadline:
            raise DeadlineError(str(error)) from error
        raise TruncatedError(str(error)) from error
