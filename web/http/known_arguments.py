"""Drops from URLs the query arguments that nothing reads, such as those by which advertisers track readers.

Pages are the same with and without them, so that no response has to be made or kept for each.
"""

import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote_plus
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

ANY: Final = "*"
"""Stands among the arguments of an endpoint that takes whatever it is sent."""

_LEFT: Final = "!#$%&'()*+,-./:;=?@[]_~"  # signs that are not encoded, besides letters and digits


@dataclass(frozen=True)
class ArgumentNames:
    """The names of the arguments of an endpoint, and patterns of names."""

    names: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]

    def __contains__(self, name: object) -> bool:
        """Return whether `name` is a name of an argument."""
        return name in self.names or any(each.fullmatch(str(name)) for each in self.patterns)


class KnownArguments:
    """The query arguments that each endpoint of an application reads."""

    def __init__(self, url_map: Map, arguments: Mapping[str, Container[str]]) -> None:
        """Take the `arguments` of each endpoint of `url_map`."""
        self._routes = url_map.bind("localhost")
        self._arguments = arguments

    def drop_unknown(self, environ: WSGIEnvironment) -> None:
        """Leave in the query string of a GET or HEAD request only the arguments that its endpoint reads.

        Encode the bytes that no query may hold as they are: https://www.rfc-editor.org/rfc/rfc3986#section-3.4.
        """
        query, method = environ.get("QUERY_STRING", ""), environ["REQUEST_METHOD"]
        if not query:
            return
        query = environ["QUERY_STRING"] = quote(query, safe=_LEFT, encoding="latin-1")
        if method not in {"GET", "HEAD"}:
            return
        path = environ.get("PATH_INFO", "").encode("latin-1").decode("utf-8", "replace")
        try:
            endpoint, _ = self._routes.match(path, method)
        except HTTPException:  # there is no such page, or it is elsewhere
            return
        known = self._arguments.get(endpoint, ANY)
        if ANY not in known:
            fields = query.split("&")
            environ["QUERY_STRING"] = "&".join(each for each in fields if _name(each) in known)


def _name(field: str) -> str:
    return unquote_plus(field.partition("=")[0])


class WithoutUnknownArguments:
    """The WSGI application `app`, which never sees an unknown argument."""

    def __init__(self, app: WSGIApplication, known: KnownArguments) -> None:
        """Drop from the requests to `app` what is not `known`."""
        self._app, self._known = app, known

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as `app` does without the unknown arguments."""
        self._known.drop_unknown(environ)
        return self._app(environ, start_response)
