"""The argument `?release=ID`: a request for the answer of one release, which stays the same.

Only `requested_release` reads it, so that the server and the application mean the same release.
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import parse_qsl, quote, unquote_plus
from wsgiref.types import WSGIEnvironment

from web.http.responses import Headers

ARGUMENT: Final = "release"
RELEASE: Final = "utsaga.release"
"""Key in the environ for the id of the release that a request is for, if it names one."""

_FORM_PATHS: Final = {"/sparql", "/query"}  # where arguments may be in a form
_FORM_METHODS: Final = {"POST", "QUERY"}
_FORM: Final = "application/x-www-form-urlencoded"
_MARK: Final = f"{ARGUMENT}="
_PATH: Final = (
    "/!$&'()*+,:;=@"  # what a path holds as it is: https://www.rfc-editor.org/rfc/rfc3986#section-3.3
)
_LASTING: Final = "public, max-age=86400, immutable"  # a day, since who asks to be removed is to be forgotten


def requested_release(environ: WSGIEnvironment, read_body: Callable[[], bytes]) -> str:
    """Return the release that a request asks for, in its URL or its form, or ""; put it into `environ`.

    `read_body` returns the body of the request, and leaves it there to be read again.
    """
    name = ""
    if _MARK in environ["QUERY_STRING"]:
        name = _first(environ["QUERY_STRING"].encode("latin-1"))
    if not name and _may_have_form(environ):
        body = read_body()
        name = _first(body) if _MARK.encode() in body else ""
    if name:
        environ[RELEASE] = name
    return name


def lasting_headers(environ: WSGIEnvironment, fields: Headers) -> Headers:
    """Return the `fields` of a result that stays the same, if the request of `environ` is for a release.

    A result that is not to be stored, that of a query with a random value for instance, stays as it is.
    """
    if RELEASE not in environ or ("Cache-Control", "no-store") in fields:
        return fields
    kept = [(name, _LASTING if name == "Cache-Control" else value) for name, value in fields]
    return [*kept, ("Link", f'<{newest_address(environ)}>; rel="latest-version"')]


def newest_address(environ: WSGIEnvironment) -> str:
    """Return the path and the query of a request without the release: https://www.rfc-editor.org/rfc/rfc5829."""
    fields = [
        each
        for each in environ["QUERY_STRING"].split("&")
        if each and unquote_plus(each.partition("=")[0]) != ARGUMENT
    ]
    raw = environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"]
    path = "/" + quote(raw.lstrip("/"), safe=_PATH, encoding="latin-1")  # "//host" would be another host
    return f"{path}?{'&'.join(fields)}" if fields else path


def release_address(environ: WSGIEnvironment, name: str) -> str:
    """Return the path and the query of a GET request with the release `name`; "" for one with a body."""
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
        return ""
    address = newest_address(environ)
    return f"{address}{'&' if '?' in address else '?'}{ARGUMENT}={name}"


def _may_have_form(environ: WSGIEnvironment) -> bool:
    is_form = environ.get("CONTENT_TYPE", "").lower().startswith(_FORM)
    return is_form and environ["REQUEST_METHOD"] in _FORM_METHODS and environ["PATH_INFO"] in _FORM_PATHS


def _first(encoded: bytes) -> str:
    pairs = parse_qsl(encoded.decode("utf-8", "replace"), keep_blank_values=True)
    return next((value.strip() for name, value in pairs if name == ARGUMENT), "")
