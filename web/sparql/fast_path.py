"""Answers queries on the event loop, before Flask is entered, which takes longer than most of them do.

Whatever is not a query, and every error, is left to Flask, which answers queries by the same functions.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final
from wsgiref.types import WSGIEnvironment

from werkzeug.wsgi import FileWrapper

from graph.rdf.query_types import QueryRequest, QueryResponse
from web.html.app_state import AppState
from web.http.preconditions import apply
from web.http.representation import Representation
from web.http.response_cache import ResponseCache
from web.http.responses import Headers, Response
from web.http.security_headers import SECURITY
from web.sparql.admission import Admission
from web.sparql.protocol import PATH, SCRIPTS, headers, media_types, parse, state_of

_SHORT: Final = 1 << 16  # bytes of a body that is compressed in less time than a thread takes to wake up
_ALWAYS: Final = (*SECURITY.items(), *SCRIPTS.items())

OnThread = Callable[[Callable[[], Response]], Awaitable[Response]]


class FastPath:
    """The SPARQL endpoint of an application, without that application."""

    def __init__(self, state: AppState, cache: ResponseCache) -> None:
        """Answer as the application with this `state` would, and keep in `cache` what lasts."""
        self._admission, self._release, self._cache = Admission.of(state), state.release, cache

    def question(self, environ: WSGIEnvironment) -> QueryRequest | None:
        """Return the query of a request with its body in memory; None if it is none, or needs no worker.

        Raise what `parse` and `media_types` raise.
        """
        method = environ["REQUEST_METHOD"]
        if environ["PATH_INFO"] != PATH or method not in {"GET", "POST", "QUERY"}:
            return None
        if self._cache.holds(environ):  # in another coding, into which it is written on a thread
            return None
        body = environ["wsgi.input"].read()
        environ["wsgi.input"].seek(0)
        if len(body) < int(environ.get("CONTENT_LENGTH", "0")):  # too long, as the application will say
            return None
        asked = parse(environ, body, self._admission.settings)
        if asked.query is None:
            return None
        choices = media_types(environ.get("HTTP_ACCEPT", ""), asked.format)
        return self._admission.question(environ, asked.query, choices, asked.dataset, asked.timeout)

    async def respond(
        self, question: QueryRequest, environ: WSGIEnvironment, on_thread: OnThread
    ) -> Response:
        """Return the response to a query; raise what the query raises, or TooManyRequests.

        A large answer is read and compressed by `on_thread`.
        """
        with self._admission.admit_query(environ):
            found = await self._admission.backend.answer_async(question)
        listed = [*headers(found, self._release, state_of(question)), *_ALWAYS]
        if isinstance(found.body, bytes) and len(found.body) <= _SHORT:
            return apply(environ, self._cache.keep(environ, Representation.of(listed, found.body)).response)
        return await on_thread(partial(self._cache.take, environ, _response(found, listed)))


def _response(found: QueryResponse, listed: Headers) -> Response:
    body = [found.body] if isinstance(found.body, bytes) else FileWrapper(found.body)
    return Response(200, listed, body)
