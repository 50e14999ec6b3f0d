"""The application that is served, and the swap to the next one.

A release is served by one application that never changes. When another release goes live, or runs of stored
queries against this one have been recorded, an application is made for it beside the old one. It answers its
stored queries once, as far as it gets in a few seconds, and then takes the old one's place.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar
from wsgiref.types import WSGIApplication

from graph.core.errors import UtsagaError
from graph.release.release import Manifest
from web.http.known_arguments import KnownArguments
from web.http.problem_json import Download
from web.http.response_cache import ResponseCache
from web.http.serving_status import ServingStatus
from web.sparql.fast_path import FastPath

_LOG: Final = logging.getLogger(__name__)
T = TypeVar("T")
_POLL_SECONDS: Final = 1.0  # between two looks at which release is live
_WARM_SECONDS: Final = 10.0  # that a new release may prepare itself before it takes its place
_RETRY_SECONDS: Final = 60.0  # until a release that could not be served is tried again


@dataclass(frozen=True)
class ServedApplication:
    """An application, what stands before it, and how to release it all."""

    app: WSGIApplication
    known_arguments: KnownArguments
    cache: ResponseCache
    fast_path: FastPath
    close: Callable[[], None]
    downloads: tuple[Download, ...] = ()
    release: Manifest | None = None  # that it answers from


class LiveApplication(Generic[T]):
    """Serves what is live, and takes up what goes live next, without dropping a request."""

    def __init__(
        self,
        current: Callable[[], T],
        make: Callable[[T], ServedApplication],
        *,
        prepare: Callable[[ServedApplication], None] = lambda served: None,
        check: Callable[[T], None] = lambda live: None,
        status: ServingStatus | None = None,
    ) -> None:
        """Serve what `make` makes of what `current` returns; raise what they raise, the first time.

        What `check` raises keeps what went live later from being served; `status` then says why.
        """
        self._current, self._make, self._prepare, self._check = current, make, prepare, check
        self._status = status or ServingStatus()
        self._refused: tuple[T, float] | None = None  # what could not be served, and when to try it again
        self._live = current()
        self._served = make(self._live)
        threading.Thread(target=self._follow, daemon=True).start()

    def served(self) -> ServedApplication:
        """Return what is live now."""
        return self._served

    def _follow(self) -> None:
        self._start_preparing(self._served)
        while True:
            time.sleep(_POLL_SECONDS)
            try:
                self._update()
            except UtsagaError as error:
                self._report(str(error.faults[0]))
            except Exception as error:  # else no later release would be taken up either
                self._report(repr(error))

    def _update(self) -> None:
        """Take up what is live now, if it is another than what is served, and can be served."""
        live = self._current()
        if live == self._live:
            self._refused = None
            self._report("")
        elif self._refused is None or self._refused[0] != live or time.monotonic() >= self._refused[1]:
            self._refused = live, time.monotonic() + _RETRY_SECONDS
            self._check(live)
            self._take_up(live, self._make(live))

    def _take_up(self, live: T, served: ServedApplication) -> None:
        self._start_preparing(served).join(_WARM_SECONDS)
        old, self._served, self._live, self._refused = self._served, served, live, None
        self._status.damaged = ""
        self._report("")
        old.close()

    def _report(self, problem: str) -> None:
        """Log, once, why the release that is live is not the one that is served; nothing if it is."""
        note = problem and f"the release that is live cannot be served, the one before is: {problem}"
        if note and note != self._status.behind:
            _LOG.warning("%s", note)
        self._status.behind = note

    def _start_preparing(self, served: ServedApplication) -> threading.Thread:
        """Have an application prepare itself while requests are answered."""
        thread = threading.Thread(target=self._prepare, args=(served,), daemon=True)
        thread.start()
        return thread
