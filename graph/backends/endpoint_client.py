"""Sends queries to a SPARQL endpoint and reads whole answers: https://www.w3.org/TR/sparql11-protocol/.

A reply that is marked as partial is an error and never an answer.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Final
from urllib.parse import urlencode

from graph.backends.dialects import Dialect, recognise
from graph.core.errors import BadInput, Unavailable, Unprocessable, UtsagaError
from graph.core.http_client import (
    DeadlineError,
    HttpClient,
    HttpReply,
    OversizeError,
    RequestError,
    UnreachableError,
)
from graph.rdf.result_buffer import MEMORY_BYTES, result_too_large

Fields = Sequence[tuple[str, str]]

_BLANK: Final = re.compile(rb'("bnode"\s{0,9},\s{0,9}"value"\s{0,9}:\s{0,9}"|<bnode>)nodeID://')
_BOOLEAN: Final = re.compile(
    rb'("datatype" ?: ?"http://www\.w3\.org/2001/XMLSchema#boolean", ?"value" ?: ?")([01])(?=")'
)
_BOOLEANS: Final = {b"0": b"false", b"1": b"true"}
_OVERLAP: Final = 80  # bytes, more than one of these patterns can match
_WHERE: Final = "endpoint"


@dataclass(frozen=True)
class EndpointReply:
    """A whole reply: its media type without parameters, and its body from the beginning."""

    media_type: str
    body: IO[bytes]


class EndpointClient:
    """One endpoint. `parameters` are those that its URL holds, which the caller sends with each query.

    `dialect` is the engine once it is recognised, and `server` what it last called itself.
    """

    def __init__(self, url: str, *, limit: int, user: tuple[str, str] | None = None) -> None:
        """Take the endpoint's URL and the most bytes of a reply; raise BadInput unless it is http(s).

        `user` is the name and the password for an endpoint that asks for them.
        """
        try:
            self._client = HttpClient(url, limit=limit, user=user)
        except ValueError as error:
            raise BadInput(
                f"“{url}” is not the URL of an endpoint",
                where=_WHERE,
                remedy="write one that begins with http:// or https://",
            ) from error
        self.parameters = self._client.parameters
        self._limit = limit
        self.dialect: Dialect | None = recognise({}, self._client.host)
        self.server = ""

    def post(self, fields: Fields, *, accept: str, seconds: float) -> EndpointReply:
        """Return the whole reply to the form `fields`, which is there within `seconds`.

        Raise BadInput if the endpoint says that the query is wrong, Unprocessable if it is out of time or the
        reply is over the limit, and Unavailable for everything else that fails.
        """
        if self.dialect and self.dialect.timeout_field:
            fields = [*fields, (self.dialect.timeout_field, str(max(1, int(seconds * 1000))))]
        with (
            self._errors_translated(seconds),
            self._client.post(urlencode(fields), {"Accept": accept}, seconds) as reply,
        ):
            self.dialect = self.dialect or recognise(reply.headers, self._client.host)
            self.server = reply.headers.get("Server", "")[:80]
            _check(reply, seconds)
            chunks = _standardised(reply.chunks, json=reply.media_type.endswith("json"))
            return EndpointReply(reply.media_type, _spooled(chunks))

    def close(self) -> None:
        """Close the connections that no query uses; the others close when they are done."""
        self._client.close()

    @contextmanager
    def _errors_translated(self, seconds: float) -> Iterator[None]:
        try:
            yield
        except OversizeError as error:
            raise result_too_large(f"The endpoint's answer has more than {self._limit:,} bytes") from error
        except DeadlineError as error:
            raise _overtime(seconds) from error
        except UnreachableError as error:
            raise _failed("The endpoint cannot be reached") from error
        except RequestError as error:
            raise _failed("The endpoint's answer breaks off") from error


def _check(reply: HttpReply, seconds: float) -> None:
    """Raise the error that the status and the headers of `reply` say, if they say one."""
    if reply.status == 400:
        reason = _reason(reply)
        message = f"The endpoint does not understand the query{reason and ': '}{reason}"
        raise BadInput(message, where="query", rule="SPARQL")
    if reply.headers.get("X-SQL-State") == "S1TAT":  # Virtuoso: what was found until the time was out
        raise _overtime(seconds)
    if reply.status != 200:
        wait = reply.headers.get("Retry-After", "")
        message = f"The endpoint answered with the status {reply.status}"
        raise _failed(message, retry_after=int(wait) if wait.isdecimal() and len(wait) < 10 else None)
    if rows := reply.headers.get("X-SPARQL-MaxRows"):  # Virtuoso: its ResultSetMaxRows has been reached
        message = f"The answer has at least the {rows} rows that the endpoint gives at most"
        raise result_too_large(message, rule=_WHERE)


def _spooled(chunks: Iterable[bytes]) -> IO[bytes]:
    """Return a file with all `chunks`, open at its beginning: in memory unless they are long."""
    body: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(MEMORY_BYTES)  # noqa: SIM115 (the caller closes it)
    try:
        body.writelines(chunks)
    except BaseException:
        body.close()
        raise
    body.seek(0)
    return body


def _standardised(chunks: Iterable[bytes], *, json: bool) -> Iterator[bytes]:
    """Yield `chunks` as the standard has them where Virtuoso does otherwise.

    Its names of blank nodes, nodeID://b1, become labels that others can read, and in JSON 0 and 1 become
    booleans. Quotes and angle brackets are escaped within values, so that no pattern is part of one.
    """
    rest = b""
    for chunk in chunks:
        rest = _BLANK.sub(rb"\1nodeID-", rest + chunk)
        if json:
            rest = _BOOLEAN.sub(lambda found: found[1] + _BOOLEANS[found[2]], rest)
        yield rest[:-_OVERLAP]
        rest = rest[-_OVERLAP:]
    yield rest


def _reason(reply: HttpReply) -> str:
    """Return the beginning of what an error says, or nothing if it is a page."""
    text = reply.beginning().strip()
    if text.startswith("<") or "html" in reply.media_type:
        return ""
    first = " ".join(text.partition("\n\n")[0].split())
    return first if len(first) <= 200 else f"{first[:200]}…"


def _overtime(seconds: float) -> UtsagaError:
    return Unprocessable(
        f"The query takes more than {seconds:g} seconds",
        where="query",
        rule="UTSAGA_SECONDS",
        remedy="ask for less: name a subject or a graph, or add a LIMIT",
    )


def _failed(message: str, *, retry_after: int | None = None) -> Unavailable:
    return Unavailable(message, where=_WHERE, rule="SPARQL Protocol", retry_after=retry_after)
