"""The fast path for SPARQL requests: they are answered on the event loop, without the cost of Flask.

Other requests, and every error, are left to Flask, which answers queries by the same functions.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final
from wsgiref.types import WSGIEnvironment

from werkzeug.wsgi import FileWrapper

from graph.rdf.query_types import QueryRequest, QueryResponse
from web.html.app_state import AppState
from web.http.pinned import RELEASE, lasting_headers
from web.http.preconditions import apply
from web.http.representation import Representation
from web.http.response_cache import ResponseCache
from web.http.responses import Headers, Response
from web.http.security_headers import SECURITY
from web.sparql.admission import Admission
from web.sparql.protocol import CORS_HEADERS, PATH, media_types, parse_request, result_headers, result_state

_MAX_INLINE_BYTES: Final = 1 << 16  # a body that is compressed faster than a thread wakes up
_COMMON_HEADERS: Final = (*SECURITY.items(), *CORS_HEADERS.items())

OnThread = Callable[[Callable[[], Response]], Awaitable[Response]]


class FastPath:
    """The SPARQL endpoint of an application, without that application."""

    def __init__(self, state: AppState, cache: ResponseCache) -> None:
        """Take the `state` of the application, and the `cache` for responses that may be stored."""
        self._admission, self._cache = Admission.of(state), cache
        self._version, self._id = state.version, state.release_id

    def query_request(self, environ: WSGIEnvironment) -> QueryRequest | None:
        """Return the query of a request whose body is in memory; None if it has none, or is in the cache.

        Raise what `parse_request` and `media_types` raise.
        """
        method = environ["REQUEST_METHOD"]
        if environ["PATH_INFO"] != PATH or method not in {"GET", "POST", "QUERY"}:
            return None
        if environ.get(RELEASE, self._id) != self._id:  # the application says why it has no such release
            return None
        if self._cache.holds(environ):  # in another coding, into which it is written on a thread
            return None
        body = environ["wsgi.input"].read()
        environ["wsgi.input"].seek(0)
        if len(body) < int(environ.get("CONTENT_LENGTH", "0")):  # too long, as the application will say
            return None
        parsed = parse_request(environ, body, self._admission.settings)
        if parsed.query is None:
            return None
        choices = media_types(environ.get("HTTP_ACCEPT", ""), parsed.format)
        return self._admission.query_request(environ, parsed.query, choices, parsed.dataset, parsed.timeout)

    async def respond(self, query: QueryRequest, environ: WSGIEnvironment, on_thread: OnThread) -> Response:
        """Return the response to a query; raise what the query raises, or TooManyRequests.

        A large answer is read and compressed by `on_thread`.
        """
        with self._admission.admit_query(environ):
            found = await self._admission.backend.answer_async(query)
        fields = [*result_headers(found, self._version, result_state(query)), *_COMMON_HEADERS]
        fields = lasting_headers(environ, fields)
        if isinstance(found.body, bytes) and len(found.body) <= _MAX_INLINE_BYTES:
            return apply(environ, self._cache.keep(environ, Representation.of(fields, found.body)).response)
        return await on_thread(partial(self._cache.take, environ, _response(found, fields)))


def _response(found: QueryResponse, fields: Headers) -> Response:
    body = [found.body] if isinstance(found.body, bytes) else FileWrapper(found.body)
    return Response(200, fields, body)
