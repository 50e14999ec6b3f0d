"""Sends queries to an endpoint and takes in whole answers: https://www.w3.org/TR/sparql11-protocol/.

Redirects are not followed, so that only the endpoint that was named is ever called. A reply that is cut off,
overdue, too large or marked as partial is an error and never an answer.
"""

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from time import monotonic
from typing import IO, Final
from urllib.parse import parse_qsl, urlencode

import urllib3
from urllib3 import exceptions

from graph.core.errors import BadInput, TooLarge, Unavailable
from graph.rdf.result_buffer import MEMORY_BYTES

Fields = Sequence[tuple[str, str]]

_CONNECTIONS: Final = 32  # kept open; more are opened when more queries run at once
_CHUNK: Final = 1 << 16
_BLANK: Final = re.compile(rb'("bnode"\s{0,9},\s{0,9}"value"\s{0,9}:\s{0,9}"|<bnode>)nodeID://')
_HELD: Final = 80  # bytes, more than _BLANK can match
_WHERE: Final = "endpoint"


@dataclass(frozen=True)
class Reply:
    """A whole reply: its media type without parameters, and its body from the beginning."""

    media_type: str
    body: IO[bytes]


class Exchange:
    """The connections to one endpoint, kept open between queries; any thread may use them.

    `parameters` are those that the URL itself holds, which the caller sends along with each query.
    """

    def __init__(self, url: str, *, limit: int) -> None:
        """Take the endpoint's URL and the most bytes of a reply; raise BadInput unless it is http(s)."""
        try:
            parts = urllib3.util.parse_url(url)
        except exceptions.LocationParseError as error:
            raise _no_endpoint(url) from error
        if parts.scheme not in ("http", "https") or not parts.host:
            raise _no_endpoint(url)
        self.parameters = parse_qsl(parts.query or "", keep_blank_values=True)
        self._path = parts.path or "/"
        self._limit = limit
        self._pool = urllib3.connection_from_url(f"{parts.scheme}://{parts.netloc}", maxsize=_CONNECTIONS)
        self._headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Encoding": "identity"}
        if parts.auth:
            self._headers |= urllib3.make_headers(basic_auth=parts.auth)
        self._virtuoso = False

    def post(self, fields: Fields, *, accept: str, seconds: float) -> Reply:
        """Return the whole reply to the form `fields`, which is there within `seconds`.

        Raise BadInput if the endpoint says that the query is wrong, TooLarge for a reply over the limit, and
        Unavailable for all else that goes wrong.
        """
        if self._virtuoso:
            fields = [*fields, ("timeout", str(max(1, int(seconds * 1000))))]
        body, headers = urlencode(fields), self._headers | {"Accept": accept}
        deadline = monotonic() + seconds
        with _explained(deadline, seconds):
            try:
                response = self._send(body, headers, seconds)
            except (
                exceptions.ProtocolError
            ):  # a connection kept open may have been closed at the other end meanwhile
                response = self._send(body, headers, max(0.001, deadline - monotonic()))
            with _until(deadline, response):
                self._virtuoso = response.headers.get("Server", "").startswith("Virtuoso")
                self._check(response, seconds)
                return Reply(_media_type(response), self._receive(response))

    def close(self) -> None:
        """Close the connections that no query uses; the others close when they are done."""
        self._pool.close()

    def _send(self, body: str, headers: dict[str, str], seconds: float) -> urllib3.BaseHTTPResponse:
        return self._pool.urlopen(
            "POST",
            self._path,
            body,
            headers,
            timeout=urllib3.Timeout(total=seconds),
            retries=False,
            redirect=False,
            preload_content=False,
        )

    def _check(self, response: urllib3.BaseHTTPResponse, seconds: float) -> None:
        """Raise what the status and the headers of `response` tell of, unless all is well."""
        headers = response.headers
        if response.status == 400:
            words = _words(response)
            message = f"The endpoint does not understand the query{words and ': '}{words}"
            raise BadInput(message, where="query", rule="SPARQL")
        if headers.get("X-SQL-State") == "S1TAT":  # Virtuoso: what was found until the time was out
            raise overdue(seconds)
        if response.status != 200:
            wait = headers.get("Retry-After", "")
            message = f"The endpoint answered with the status {response.status}"
            raise _failed(message, retry_after=int(wait) if wait.isdecimal() else None)
        if rows := headers.get("X-SPARQL-MaxRows"):  # Virtuoso: its ResultSetMaxRows has been reached
            message = f"The answer has at least the {rows} rows that the endpoint gives at most"
            raise TooLarge(message, where="query", rule=_WHERE, remedy="add a lower LIMIT")

    def _receive(self, response: urllib3.BaseHTTPResponse) -> IO[bytes]:
        """Return the whole body, in a nameless file if it is large."""
        body: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115
        try:
            size = 0
            for chunk in _repaired(response.stream(_CHUNK)):
                size += len(chunk)
                if size > self._limit:
                    raise TooLarge(
                        f"The endpoint's answer has more than {self._limit:,} bytes",
                        where="query",
                        rule="UTSAGA_RESULT_BYTES",
                        remedy="add a LIMIT, or ask for fewer columns",
                    )
                body.write(chunk)
        except BaseException:
            body.close()
            raise
        body.seek(0)
        return body


