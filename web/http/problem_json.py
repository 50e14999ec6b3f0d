"""Problems that are told without Flask: https://www.rfc-editor.org/rfc/rfc9457."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from http import HTTPStatus
from typing import Final
from wsgiref.types import StartResponse, WSGIEnvironment

from graph.core.errors import Fault
from web.messages import Headers

PROBLEM: Final = "application/problem+json"


def problem(status: int, faults: Iterable[Fault]) -> str:
    """Return the problem document of an answer with `status`."""
    faults = [*faults]
    document = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": "\n".join(map(str, faults)),
        "faults": [asdict(fault) for fault in faults],
    }
    return json.dumps(document, ensure_ascii=False)


def headers(body: bytes) -> Headers:
    """Return the headers of an answer whose `body` is a problem document."""
    return [
        ("Content-Type", PROBLEM),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Access-Control-Allow-Origin", "*"),
    ]


class Refusal:
    """A WSGI application that answers every request with the same problem."""

    def __init__(self, status: int, fault: Fault, *, wait: int | None = None) -> None:
        """Answer with `status`, for `fault`, which may be over after `wait` seconds."""
        self._status = f"{status} {HTTPStatus(status).phrase}"
        self._body = problem(status, [fault]).encode()
        self._wait: Headers = [] if wait is None else [("Retry-After", str(wait))]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        """Answer with the problem."""
        start_response(self._status, [*headers(self._body), *self._wait])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [self._body]
