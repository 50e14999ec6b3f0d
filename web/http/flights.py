"""Requests that are being answered now, so that of several that ask the same only one is."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from web.http.kept import Resource

_PATIENCE: Final = 1.0  # seconds to wait for another's answer to the same request


class Flights:
    """What is asked now, and what tells that it has been tried."""

    def __init__(self) -> None:
        """Begin with nothing being asked."""
        self._waiting: dict[Resource, list[threading.Event]] = {}
        self._lock = threading.Lock()

    def claim(self, request: Resource) -> threading.Event | None:
        """Be the one who answers `request`, until `end`; or return what tells that another has tried."""
        with self._lock:
            waiting = self._waiting.get(request)
            if waiting is None:
                self._waiting[request] = []
                return None
            ended = threading.Event()
            waiting.append(ended)
            return ended

    def end(self, request: Resource) -> None:
        """Let those go on who wait for the answer to `request`."""
        with self._lock:
            waiting = self._waiting.pop(request)
        for ended in waiting:
            ended.set()

    @contextmanager
    def join(self, request: Resource) -> Iterator[bool]:
        """Be the one who answers `request`; or wait a moment until another has tried, and yield true."""
        ended = self.claim(request)
        if ended is not None:
            ended.wait(_PATIENCE)
            yield True
            return
        try:
            yield False
        finally:
            self.end(request)
