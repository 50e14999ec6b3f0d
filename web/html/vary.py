"""Names in `Vary` the request headers that a response was made from, by noting which of them are read.

https://www.rfc-editor.org/rfc/rfc9110#name-vary. Accept-Encoding is named where responses are encoded.
"""

from typing import Any, Final
from wsgiref.types import WSGIEnvironment

from flask import Flask, Request, Response, request
from werkzeug.datastructures import EnvironHeaders

_SELECTING: Final = ("Accept", "Accept-Language", "Cookie", "Origin", "User-Agent")
_BY_KEY: Final = {name.lower(): name for name in _SELECTING}


class NotedHeaders(EnvironHeaders):
    """The headers of a request, which note in `read` those that select a representation as they are read."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        """Read the headers in `environ`."""
        super().__init__(environ)
        self.read: set[str] = set()

    def _note(self, key: str) -> None:
        if name := _BY_KEY.get(key.lower()):
            self.read.add(name)

    def __getitem__(self, key: str) -> str:  # type: ignore[override]
        """Return the header called `key`; raise KeyError if there is none."""
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key: str) -> bool:
        """Tell whether there is a header called `key`."""
        self._note(key)
        return super().__contains__(key)

    def get(self, key: str, *arguments: Any, **options: Any) -> Any:
        """Return the header called `key`, or the default."""
        self._note(key)
        return super().get(key, *arguments, **options)

    def getlist(self, key: str, *arguments: Any, **options: Any) -> Any:
        """Return all headers called `key`."""
        self._note(key)
        return super().getlist(key, *arguments, **options)


class NotedRequest(Request):
    """A request that notes which of its headers are read."""

    headers: NotedHeaders

    def __init__(self, environ: WSGIEnvironment, *arguments: Any, **options: Any) -> None:
        """Take the request from `environ`, as Flask does."""
        super().__init__(environ, *arguments, **options)
        self.headers = NotedHeaders(environ)


def register(app: Flask) -> None:
    """Have all responses of `app` name what they vary by.

    Functions that Flask runs after a request run in the reverse order of their registration: this has to be
    registered before all that read headers.
    """
    app.request_class = NotedRequest
    app.after_request(_mark)


def varies_by(header: str) -> bool:
    """Tell whether the response that is being made depends on the request header `header`, as yet."""
    headers = request.headers
    return isinstance(headers, NotedHeaders) and header in headers.read


def _mark(response: Response) -> Response:
    headers = request.headers
    if isinstance(headers, NotedHeaders) and headers.read:
        response.vary.update(sorted(headers.read))
    return response
