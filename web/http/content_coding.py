"""Answers, and the content codings they are written in: https://www.rfc-editor.org/rfc/rfc9110#name-content-codings."""

import gzip
import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from http import HTTPStatus
from typing import Final, NamedTuple
from wsgiref.types import WSGIApplication, WSGIEnvironment

import brotli  # type: ignore[import-untyped]
import zstandard
from werkzeug.http import parse_date

from web.messages import Headers, lines, opening

IDENTITY: Final = "identity"
_NONE: Final[Headers] = []
LEAST: Final = 1024  # bytes of a body below which a coding is not worth its headers

# In our order of preference. No time of day goes in: the same body always gives the same bytes, as its
# strong entity tag promises.
_CODERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "zstd": lambda body: zstandard.compress(body, 6),
    "br": lambda body: bytes(brotli.compress(body, quality=5)),
    "gzip": lambda body: gzip.compress(body, 6, mtime=0),
}
_LONGEST: Final = 256  # characters of an Accept-Encoding that is read; browsers send about thirty
_ELEMENT: Final = re.compile(
    r"[ \t]*([\w!#$%&'*+.^`|~-]+)[ \t]*(?:;[ \t]*q=([01](?:\.[0-9]{0,3})?)[ \t]*)?", re.ASCII
)
_TEXTUAL: Final = re.compile(
    r"text/.+|.+\+(?:json|xml|yaml)"
    r"|application/(?:json|xml|yaml|javascript|n-triples|n-quads|trig|sparql-query)"
)
_DESCRIBING: Final = {"content-type", "content-length", "content-encoding", "content-language"}
_TAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')


def accepted(header: str) -> str:
    """Return the coding that an Accept-Encoding header wants most, or "identity".

    What is malformed in it is left out, as is the whole of one that is absurdly long; where nothing that we
    write is accepted, not even identity, identity is the answer that most clients can still read.
    """
    return _accepted(header) if 0 < len(header) <= _LONGEST else IDENTITY


@lru_cache(maxsize=256)
def _accepted(header: str) -> str:
    wanted: dict[str, float] = {}
    for element in header.lower().split(","):
        if found := _ELEMENT.fullmatch(element):
            wanted[found[1].removeprefix("x-")] = min(float(found[2] or 1), 1.0)
    others = wanted.get("*", 0.0)
    qualities = {coding: wanted.get(coding, others) for coding in (*_CODERS, IDENTITY)}
    best = max(qualities, key=qualities.__getitem__)
    return best if qualities[best] > 0 else IDENTITY


def fields(headers: Headers) -> dict[str, str]:
    """Return the value of each header by its name in lower case, its lines joined by commas."""
    found: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        found[key] = f"{found[key]}, {value}" if key in found else value
    return found


def listed(value: str) -> set[str]:
    """Return what the value of a header lists, in lower case and without arguments (`max-age=60`)."""
    return {element.partition("=")[0].strip() for element in value.lower().split(",")} - {""}


def varying(headers: Headers) -> Headers:
    """Return `headers` saying that the answer depends on Accept-Encoding."""
    vary = fields(headers).get("vary", "")
    if listed(vary) & {"accept-encoding", "*"}:
        return headers
    value = ", ".join(filter(None, (vary, "Accept-Encoding")))
    return [*(header for header in headers if header[0].lower() != "vary"), ("Vary", value)]


