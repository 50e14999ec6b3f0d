"""Answers what has been answered before, ahead of the application and in bounded memory.

It keeps whole answers that say of themselves that they last: https://www.rfc-editor.org/rfc/rfc9111. A cache
serves one release and is dropped with it, so nothing in it is ever out of date.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final, Protocol
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from web.encoding import IDENTITY, Passed, Representation, accepted

ENDPOINT: Final = "/sparql"  # where a body asks a question, and changes nothing

_LONGEST_BODY: Final = 16_384  # bytes of a question whose answer is kept
_READ_WHOLE: Final = 1 << 20  # bytes of an answer that is read, to be compressed, even if it is not kept
_SMALL_CHANGE: Final = 2_500  # bytes that an entry takes beside its key, its headers and its body
_KINDS: Final = 16  # different Vary headers that are told apart; our pages have a few
_PATIENCE: Final = 1.0  # seconds to wait for another's answer to the same request

Resource = tuple[str | bytes | None, ...]
Key = tuple[Resource, tuple[str, ...], tuple[str | None, ...], str]


class Meter(Protocol):
    """Is told what a cache does."""

    def hit(self) -> None:
        """Count an answer that was kept."""

    def miss(self) -> None:
        """Count an answer that might have been kept, and was not."""

    def stored(self, bytes_total: int, entries: int) -> None:
        """Note how much is kept now."""


class Cache:
    """A WSGI application that keeps and compresses the answers of another, and tells who holds them already.

    `app` calls start_response before it returns, as Flask does. Its answers depend on nothing but method,
    scheme, host, path, query, body and what their Vary names; so whatever puts scheme and host right behind a
    proxy stands outside of the cache.
    """

    def __init__(
        self, app: WSGIApplication, *, max_bytes: int, meter: Meter | None = None, by_host: bool = True
    ) -> None:
        """Keep at most `max_bytes` of the answers of `app`, which depend on scheme and host if `by_host`."""
        self._app = app
        self._meter = meter
        self._by_host = by_host
        self._kept = _Kept(max_bytes)
        self._flights = _Flights()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer with what is kept, or else as the application does."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD", "POST", "QUERY"}:
            return self._app(environ, start_response)
        resource = self._resource(environ)
        if resource is None:
            answer = self.fetch(environ, self._app)
        else:
            answer = self._find(resource, environ) or self._wait_or_fetch(resource, environ)
        return send(answer, environ, start_response)

    def kept(self, environ: WSGIEnvironment) -> Representation | None:
        """Return the answer to a request if it is kept just as it is wanted: nothing is to be done for it."""
        resource = self._resource(environ) if environ["REQUEST_METHOD"] in {"GET", "HEAD"} else None
        if resource is None:
            return None
        coding = accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
        found = self._kept.find(resource, environ, coding)
        if found is None and coding != IDENTITY:
            found = self._kept.find(resource, environ, IDENTITY)
            if found is not None and found.encodable:
                return None
        if found is not None and self._meter is not None:
            self._meter.hit()
        return found

    @contextmanager
    def alone(self, environ: WSGIEnvironment) -> Iterator[bool]:
        """Have others who ask the same wait meanwhile; yield false if somebody else asks it already.

        So it does where the answer to such a request is never kept, and waiting for it would be in vain.
        """
        resource = self._resource(environ)
        flight = _flight(resource, environ) if resource else None
        claimed = flight is not None and self._flights.claim(flight) is None
        try:
            yield claimed
        finally:
            if flight is not None and claimed:
                self._flights.end(flight)

    def fetch(self, environ: WSGIEnvironment, app: WSGIApplication) -> Representation | Passed:
        """Return what `app` answers to a request in the coding that is wanted, and keep it if it lasts."""
        resource, coding = self._resource(environ), accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
        if resource is not None:
            if self._meter is not None:
                self._meter.miss()
            if environ["REQUEST_METHOD"] == "HEAD":  # a GET has the same headers, and an answer to keep
                environ = environ | {"REQUEST_METHOD": "GET"}
        passed = Passed(app, environ)
        if environ["REQUEST_METHOD"] == "HEAD":  # its length is that of a body that it does not have
            return passed
        plain = passed.whole(max(self._kept.largest, _READ_WHOLE))
        if isinstance(plain, Passed):
            return plain
        answer = plain.encoded(coding)
        if resource is not None and plain.lasts:
            self._keep(resource, environ, IDENTITY, plain)
            if coding != IDENTITY and plain.encodable:
                self._keep(resource, environ, coding, answer)
        return answer

    def _resource(self, environ: WSGIEnvironment) -> Resource | None:
        """Return what is asked for, however presented; None if the answer to such a request is not kept."""
        if "HTTP_AUTHORIZATION" in environ:
            return None
        site = (environ.get("wsgi.url_scheme"), environ.get("HTTP_HOST")) if self._by_host else ()
        path = environ.get("PATH_INFO")
        resource = (*site, environ.get("SCRIPT_NAME"), path, environ.get("QUERY_STRING"))
        method = environ["REQUEST_METHOD"]
        if method in {"GET", "HEAD"}:
            return resource
        body = _question(environ) if path == ENDPOINT else None
        return None if body is None else (*resource, method, environ.get("CONTENT_TYPE"), body)

    def _find(self, resource: Resource, environ: WSGIEnvironment) -> Representation | None:
        """Return the answer that is kept, in the coding that is wanted: written so now if it has not been."""
        coding = accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
        found = self._kept.find(resource, environ, coding)
        if found is None and coding != IDENTITY:
            found = self._kept.find(resource, environ, IDENTITY)
            if found is not None and found.encodable:
                found = found.encoded(coding)
                self._keep(resource, environ, coding, found)
        if found is not None and self._meter is not None:
            self._meter.hit()
        return found

    def _wait_or_fetch(self, resource: Resource, environ: WSGIEnvironment) -> Representation | Passed:
        """Return what the application answers: of several that ask the same at once, one asks it."""
        with self._flights.join(_flight(resource, environ)) as waited:
            found = self._find(resource, environ) if waited else None
            return found or self.fetch(environ, self._app)

    def _keep(
        self, resource: Resource, environ: WSGIEnvironment, coding: str, answer: Representation
    ) -> None:
        if self._kept.add(resource, environ, coding, answer) and self._meter is not None:
            self._meter.stored(self._kept.bytes_total, len(self._kept))


class _Kept:
    """Answers within a bound of bytes, the least recently used dropped first, for several threads."""

    def __init__(self, max_bytes: int) -> None:
        self.bytes_total = 0
        self.largest = max_bytes // 8
        self._max_bytes = max_bytes
        self._kinds: tuple[tuple[str, ...], ...] = ()  # lists of headers, as environ names them
        self._entries: OrderedDict[Key, tuple[Representation, int]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, resource: Resource, environ: WSGIEnvironment, coding: str) -> Representation | None:
        """Return the answer that was added for such a request, its headers as far as they matter alike."""
        for names in self._kinds:
            key = (resource, names, tuple([environ.get(name) for name in names]), coding)
            with self._lock:
                entry = self._entries.get(key)
                if entry is not None:
                    self._entries.move_to_end(key)
                    return entry[0]
        return None

    def add(self, resource: Resource, environ: WSGIEnvironment, coding: str, answer: Representation) -> bool:
        """Keep `answer`, and tell whether there was room for it."""
        names = answer.presented_by
        values = tuple([environ.get(name) for name in names])
        strings = (*resource, *values, *(text for header in answer.headers for text in header))
        size = sum(map(len, filter(None, strings))) + len(answer.body) + _SMALL_CHANGE
        if size > self.largest:
            return False
        key = (resource, names, values, coding)
        with self._lock:
            if names not in self._kinds:
                if len(self._kinds) == _KINDS:
                    return False
                self._kinds = (*self._kinds, names)
            _, former = self._entries.pop(key, (None, 0))
            self._entries[key] = answer, size
            self.bytes_total += size - former
            while self.bytes_total > self._max_bytes:
                _, (_, dropped) = self._entries.popitem(last=False)
                self.bytes_total -= dropped
        return True


class _Flights:
    """Requests that are being answered now."""

    def __init__(self) -> None:
        self._ended: dict[Resource, threading.Event] = {}
        self._lock = threading.Lock()

    def claim(self, request: Resource) -> threading.Event | None:
        """Be the one who answers `request`, until `end`; or return what tells that another has tried."""
        mine = threading.Event()
        with self._lock:
            ended = self._ended.setdefault(request, mine)
        return None if ended is mine else ended

    def end(self, request: Resource) -> None:
        """Let those go on who wait for the answer to `request`."""
        with self._lock:
            ended = self._ended.pop(request)
        ended.set()

    @contextmanager
    def join(self, request: Resource) -> Iterator[bool]:
        """Be the one who answers `request`; or wait a moment until another has tried, and yield true."""
        ended = self.claim(request)
        if ended is not None:
            ended.wait(_PATIENCE)
            yield True
            return
        try:
            yield False
        finally:
            self.end(request)


def _flight(resource: Resource, environ: WSGIEnvironment) -> Resource:
    return (*resource, environ.get("HTTP_ACCEPT"), environ.get("HTTP_ACCEPT_LANGUAGE"))


def send(
    answer: Representation | Passed, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """Send `answer`, without its body to HEAD, or a 304 to a client that holds it already."""
    method = environ["REQUEST_METHOD"]
    if isinstance(answer, Passed):
        start_response(answer.status, answer.headers)
        if method != "HEAD":
            return answer.body
        answer.close()
        return []
    conditional = "HTTP_IF_NONE_MATCH" in environ or "HTTP_IF_MODIFIED_SINCE" in environ
    if conditional and method != "POST" and answer.held_by(environ):
        start_response("304 Not Modified", [*answer.unchanged])
        return []
    start_response("200 OK", [*answer.headers])  # a list of its own: who stands outside may add to it
    return [] if method == "HEAD" else [answer.body]


def _question(environ: WSGIEnvironment) -> bytes | None:
    """Return the body of a request, leaving it there to be read again; None if it is long or encoded."""
    declared = environ.get("CONTENT_LENGTH") or ""
    short = (
        len(declared) < 8 and declared.isascii() and declared.isdecimal() and int(declared) <= _LONGEST_BODY
    )
    if not short or "HTTP_CONTENT_ENCODING" in environ:
        return None
    body = b""
    while len(body) < int(declared) and (read := environ["wsgi.input"].read(int(declared) - len(body))):
        body += read
    environ["wsgi.input"] = BytesIO(body)
    return body if len(body) == int(declared) else None
