"""What the tools read from: the documents of a site, as any stranger gets them, within the same limits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Protocol
from urllib.parse import parse_qsl, urlsplit

from graph.core.errors import Unavailable
from web.http.completeness import COMPLETE
from web.http.responses import Headers, header
from web.mcp.refusals import Refusal

JSON: Final = "application/json"
_REDIRECTS: Final = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)


@dataclass(frozen=True)
class Reply:
    """The response to a request for a document."""

    status: int
    headers: Headers
    body: bytes

    @property
    def media_type(self) -> str:
        """The media type, without parameters."""
        return header(self.headers, "content-type").partition(";")[0].strip()

    @property
    def is_complete(self) -> bool:
        """Whether it is said to be the whole answer to a query."""
        return header(self.headers, COMPLETE.lower()) == "yes"


class Site(Protocol):
    """A site of which one release is read."""

    @property
    def release(self) -> str | None:
        """The id of the release, or None if the data have none."""

    def get(self, path: str, arguments: Mapping[str, str], accept: str) -> Reply:
        """Return the response to a GET of `path` with `arguments`, in a format that `accept` allows."""


def read(site: Site, path: str, arguments: Mapping[str, str], accept: str) -> Reply:
    """Return a document; follow the redirect to what succeeds an entity; raise Refusal for an error."""
    reply = site.get(path, arguments, accept)
    if reply.status in _REDIRECTS:
        moved = urlsplit(header(reply.headers, "location"))
        reply = site.get(moved.path, {**arguments, **dict(parse_qsl(moved.query))}, accept)
    if reply.status != HTTPStatus.OK:
        raise Refusal.of_reply(reply.headers, reply.body)
    return reply


def read_json(site: Site, path: str, arguments: Mapping[str, str]) -> dict[str, Any]:
    """Return a JSON document; raise as `read`."""
    return json_document(read(site, path, arguments, JSON), path)


def json_document(reply: Reply, path: str) -> dict[str, Any]:
    """Return the JSON object in the reply for `path`; raise Unavailable if it has none."""
    try:
        document = json.loads(reply.body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise Unavailable(
            f"The reply to {path} is no JSON object",
            where=path,
            rule="JSON",
            remedy="check that the address is that of a site of Utsaga",
        )
    return document
