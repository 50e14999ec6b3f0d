"""Watches what an endpoint holds by a push, so that no answer comes from a release that is half there."""

import logging
import time
from collections.abc import Callable
from typing import Final

from graph.core.errors import UtsagaError
from graph.core.settings import Settings
from graph.release.releases import Releases
from graph.replication.pushed_release import Holding, read_holding

_LOG: Final = logging.getLogger(__name__)
_PUSHED_SECONDS: Final = 2.0  # between two looks at an endpoint with a push, or that gave no reply
_OTHER_SECONDS: Final = 60.0  # and at another
_COUNT_SECONDS: Final = 600.0  # between two counts of its triples


class PushWatch:
    """What the endpoint at a URL holds, compared with the releases that are kept here."""

    def __init__(
        self, url: str, releases: Releases, settings: Settings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Look for the first time; a failure means that nothing is known."""
        self._url, self._releases, self._settings, self._clock = url, releases, settings, clock
        self._holding, self._next_look, self._next_count = Holding(), 0.0, 0.0
        self.current()

    def current(self) -> Holding:
        """Return what the endpoint holds, after another look where one is due; as before if that fails."""
        now = self._clock()
        if now >= self._next_look:
            is_due = now >= self._next_count
            try:
                found = read_holding(
                    self._url, self._releases, self._settings, None if is_due else self._holding
                )
            except UtsagaError:
                found, seconds = self._holding, _PUSHED_SECONDS  # a push may have begun
            else:
                seconds = _PUSHED_SECONDS if found.marker else _OTHER_SECONDS
                self._next_count = now + _COUNT_SECONDS if is_due else self._next_count
            if found.note and found.note != self._holding.note:
                _LOG.log(logging.INFO if found.release else logging.WARNING, "%s", found.note)
            self._holding = found
            self._next_look = self._clock() + seconds
        return self._holding