class Representation(NamedTuple):
    """A whole answer with the status 200, and all that it takes to send it again."""

    body: bytes
    opening: bytes  # of its head: what is always the same
    own: Headers  # those that no other answer has
    tag: str  # its ETag, or ""
    modified: datetime | None
    lasts: bool  # whether it may be given again to whoever asks the same
    manner: "_Manner"

    @classmethod
    def of(cls, headers: Headers, body: bytes) -> "Representation":
        """Return the answer that an application gave; its length and what it depends on are put right."""
        tags, moments, others = [], [], []
        for header in headers:
            name = header[0].lower()
            if name == "etag":
                tags.append(header)
            elif name == "last-modified":
                moments.append(header)
            elif name != "content-length":
                others.append(header)
        return cls.made(tuple(others), body, tags, moments)

    @classmethod
    def made(
        cls, shared: tuple[tuple[str, str], ...], body: bytes, tags: Headers, moments: Headers = _NONE
    ) -> "Representation":
        """Return the answer with headers that many have, and its own: ETag and Last-Modified."""
        manner = _manner(shared, len(body) >= LEAST)
        own = [*tags, *moments]
        tag = ", ".join([value for _, value in tags])
        modified = parse_date(", ".join([value for _, value in moments])) if moments else None
        lasts = manner.public and _TAG.fullmatch(tag) is not None
        opening = b"%b%bContent-Length: %d\r\n" % (manner.opening, lines(own), len(body))
        return cls(body, opening, own, tag, modified, lasts, manner)

    @property
    def status(self) -> str:
        """Its status line: it has none but this."""
        return "200 OK"

    @property
    def encodable(self) -> bool:
        """Whether it may be written in another coding, and that is worth it."""
        return self.manner.encodable

    @property
    def headers(self) -> Headers:
        """All its headers."""
        return [*self.manner.headers, *self.own, ("Content-Length", str(len(self.body)))]

    @property
    def unchanged(self) -> Headers:
        """Those of a 304 in its place."""
        return [*self.manner.unchanged, *self.own]

    @property
    def presented_by(self) -> tuple[str, ...]:
        """The headers of the request that it depends on, but the coding's, as environ names them."""
        return self.manner.presented_by

    def encoded(self, coding: str) -> "Representation":
        """Return this answer written in `coding`, or itself if that is not worth it or not shorter."""
        if coding == IDENTITY or not self.encodable:
            return self
        body = _CODERS[coding](self.body)
        if len(body) >= len(self.body):
            return self
        headers = [
            (name, _tag_in(coding, value) if name.lower() == "etag" else value)
            for name, value in self.headers
        ]
        return Representation.of([*headers, ("Content-Encoding", coding)], body)


class _Manner(NamedTuple):
    """What follows from those headers of an answer that are the same for many."""

    headers: Headers
    unchanged: Headers  # of a 304 in its place
    opening: bytes
    encodable: bool
    public: bool  # whether it may be kept
    presented_by: tuple[str, ...]


@lru_cache(maxsize=256)
def _manner(headers: tuple[tuple[str, str], ...], is_long: bool) -> _Manner:
    found = fields([*headers])
    control, varies = listed(found.get("cache-control", "")), listed(found.get("vary", ""))
    media_type = found.get("content-type", "").partition(";")[0].strip().lower()
    encodable = (
        is_long
        and _TEXTUAL.fullmatch(media_type) is not None
        and not found.get("content-encoding")
        and "no-transform" not in control
    )
    written = varying([*headers]) if encodable else [*headers]
    return _Manner(
        headers=written,
        unchanged=_undescribing(written),
        opening=opening(HTTPStatus.OK, written),
        encodable=encodable,
        public=not control & {"no-store", "private"} and "*" not in varies and "set-cookie" not in found,
        presented_by=tuple(sorted(map(_in_environ, varies - {"accept-encoding"}))),
    )


def _undescribing(headers: Headers) -> Headers:
    return [header for header in headers if header[0].lower() not in _DESCRIBING]


class Passed:
    """An answer that goes to the client as the application gave it."""

    def __init__(self, app: WSGIApplication, environ: WSGIEnvironment) -> None:
        """Ask `app`, which calls start_response before it returns, as Flask does."""
        self.status = ""
        self.headers: Headers = []
        self.body = app(environ, self._start)

    def _start(self, status: str, headers: Headers, _error: object = None, /) -> Callable[[bytes], object]:
        self.status, self.headers = status, headers
        if status.startswith("304 "):  # as the 200 in its place would say
            self.headers = varying(headers)
        return _write

    def whole(self, limit: int) -> "Representation | Passed":
        """Return this answer read, if it is a 200 of at most `limit` bytes, not encoded yet."""
        found = fields(self.headers)
        if isinstance(self.body, (list, tuple)):
            length = sum(map(len, self.body))
        else:
            declared = found.get("content-length", "")
            length = int(declared) if declared.isascii() and declared.isdecimal() else limit + 1
        if length > limit or not self.status.startswith("200 ") or "content-encoding" in found:
            return self
        try:
            read = b"".join(self.body)
        finally:
            self.close()
        if len(read) == length:
            return Representation.of(self.headers, read)
        self.body = [read]  # not what was promised: the server shall see it
        return self

    def close(self) -> None:
        """Let the application clear up, as the end of every answer does."""
        close = getattr(self.body, "close", None)
        if close is not None:
            close()


def _in_environ(name: str) -> str:
    return "HTTP_" + name.upper().replace("-", "_")


def _write(_body: bytes) -> object:
    raise NotImplementedError("an application that is cached returns its body")


def _tag_in(coding: str, tag: str) -> str:
    """Return the entity tag of an answer in `coding`; a weak one holds for the same thing in every coding."""
    return tag if tag.startswith("W/") or not tag.endswith('"') else f'{tag[:-1]}-{coding}"'
