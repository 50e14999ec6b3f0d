"""Evaluates the conditions of a request: https://www.rfc-editor.org/rfc/rfc9110#section-13.2.2."""

import re
from datetime import datetime
from http import HTTPStatus
from typing import Final
from wsgiref.types import WSGIEnvironment

from werkzeug.http import parse_date

from graph.core.errors import Fault
from web.http.negotiation import LONGEST
from web.http.problem_json import Refusal

HEADERS: Final = frozenset(
    {"HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"}
)
_TAG: Final = re.compile(r'(?:W/)?"[^"]*"')
_FAULT: Final = Fault(
    "If-Match",
    "The representation is another than the one that the request is for",
    "RFC 9110, preconditions",
    "read it again without If-Match and If-Unmodified-Since",
)
PRECONDITION_FAILED: Final = Refusal(HTTPStatus.PRECONDITION_FAILED, _FAULT)
"""The reply where `evaluate` returns 412."""


def evaluate(environ: WSGIEnvironment, tag: str, modified: datetime | None) -> HTTPStatus:
    """Return the status of the reply to a request whose reply would be 200 without its conditions.

    That is 412 where If-Match or else If-Unmodified-Since is false, 304 where If-None-Match or else
    If-Modified-Since is, and 200 otherwise. `tag` is the entity tag of the selected representation, or empty,
    and `modified` when it was last modified, if that is known. POST selects no representation: its conditions
    are ignored.
    """
    if environ["REQUEST_METHOD"] == "POST" or environ.keys().isdisjoint(HEADERS):
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
