"""Answers what has been answered before, ahead of the application and in bounded memory.

It keeps whole answers that say of themselves that they last: https://www.rfc-editor.org/rfc/rfc9111. A cache
serves one release and is dropped with it, so nothing in it is ever out of date.
"""

from collections.abc import Iterable
from http import HTTPStatus
from io import BytesIO
from typing import Final, Protocol
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from web.http import preconditions
from web.http.content_coding import IDENTITY, Passed, Representation, accepted
from web.http.flights import Flights
from web.http.kept import Kept, Known, Resource

ENDPOINT: Final = "/sparql"  # where a body asks a question, and changes nothing

_RESOURCE: Final = "utsaga.resource"  # in the environ, what was found out about a request
_LONGEST_BODY: Final = 16_384  # bytes of a question whose answer is kept
_SAYING_MORE: Final = preconditions.HEADERS | {"HTTP_X_REQUEST_ID"}
_READ_WHOLE: Final = 1 << 20  # bytes of an answer that is read, to be compressed, even if it is not kept


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
        self._kept = Kept(max_bytes)
        self._flights = Flights()

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

    def again(self, raw: bytes) -> Known | None:
        """Return what is kept for a GET that came in the very same bytes before."""
        found = self._kept.again(raw)
        if found is not None and self._meter is not None:
            self._meter.hit()
        return found

    def kept(self, environ: WSGIEnvironment, raw: bytes | None = None) -> Representation | None:
        """Return the answer to a request if it is kept just as it is wanted: nothing is to be done for it.

        If it came as `raw`, `again` answers those bytes next time, unless they say more than what is wanted.
        """
        resource = self._resource(environ) if environ["REQUEST_METHOD"] in {"GET", "HEAD"} else None
        if resource is None:
            return None
        coding = accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
        found = self._kept.find(resource, environ, coding)
        if found is None and coding != IDENTITY:
            coding = IDENTITY
            found = self._kept.find(resource, environ, coding)
            if found is not None and found.encodable:
                return None
        if found is not None:
            if raw is not None and says_no_more(environ):
                self._kept.know(raw, resource, environ, coding)
            if self._meter is not None:
                self._meter.hit()
        return found

    def claim(self, environ: WSGIEnvironment) -> Resource | None:
        """Have others who ask the same wait until `release`; return what is to be released.

        Return None if somebody else asks it already, or where the answer to such a request is never kept, and
        waiting for it would be in vain.
        """
        resource = self._resource(environ)
        flight = _flight(resource, environ) if resource else None
        return None if flight is None or self._flights.claim(flight) else flight

    def release(self, flight: Resource) -> None:
        """Let those go on who wait for the answer to a request."""
        self._flights.end(flight)

    def fetch(self, environ: WSGIEnvironment, app: WSGIApplication) -> Representation | Passed:
        """Return what `app` answers to a request in the coding that is wanted, and keep it if it lasts."""
        resource, method = self._resource(environ), environ["REQUEST_METHOD"]
        self._missed(resource)
        if method == "HEAD" and resource is not None:  # a GET has the same headers, and an answer to keep
            environ, method = environ | {"REQUEST_METHOD": "GET"}, "GET"
        passed = Passed(app, environ)
        if method == "HEAD":  # its length is that of a body that it does not have
            return passed
        plain = passed.whole(max(self._kept.largest, _READ_WHOLE))
        return plain if isinstance(plain, Passed) else self._take(resource, environ, plain)

    def take(self, environ: WSGIEnvironment, plain: Representation) -> Representation:
        """Return `plain`, the answer to a GET, in the coding that is wanted, and keep it if it lasts."""
        resource = self._resource(environ)
        self._missed(resource)
        return self._take(resource, environ, plain)

    def _take(
        self, resource: Resource | None, environ: WSGIEnvironment, plain: Representation
    ) -> Representation:
        coding = accepted(environ.get("HTTP_ACCEPT_ENCODING", ""))
        answer = plain.encoded(coding)
        if resource is not None and plain.lasts:
            self._keep(resource, environ, IDENTITY, plain)
            if coding != IDENTITY and plain.encodable:
                self._keep(resource, environ, coding, answer)
        return answer

    def _missed(self, resource: Resource | None) -> None:
        if resource is not None and self._meter is not None:
            self._meter.miss()

    def _resource(self, environ: WSGIEnvironment) -> Resource | None:
        """Return what is asked for, however presented; None if the answer to such a request is not kept."""
        if _RESOURCE not in environ:
            environ[_RESOURCE] = self._find_resource(environ)
        found: Resource | None = environ[_RESOURCE]
        return found

    def _find_resource(self, environ: WSGIEnvironment) -> Resource | None:
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


def _flight(resource: Resource, environ: WSGIEnvironment) -> Resource:
    return (*resource, environ.get("HTTP_ACCEPT"), environ.get("HTTP_ACCEPT_LANGUAGE"))


def says_no_more(environ: WSGIEnvironment) -> bool:
    """Tell whether a request says what it wants and nothing else that its answer depends on."""
    return environ.keys().isdisjoint(_SAYING_MORE)


def send(
    answer: Representation | Passed, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    """Send `answer`, without its body to HEAD, or a 304 or 412 if the conditions of the request say so."""
    is_head, status = environ["REQUEST_METHOD"] == "HEAD", HTTPStatus.OK
    if not environ.keys().isdisjoint(preconditions.HEADERS) and answer.status.startswith("200 "):
        selected = Representation.of(answer.headers, b"") if isinstance(answer, Passed) else answer
        status = preconditions.evaluate(environ, selected.tag, selected.modified)
        if status == HTTPStatus.NOT_MODIFIED:
            start_response("304 Not Modified", [*selected.unchanged])
    if status == HTTPStatus.OK:
        start_response(answer.status, [*answer.headers])  # a list of its own: layers outside may add to it
        if not is_head:
            return [answer.body] if isinstance(answer, Representation) else answer.body
    if isinstance(answer, Passed):
        answer.close()
    if status == HTTPStatus.PRECONDITION_FAILED:
        return preconditions.PRECONDITION_FAILED(environ, start_response)
    return []


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
