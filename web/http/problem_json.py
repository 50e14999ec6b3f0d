"""Problem documents, and what renders them without Flask: https://www.rfc-editor.org/rfc/rfc9457."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from http.client import responses
from typing import Final

from graph.core.errors import Fault
from graph.core.settings import PREFIX
from web.http.responses import Response

_CLOSED: Final = "Client Closed Request"  # the one status of ours that HTTP does not have
PROBLEM: Final = "application/problem+json"
ERROR: Final = "utsaga.error"
"""Where the environ of a request holds the error that was raised before Flask, which renders it."""


def problem(status: int, faults: Iterable[Fault], nearest: Iterable[str] = ()) -> str:
    """Return the problem document of an answer with `status`; `nearest` are IRIs that may be meant.

    Its member `limit` is the setting that refuses the request, if one does.
    """
    faults, near = [*faults], [*nearest]
    limit = next((fault.rule for fault in faults if fault.rule.startswith(PREFIX)), "")
    document = {
        "type": "about:blank",
        "title": responses.get(status, _CLOSED),
        "status": status,
        "detail": "\n".join(map(str, faults)),
        "faults": [asdict(fault) for fault in faults],
        **({"limit": limit} if limit else {}),
        **({"nearest": near} if near else {}),
    }
    return json.dumps(document, ensure_ascii=False)


def problem_response(
    method: str, status: int, faults: Iterable[Fault], retry_after: int | None = None
) -> Response:
    """Return the response to a request that is answered without Flask; `retry_after` is in seconds."""
    body = problem(status, faults).encode()
    headers = [
        ("Content-Type", PROBLEM),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Access-Control-Allow-Origin", "*"),
    ]
    if retry_after is not None:
        headers.append(("Retry-After", str(retry_after)))
    return Response(status, headers, [] if method == "HEAD" else [body])
