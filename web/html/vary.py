"""The header `Vary`: names the request headers that were read for a response.

https://www.rfc-editor.org/rfc/rfc9110#name-vary. Accept-Encoding is added where responses are encoded.
"""

from typing import Any, Final
from wsgiref.types import WSGIEnvironment

from flask import Flask, Request, Response, request
from werkzeug.datastructures import EnvironHeaders

_SELECTING: Final = ("Accept", "Accept-Language", "Cookie", "Origin", "User-Agent")
_BY_KEY: Final = {name.lower(): name for name in _SELECTING}


class RecordedHeaders(EnvironHeaders):
    """Request headers that record in `read` which of those that select a representation are read."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        """Take the headers from `environ`."""
        super().__init__(environ)
        self.read: set[str] = set()

    def _record(self, key: str) -> None:
        if name := _BY_KEY.get(key.lower()):
            self.read.add(name)

    def __getitem__(self, key: str) -> str:  # type: ignore[override]
        """Return the header `key`; raise KeyError if it is absent."""
        self._record(key)
        return super().__getitem__(key)

    def __contains__(self, key: str) -> bool:
        """Return whether there is a header called `key`."""
        self._record(key)
        return super().__contains__(key)

    def get(self, key: str, *arguments: Any, **options: Any) -> Any:
        """Return the header `key`, or the default."""
        self._record(key)
        return super().get(key, *arguments, **options)

    def getlist(self, key: str, *arguments: Any, **options: Any) -> Any:
        """Return all values of the header `key`."""
        self._record(key)
        return super().getlist(key, *arguments, **options)


class RecordedRequest(Request):
    """A request that records which of its headers are read."""

    headers: RecordedHeaders

    def __init__(self, environ: WSGIEnvironment, *arguments: Any, **options: Any) -> None:
        """Take the WSGI environ and the arguments of Flask's request."""
        super().__init__(environ, *arguments, **options)
        self.headers = RecordedHeaders(environ)


def register(app: Flask) -> None:
    """Add `Vary` to all responses of `app`.

    Functions that Flask runs after a request run in the reverse order of their registration: this has to be
    registered before all functions that read headers.
    """
    app.request_class = RecordedRequest
    app.after_request(_set_vary)


def varies_by(header: str) -> bool:
    """Return whether the current response depends on the request header `header` so far."""
    headers = request.headers
    return isinstance(headers, RecordedHeaders) and header in headers.read


def _set_vary(response: Response) -> Response:
    headers = request.headers
    if isinstance(headers, RecordedHeaders) and headers.read:
        response.vary.update(sorted(headers.read))
    return response
