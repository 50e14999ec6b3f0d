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
        coding = accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
        resource = self._resource(environ)
        if resource is None:
            answer = self._ask(environ)
            if isinstance(answer, Representation):
                answer = answer.encoded(coding)
        else:
            answer = self._find(resource, environ, coding) or self._fetch(resource, environ, coding)
        return _send(answer, environ, start_response)

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

    def _find(self, resource: Resource, environ: WSGIEnvironment, coding: str) -> Representation | None:
        """Return the answer that is kept, in `coding`: written so now, if it has not been before."""
        found = self._kept.find(resource, environ, coding)
        if found is None and coding != IDENTITY:
            found = self._kept.find(resource, environ, IDENTITY)
            if found is not None and found.encodable:
                found = found.encoded(coding)
                self._keep(resource, environ, coding, found)
        if found is not None and self._meter is not None:
            self._meter.hit()
        return found

    def _fetch(self, resource: Resource, environ: WSGIEnvironment, coding: str) -> Representation | Passed:
        """Return what the application answers, and keep it if it lasts.

        Of several that ask the same at once, one asks the application and the others wait a moment for it.
        """
        flight = (*resource, environ.get("HTTP_ACCEPT"), environ.get("HTTP_ACCEPT_LANGUAGE"))
        with self._flights.join(flight) as waited:
            found = self._find(resource, environ, coding) if waited else None
            if found is not None:
                return found
            if self._meter is not None:
                self._meter.miss()
            head = environ["REQUEST_METHOD"] == "HEAD"  # a GET has the same headers, and an answer to keep
            plain = self._ask(environ | {"REQUEST_METHOD": "GET"} if head else environ)
            if isinstance(plain, Passed):
                return plain
            answer = plain.encoded(coding)
            if plain.lasts:
                self._keep(resource, environ, IDENTITY, plain)
                if coding != IDENTITY and plain.encodable:
                    self._keep(resource, environ, coding, answer)
            return answer

    def _keep(
        self, resource: Resource, environ: WSGIEnvironment, coding: str, answer: Representation
    ) -> None:
        if self._kept.add(resource, environ, coding, answer) and self._meter is not None:
            self._meter.stored(self._kept.bytes_total, len(self._kept))

    def _ask(self, environ: WSGIEnvironment) -> Representation | Passed:
        passed = Passed(self._app, environ)
        if environ["REQUEST_METHOD"] == "HEAD":  # its length is that of a body that it does not have
            return passed
        return passed.whole(max(self._kept.largest, _READ_WHOLE))


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

    @contextmanager
    def join(self, request: Resource) -> Iterator[bool]:
        """Be the one who answers `request`; or wait until it has tried, but not for long, and yield true."""
        mine = threading.Event()
        with self._lock:
            ended = self._ended.setdefault(request, mine)
        if ended is not mine:
            ended.wait(_PATIENCE)
            yield True
            return
        try:
            yield False
        finally:
            with self._lock:
                del self._ended[request]
            mine.set()


def _send(
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
