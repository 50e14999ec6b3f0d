"""Whole responses in bounded memory, found by method, path, query, body and what their Vary names.

It keeps what says of itself that it lasts: https://www.rfc-editor.org/rfc/rfc9111. A cache serves one release
and is dropped with it, so that nothing in it is ever out of date.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from io import BytesIO
from typing import Final, Protocol
from wsgiref.types import WSGIApplication, WSGIEnvironment

from web.http.content_coding import IDENTITY, accepted
from web.http.preconditions import apply
from web.http.representation import Representation
from web.http.responses import Response, header

ENDPOINT: Final = "/sparql"  # where a body is a query, and changes nothing

_RESOURCE: Final = "utsaga.resource"  # in the environ
_KNOWN: Final = {"GET", "HEAD", "POST", "QUERY"}  # methods; responses to others are passed on as they are
_LONGEST_BODY: Final = 16_384  # bytes of a query whose answer is kept
_READ_WHOLE: Final = 1 << 20  # bytes of a response that is read, to be compressed, even if it is not kept
_OVERHEAD: Final = 2_500  # bytes that an entry takes beside its key, its headers and its body
_MOST_SELECTIONS: Final = 16  # different Vary headers that are kept apart; our pages have a few

Resource = tuple[str | bytes | None, ...]
Key = tuple[Resource, tuple[str, ...], tuple[str | None, ...], str]


class CacheObserver(Protocol):
    """What the cache reports to."""

    def hit(self) -> None:
        """Count a response that was kept."""

    def miss(self) -> None:
        """Count a response that might have been kept, and was not."""

    def stored(self, bytes_total: int, entries: int) -> None:
        """Record how much is kept now."""


class ResponseCache:
    """Responses within a bound of bytes, the least recently used dropped first. For several threads."""

    def __init__(
        self, *, max_bytes: int, observer: CacheObserver | None = None, by_host: bool = True
    ) -> None:
        """Keep at most `max_bytes`, and no response that takes more than an eighth of that.

        `by_host` says whether responses depend on the scheme and host of the request.
        """
        self._max_bytes, self._largest = max_bytes, max_bytes // 8
        self._observer, self._by_host = observer, by_host
        self._bytes_total = 0
        self._selections: tuple[tuple[str, ...], ...] = ()
        self._entries: OrderedDict[Key, tuple[Representation, int]] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, environ: WSGIEnvironment) -> Representation | None:
        """Return what is kept for a request in the coding it wants, or None if that is not kept yet."""
        resource = self.resource(environ)
        if resource is None:
            return None
        coding = _coding(environ)
        found = self._get(resource, environ, coding)
        if found is None and coding != IDENTITY:
            plain = self._get(resource, environ, IDENTITY)
            found = plain if plain and not plain.is_encodable else None
        if found is not None:
            self._count_hit()
        return found

    def holds(self, environ: WSGIEnvironment) -> bool:
        """Return whether `fetch` has the response to a request without the application, in some coding."""
        resource = self.resource(environ)
        return resource is not None and self._get(resource, environ, IDENTITY) is not None

    def fetch(self, environ: WSGIEnvironment, app: WSGIApplication) -> Response:
        """Return what `app` responds, in the coding that the request wants, and keep it if it lasts."""
        resource, method = self.resource(environ), environ["REQUEST_METHOD"]
        if method not in _KNOWN:
            return Response.of(app, environ)
        plain = self._get(resource, environ, IDENTITY) if resource is not None else None
        if plain is not None and resource is not None:  # in another coding
            self._count_hit()
            return apply(environ, self._encode(resource, environ, plain).response)
        is_head = method == "HEAD"  # a GET has the same headers, and a body to keep
        response = Response.of(app, environ | {"REQUEST_METHOD": "GET"} if is_head else environ)
        return self.take(environ, response)

    def take(self, environ: WSGIEnvironment, response: Response) -> Response:
        """Return what is sent where `response` is the whole response to a GET or POST; keep it if it lasts.

        It is sent in the coding that the request wants unless it is long, or anything but a plain 200.
        """
        if self._is_plain(response):
            length, body = response.length, response.read()
            if len(body) == length:
                response = self.keep(environ, Representation.of(response.headers, body)).response
            else:  # not what was promised: the server shall see it
                response.body = [body]
        return apply(environ, response)

    def _is_plain(self, response: Response) -> bool:
        """Return whether a response is a 200 of a moderate length that is not encoded yet."""
        length = response.length
        return (
            response.status == 200
            and length is not None
            and length <= max(self._largest, _READ_WHOLE)
            and not header(response.headers, "content-encoding")
        )

    def keep(self, environ: WSGIEnvironment, plain: Representation) -> Representation:
        """Return `plain` in the coding that the request wants, and keep both if they last."""
        resource = self.resource(environ)
        if resource is not None and self._observer is not None:
            self._observer.miss()
        if resource is None or not plain.is_public:
            return plain.encoded(_coding(environ))
        self._add(resource, environ, IDENTITY, plain)
        return self._encode(resource, environ, plain)

    def _encode(self, resource: Resource, environ: WSGIEnvironment, plain: Representation) -> Representation:
        """Return `plain`, which is kept, in the coding that the request wants, and keep that too."""
        coding = _coding(environ)
        encoded = plain.encoded(coding)
        if coding != IDENTITY and plain.is_encodable:  # shorter or not, so that it is tried once
            self._add(resource, environ, coding, encoded)
        return encoded

    def _count_hit(self) -> None:
        if self._observer is not None:
            self._observer.hit()

    def resource(self, environ: WSGIEnvironment) -> Resource | None:
        """Return what is requested, however presented; None if such a response is never kept.

        It is found once, before the application reads the body that it depends on.
        """
        if _RESOURCE not in environ:
            environ[_RESOURCE] = self._find_resource(environ)
        resource: Resource | None = environ[_RESOURCE]
        return resource

    def _find_resource(self, environ: WSGIEnvironment) -> Resource | None:
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        if "HTTP_AUTHORIZATION" in environ:
            return None
        site = (environ["wsgi.url_scheme"], environ.get("HTTP_HOST")) if self._by_host else ()
        resource = (*site, environ.get("SCRIPT_NAME"), path, environ.get("QUERY_STRING"))
        if method in {"GET", "HEAD"}:
            return resource
        body = _query_body(environ) if path == ENDPOINT and method in {"POST", "QUERY"} else None
        return None if body is None else (*resource, method, environ.get("CONTENT_TYPE"), body)

    def _get(self, resource: Resource, environ: WSGIEnvironment, coding: str) -> Representation | None:
        """Return what is kept; a part of it that is asked for, the application has to give."""
        with self._lock:
            for key in self._keys(resource, environ, coding):
                entry = self._entries.get(key)
                if entry is not None and not ("HTTP_RANGE" in environ and entry[0].has_parts):
                    self._entries.move_to_end(key)
                    return entry[0]
        return None

    def _keys(self, resource: Resource, environ: WSGIEnvironment, coding: str) -> Iterator[Key]:
        for names in self._selections:
            yield resource, names, tuple(environ.get(name) for name in names), coding

    def _add(self, resource: Resource, environ: WSGIEnvironment, coding: str, kept: Representation) -> None:
        names = kept.selected_by
        values = tuple(environ.get(name) for name in names)
        key = (resource, names, values, coding)
        size = _OVERHEAD + len(kept.body) + sum(len(part) for part in (*resource, *values) if part)
        size += sum(len(name) + len(value) for name, value in kept.headers)
        if size > self._largest:
            return
        with self._lock:
            if names not in self._selections:
                if len(self._selections) == _MOST_SELECTIONS:
                    return
                self._selections = (*self._selections, names)
            self._bytes_total += size - self._entries.pop(key, (kept, 0))[1]
            self._entries[key] = kept, size
            while self._bytes_total > self._max_bytes:
                self._bytes_total -= self._entries.popitem(last=False)[1][1]
        if self._observer is not None:
            self._observer.stored(self._bytes_total, len(self._entries))


def _coding(environ: WSGIEnvironment) -> str:
    return accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))


def _query_body(environ: WSGIEnvironment) -> bytes | None:
    """Return the body of a request, leaving it there to be read again; None if it is long or encoded."""
    declared = environ.get("CONTENT_LENGTH") or ""
    is_short = (
        declared.isascii() and declared.isdecimal() and len(declared) < 8 and int(declared) <= _LONGEST_BODY
    )
    if not is_short or "HTTP_CONTENT_ENCODING" in environ:
        return None
    body: bytes = environ["wsgi.input"].read(int(declared))
    environ["wsgi.input"] = BytesIO(body)
    return body if len(body) == int(declared) else None
