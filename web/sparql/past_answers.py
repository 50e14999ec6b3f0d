"""Answers of releases that are kept but not served, by workers of their own that end when they have answered.

An answer never changes, so that each is computed once, as long as there is room.
"""

import threading
from collections import OrderedDict
from dataclasses import replace
from typing import Final

from graph.backends.protocol import Backend
from graph.core.errors import Unavailable
from graph.core.settings import Settings
from graph.rdf.formats import Form
from graph.rdf.query_types import QueryRequest
from graph.release.release import Release

MAX_BYTES: Final = 8 << 20  # of all answers that are kept
_JSON: Final[dict[Form, str | None]] = {"bindings": "application/sparql-results+json"}


class PastAnswers:
    """The answers of older releases to queries, in SPARQL's JSON format. For several threads."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        """Keep answers of at most `max_bytes` together."""
        self._max_bytes = max_bytes
        self._kept: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, release: Release, text: str, settings: Settings) -> bytes:
        """Return what the query `text` finds in `release`, within the limits of `settings`.

        One is computed at a time, so that old releases never take the machine from the live one. Raise what a
        backend raises.
        """
        key = release.path.name, text
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            found = _ask(release, text, settings)
            self._keep(key, found)
        return found

    def _keep(self, key: tuple[str, str], found: bytes) -> None:
        self._kept[key] = found
        while sum(map(len, self._kept.values())) > self._max_bytes:
            self._kept.popitem(last=False)


def _ask(release: Release, text: str, settings: Settings) -> bytes:
    backend = _open(release, replace(settings, workers=1, long_queries=1))
    try:
        request = QueryRequest(text, _JSON, seconds=settings.seconds)
        return backend.answer(request).read()
    finally:
        backend.close()


def _open(release: Release, settings: Settings) -> Backend:
    from graph.backends.embedded import Embedded  # noqa: PLC0415 (needs Linux, which pages do not)

    try:
        return Embedded.start(release.store, settings)
    except (OSError, ValueError, RuntimeError) as error:  # the last is what the engine raises
        raise Unavailable(
            f"The release {release.manifest.id} cannot be read: {error}", rule="kept release"
        ) from error