def overdue(seconds: float) -> Unavailable:
    """Return the error for a query that takes more than `seconds`."""
    return Unavailable(
        f"The query takes more than {seconds:g} seconds",
        where="query",
        rule="UTSAGA_SECONDS",
        remedy="ask for less: name a subject or a graph, or add a LIMIT",
    )


@contextmanager
def _until(deadline: float, response: urllib3.BaseHTTPResponse) -> Iterator[None]:
    """Cut `response` off at the `deadline`, however slowly it trickles in, and let go of it in the end."""
    watch = threading.Timer(max(0.0, deadline - monotonic()), _cut, (response,))
    watch.daemon = True
    watch.start()
    try:
        yield
    except BaseException:
        response.close()
        raise
    finally:
        watch.cancel()
        response.release_conn()


def _cut(response: urllib3.BaseHTTPResponse) -> None:
    """Make whoever reads `response` find its end."""
    with suppress(OSError, RuntimeError, ValueError):  # it has been read to its real end just now
        response.shutdown()


@contextmanager
def _explained(deadline: float, seconds: float) -> Iterator[None]:
    """Turn what the client library raises into Unavailable."""
    try:
        yield
    except (exceptions.NewConnectionError, exceptions.SSLError) as error:
        raise _failed("The endpoint cannot be reached") from error
    except (exceptions.HTTPError, OSError) as error:
        if isinstance(error, exceptions.TimeoutError) or monotonic() >= deadline:
            raise overdue(seconds) from error
        raise _failed("The endpoint's answer breaks off") from error


def _repaired(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield `chunks` with Virtuoso's names of blank nodes, nodeID://b1, made labels that others can read.

    Quotes and angle brackets are escaped within values, so that the pattern is never part of one.
    """
    held = b""
    for chunk in chunks:
        held = _BLANK.sub(rb"\1nodeID-", held + chunk)
        yield held[:-_HELD]
        held = held[-_HELD:]
    yield held


def _media_type(response: urllib3.BaseHTTPResponse) -> str:
    return response.headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _words(response: urllib3.BaseHTTPResponse) -> str:
    """Return the beginning of what an error says, or nothing if it is a page."""
    said = response.read(2048).decode("utf-8", "replace").strip()
    if said.startswith("<") or "html" in _media_type(response):
        return ""
    first = " ".join(said.partition("\n\n")[0].split())
    return first if len(first) <= 200 else f"{first[:200]}…"


def _failed(message: str, *, retry_after: int | None = None) -> Unavailable:
    return Unavailable(message, where=_WHERE, rule="SPARQL Protocol", retry_after=retry_after)


def _no_endpoint(url: str) -> BadInput:
    return BadInput(
        f"“{url}” is not the URL of an endpoint",
        where=_WHERE,
        remedy="write one that begins with http:// or https://",
    )
