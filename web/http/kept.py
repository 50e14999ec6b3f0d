"""Answers in bounded memory, found by what their requests have in common."""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from typing import Final, NamedTuple
from wsgiref.types import WSGIEnvironment

from web.http.content_coding import Representation

_SMALL_CHANGE: Final = 2_500  # bytes that an entry takes beside its key, its headers and its body
_KINDS: Final = 16  # different Vary headers that are told apart; our pages have a few
_MOST_REQUESTS: Final = 1_024  # that are known to the last header
_LONGEST_REQUEST: Final = 4_096  # bytes of one of them

Resource = tuple[str | bytes | None, ...]
Key = tuple[Resource, tuple[str, ...], tuple[str | None, ...], str]


class Known(NamedTuple):
    """What is known of a request that came before: its answer, and what it asked for."""

    answer: Representation
    path: str
    query_string: str


class Kept:
    """Answers within a bound of bytes, the least recently used dropped first, for several threads."""

    def __init__(self, max_bytes: int) -> None:
        """Keep at most `max_bytes`, and no answer that would take more than an eighth of that: `largest`."""
        self.bytes_total = 0
        self.largest = max_bytes // 8
        self._max_bytes = max_bytes
        self._kinds: tuple[tuple[str, ...], ...] = ()  # lists of headers, as environ names them
        self._entries: OrderedDict[Key, tuple[Representation, int]] = OrderedDict()
        self._variants: dict[Resource, int] = {}  # how many answers there are to each
        self._known: dict[bytes, tuple[Key, str, str]] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Return how many answers are kept."""
        return len(self._entries)

    def find(self, resource: Resource, environ: WSGIEnvironment, coding: str) -> Representation | None:
        """Return the answer that was added for such a request, its headers as far as they matter alike."""
        if resource in self._variants:
            for key in self._keys(resource, environ, coding):
                found = self._get(key)
                if found is not None:
                    return found
        return None

    def know(self, raw: bytes, resource: Resource, environ: WSGIEnvironment, coding: str) -> None:
        """From now on give to the request `raw` what is kept for it: nothing else is to be found out."""
        if len(raw) > _LONGEST_REQUEST:
            return
        for key in self._keys(resource, environ, coding):
            if key in self._entries:
                if len(self._known) >= _MOST_REQUESTS:
                    self._known.clear()
                self._known[raw] = key, environ["PATH_INFO"], environ["QUERY_STRING"]
                return

    def again(self, raw: bytes) -> Known | None:
        """Return what is known of the request `raw`, if its answer is still kept."""
        known = self._known.get(raw)
        if known is None:
            return None
        key, path, query = known
        answer = self._get(key)
        return None if answer is None else Known(answer, path, query)

    def _keys(self, resource: Resource, environ: WSGIEnvironment, coding: str) -> Iterator[Key]:
        for names in self._kinds:
            yield resource, names, tuple([environ.get(name) for name in names]), coding

    def _get(self, key: Key) -> Representation | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def add(self, resource: Resource, environ: WSGIEnvironment, coding: str, answer: Representation) -> bool:
        """Keep `answer`, and tell whether there was room for it."""
        names = answer.presented_by
        values = tuple([environ.get(name) for name in names])
        size = sum(map(len, filter(None, (*resource, *values)))) + len(answer.opening) + len(answer.body)
        size += _SMALL_CHANGE
        if size > self.largest:
            return False
        key = (resource, names, values, coding)
        with self._lock:
            if names not in self._kinds:
                if len(self._kinds) == _KINDS:
                    return False
                self._kinds = (*self._kinds, names)
            if key in self._entries:
                self._drop(key)
            self._entries[key] = answer, size
            self._variants[resource] = self._variants.get(resource, 0) + 1
            self.bytes_total += size
            while self.bytes_total > self._max_bytes:
                self._drop(next(iter(self._entries)))
        return True

    def _drop(self, key: Key) -> None:
        _, size = self._entries.pop(key)
        self.bytes_total -= size
        self._variants[key[0]] -= 1
        if not self._variants[key[0]]:
            del self._variants[key[0]]
