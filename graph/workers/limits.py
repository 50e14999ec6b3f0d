"""What is done about a query that takes long: it gives way, it steps back, and it is ended when it must be.

One that is not brief gives way to those that come later, and leaves one processor to them. One that has had
UTSAGA_LONG_AFTER seconds of processor time is long: it has what the others leave, and only
UTSAGA_LONG_QUERIES of them run at a time, so that a quick query always finds a worker soon.
"""

import threading
from collections.abc import Generator, Iterator
from time import monotonic
from typing import Final

from graph.core.errors import Unavailable
from graph.core.settings import Settings
from graph.query.limit_errors import crowded, overtime
from graph.turns import Turn
from graph.workers.process import BRIEF, Worker

Looks = Generator[float, None, None]
_LOOK: Final = 0.03  # seconds between two looks at how much a query has worked


class OverrunError(Exception):
    """A query has to be ended: for what, and what its client is told."""

    def __init__(self, outcome: str, error: Unavailable) -> None:
        """Say that it is to be ended for `outcome`."""
        super().__init__(outcome)
        self.outcome, self.error = outcome, error


class Oversight:
    """Oversees the queries of one pool."""

    def __init__(self, settings: Settings) -> None:
        """Oversee within the limits of `settings`."""
        self._settings = settings
        self._long = 0
        self._lock = threading.Lock()

    def looks(self, one: Worker, seconds: float, began: float, turn: Turn) -> Looks:
        """Say for how many seconds to wait for an answer, each time that it has not come until then.

        The query that `one` is at may take `seconds` since it `began`, and has `turn` while it is brief.
        Raise OverrunError when it must be ended. To be closed when the answer has come.
        """
        end = began + seconds
        yield from self._until(one, BRIEF, end)
        turn.end()
        one.give_way()
        yield from self._until(one, self._settings.long_after, end)
        one.step_back()
        with self._lock:
            if self._long >= self._settings.long_count:
                raise OverrunError("crowded", crowded(self._settings))
            self._long += 1
        try:
            while (left := end - monotonic()) > 0:
                yield left
            raise OverrunError("timeout", overtime(seconds))
        finally:
            with self._lock:
                self._long -= 1

    def _until(self, one: Worker, work: float, end: float) -> Iterator[float]:
        """Have it looked at until it has had `work` seconds of processor time, or the time is over."""
        left = work
        while left > 0 and (patience := end - monotonic()) > 0:
            yield min(max(left, _LOOK), patience)
            left = work - one.worked()
