"""A WSGI application behind a response cache, as the server has it."""

from collections.abc import Iterable
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from web.http.preconditions import apply
from web.http.response_cache import ResponseCache


class Cached:
    """An application whose responses are found in a cache, or made and kept there."""

    def __init__(self, app: WSGIApplication, *, max_bytes: int) -> None:
        """Keep at most `max_bytes`."""
        self._app, self._cache = app, ResponseCache(max_bytes=max_bytes)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        found = self._cache.find(environ)
        response = apply(environ, found.response) if found else self._cache.fetch(environ, self._app)
        start_response(f"{response.status} {HTTPStatus(response.status).phrase}", response.headers)
        return response.body
