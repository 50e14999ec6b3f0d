"""Problem documents, and what renders them without Flask: https://www.rfc-editor.org/rfc/rfc9457."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from http.client import responses
from typing import Final

from graph.core.errors import Fault
from graph.core.settings import PREFIX
from web.http.responses import Response

_CLOSED: Final = "Client Closed Request"  # the one status of ours that HTTP does not have
PROBLEM: Final = "application/problem+json"
ERROR: Final = "utsaga.error"
"""Where the environ of a request holds the error that was raised before Flask, which renders it."""


@dataclass(frozen=True)
class Download:
    """A file that holds the whole graph: its path, the media type within the compression, and its size."""

    url: str
    media_type: str
    bytes: int


def problem(
    status: int,
    faults: Iterable[Fault],
    nearest: Iterable[str] = (),
    downloads: Iterable[Download] = (),
    release: str = "",
) -> str:
    """Return the problem document of an answer with `status`.

    `nearest` are IRIs that may be meant; `downloads` are what may be taken instead of many requests;
    `release` is the one nearest to a release that is gone. Its member `limit` is the setting that refuses
    the request, if one does.
    """
    faults, near, files = [*faults], [*nearest], [*downloads]
    limit = next((fault.rule for fault in faults if fault.rule.startswith(PREFIX)), "")
    document = {
        "type": "about:blank",
        "title": responses.get(status, _CLOSED),
        "status": status,
        "detail": "\n".join(map(str, faults)),
        "faults": [asdict(fault) for fault in faults],
        **({"limit": limit} if limit else {}),
        **({"nearest": near} if near else {}),
        **({"downloads": [_member(each) for each in files]} if files else {}),
        **({"nearestRelease": release} if release else {}),
    }
    return json.dumps(document, ensure_ascii=False)


def problem_response(
    method: str,
    status: int,
    faults: Iterable[Fault],
    retry_after: int | None = None,
    downloads: Iterable[Download] = (),
) -> Response:
    """Return the response to a request that is answered without Flask; `retry_after` is in seconds.

    `downloads` are what may be taken instead of many requests.
    """
    body = problem(status, faults, downloads=downloads).encode()
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


def _member(download: Download) -> dict[str, str | int]:
    return {"url": download.url, "mediaType": download.media_type, "bytes": download.bytes}
