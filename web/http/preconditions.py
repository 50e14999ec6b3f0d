"""Evaluates the conditions of a request: https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2."""

import re
from datetime import datetime
from http import HTTPStatus
from typing import Final
from wsgiref.types import WSGIEnvironment

from werkzeug.http import parse_date

from graph.core.errors import Fault
from web.http.negotiation import LONGEST
from web.http.problem_json import problem_response
from web.http.responses import Response, header

_CONDITIONS: Final = frozenset(
    {"HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"}
)
_TAG: Final = re.compile(r'(?:W/)?"[^"]*"')
_FAULT: Final = Fault(
    "If-Match",
    "The representation is another than the one that the request is for",
    "RFC 9110, preconditions",
    "read it again without If-Match and If-Unmodified-Since",
)
_DESCRIBING: Final = {"content-type", "content-length", "content-encoding", "content-language"}


def apply(environ: WSGIEnvironment, response: Response) -> Response:
    """Return what is sent for a request, where `response` is the whole response to a GET or POST.

    That is a 304 or 412 in its place if the conditions of the request say so, and only headers to HEAD.
    """
    status = HTTPStatus.OK
    if response.status == HTTPStatus.OK and not environ.keys().isdisjoint(_CONDITIONS):
        modified = parse_date(header(response.headers, "last-modified"))
        status = evaluate(environ, header(response.headers, "etag"), modified)
    if status == HTTPStatus.OK and environ["REQUEST_METHOD"] != "HEAD":
        return response
    response.close()
    if status == HTTPStatus.PRECONDITION_FAILED:
        return problem_response(environ["REQUEST_METHOD"], status, [_FAULT])
    if status == HTTPStatus.NOT_MODIFIED:
        return Response(status, [each for each in response.headers if each[0].lower() not in _DESCRIBING])
    return Response(response.status, response.headers)


def evaluate(environ: WSGIEnvironment, tag: str, modified: datetime | None) -> HTTPStatus:
    """Return the status of the reply to a request whose reply would be 200 without its conditions.

    That is 412 where If-Match or else If-Unmodified-Since is false, 304 where If-None-Match or else
    If-Modified-Since is, and 200 otherwise. `tag` is the entity tag of the selected representation, or empty,
    and `modified` when it was last modified, if that is known. POST selects no representation: its conditions
    are ignored.
    """
    if environ["REQUEST_METHOD"] == "POST" or environ.keys().isdisjoint(_CONDITIONS):
        return HTTPStatus.OK
    if "HTTP_IF_MATCH" in environ:
        matches = _listed(environ["HTTP_IF_MATCH"], tag, weakly=False)
    else:
        until = _date(environ, "HTTP_IF_UNMODIFIED_SINCE")
        matches = until is None or modified is None or modified <= until
    if not matches:
        return HTTPStatus.PRECONDITION_FAILED
    if "HTTP_IF_NONE_MATCH" in environ:
        held = _listed(environ["HTTP_IF_NONE_MATCH"], tag, weakly=True)
    else:
        since = _date(environ, "HTTP_IF_MODIFIED_SINCE")
        held = since is not None and modified is not None and modified <= since
    return HTTPStatus.NOT_MODIFIED if held else HTTPStatus.OK


def _listed(header: str, tag: str, *, weakly: bool) -> bool:
    """Tell whether a header is `*` or lists `tag`; compared strongly, a weak tag is no other tag."""
    header = header[:LONGEST].strip()
    if header == "*":
        return True
    tags = _TAG.findall(header)
    if weakly:
        return tag.removeprefix("W/") in [each.removeprefix("W/") for each in tags]
    return not tag.startswith("W/") and tag in tags


def _date(environ: WSGIEnvironment, name: str) -> datetime | None:
    return parse_date(environ.get(name, "")[:LONGEST])
