"""Keeps the responses that refuse crawlers, so that a crawler that goes on costs next to nothing.

A page that tells an error takes longer to make than most pages in the cache to send.
"""

from collections import OrderedDict
from typing import Final
from wsgiref.types import WSGIEnvironment

from graph.core.errors import UtsagaError
from web.http.crawlers import CRAWLER
from web.http.responses import Response

Key = tuple[str, ...]
_MAX_RESPONSES: Final = 256
_MAX_LENGTH: Final = 200  # characters of a header that tell one response from another


class CrawlerRefusals:
    """The latest responses by the error, the formats and the languages that a crawler accepts."""

    def __init__(self) -> None:
        """Keep none yet."""
        self._kept: OrderedDict[Key, Response] = OrderedDict()

    def key(self, error: UtsagaError, environ: WSGIEnvironment, release: str) -> Key | None:
        """Return what the response to an error depends on; None if no crawler is refused by it."""
        if CRAWLER not in environ or error.status not in (403, 429):
            return None
        accepted = (environ.get(f"HTTP_{name}", "")[:_MAX_LENGTH] for name in ("ACCEPT", "ACCEPT_LANGUAGE"))
        return (release, environ["REQUEST_METHOD"], str(error), *accepted)

    def find(self, key: Key) -> Response | None:
        """Return the response that is kept for `key`, if one is."""
        kept = self._kept.get(key)
        return Response(kept.status, [*kept.headers], kept.body) if kept else None

    def keep(self, key: Key, response: Response) -> Response:
        """Return the same response, kept for `key`; the oldest is dropped for it."""
        whole = Response(response.status, response.headers, [response.read()])
        self._kept[key] = whole
        if len(self._kept) > _MAX_RESPONSES:
            self._kept.popitem(last=False)
        return Response(whole.status, [*whole.headers], whole.body)
