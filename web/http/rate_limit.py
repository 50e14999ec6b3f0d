"""Gives each client its share of time for queries and pages, and of places.

The time comes from a token bucket that is refilled continuously. It is kept as the one moment at which it
will be full again (the generic cell rate algorithm, ITU-T I.371), so that a client costs a number and
refilling costs nothing.
"""

import math
import threading
import time
from collections.abc import Callable
from typing import ClassVar, Final, Self
from wsgiref.types import WSGIEnvironment

from graph.core.errors import TooManyRequests
from graph.core.settings import Settings
from web.http.client_address import client, is_loopback
from web.http.crawlers import CRAWLER

_FREE: Final = frozenset(("/healthz", "/readyz", "/metrics"))
_STATIC: Final = "/static/"
_QUERIES: Final = "/sparql"  # charges each query by itself
MAX_CLIENTS: Final = 20_000
_MINUTE: Final = 60.0  # seconds
_CRAWLER_SHARES: Final = 12  # in a minute, of which a crawler may use one at once: no burst of pages
_ROUNDING: Final = 0.01  # seconds added to a wait, so that a client that has waited is not refused again


def is_charged_whole(path: str) -> bool:
    """Return whether all of the time that the response to a request for `path` takes is its client's."""
    return path not in _FREE and path != _QUERIES and not path.startswith(_STATIC)


class Throttle:
    """The time that queries and pages of each client have taken, and how many of them wait or run now.

    A client that was away has one period's budget at once, and from then on as much as flows back. A query
    or page is let in while anything is left and pays what it took when it has ended, so that a bucket can go
    below zero; the client then waits until it has paid back.
    """

    rule: ClassVar[str] = "UTSAGA_CLIENT_SECONDS"
    places: ClassVar[str] = "UTSAGA_CLIENT_QUERIES"
    whose: ClassVar[str] = "of your queries and pages"

    def __init__(
        self,
        budget: float,
        *,
        period: float = _MINUTE,
        at_once: int = 0,
        exempt_loopback: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Give each client the `budget` in each `period` of seconds, for `at_once` queries at a time.

        0 gives everyone all there is. `clock` returns the seconds. No more than MAX_CLIENTS are remembered.
        Raise ValueError for a negative budget, or one that is no number.
        """
        self.crawlers = self
        if not budget >= 0:
            raise ValueError(f"{self.rule} cannot be {budget}")
        self._budget, self._period = budget, period
        self._at_once = at_once
        self._exempt_loopback = exempt_loopback
        self._clock = clock
        self._full_at: dict[str, float] = {}
        self._present: dict[str, int] = {}
        self._lock = threading.Lock()

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the throttle that the settings want, with one for crawlers as its `crawlers`."""
        found = cls(
            settings.client_seconds,
            at_once=settings.client_queries,
            exempt_loopback=not settings.throttle_loopback,
        )
        found.crawlers = CrawlerThrottle(
            settings.crawler_seconds / _CRAWLER_SHARES,
            period=_MINUTE / _CRAWLER_SHARES,
            at_once=settings.crawler_queries,
        )
        return found

    def of_client(self, environ: WSGIEnvironment, trusted_hops: int) -> tuple["Throttle", str]:
        """Return the throttle of the client of a request, and the name of the client there."""
        if CRAWLER in environ:
            return self.crawlers, environ[CRAWLER]
        return self, client(environ, trusted_hops)

    def __len__(self) -> int:
        """Return how many clients are remembered."""
        return len(self._full_at)

    def enter(self, client: str) -> None:
        """Let a query of `client` in, which must `leave`; raise TooManyRequests as `admit` does.

        So too if as many of its queries as may be at a time have not left yet.
        """
        self.admit(client)
        if self._is_known(client):
            return
        place = self._place_of(client)
        with self._lock:
            present = self._present.get(place, 0)
            if not self._at_once or present < self._at_once:
                self._present[place] = present + 1
                return
        raise TooManyRequests(
            f"{present} {self.whose} wait or are being made already",
            rule=self.places,
            remedy="wait for them before you send more requests",
            retry_after=1,
        )

    def leave(self, client: str, seconds: float) -> None:
        """Let out a query of `client` that was let in, and take the `seconds` that it took."""
        self.spend(client, seconds)
        if self._is_known(client):
            return
        place = self._place_of(client)
        with self._lock:
            self._present[place] -= 1
            if not self._present[place]:
                del self._present[place]

    def admit(self, client: str) -> None:
        """Let a query of `client` in; raise TooManyRequests, saying how long to wait, if its time is up."""
        full_at = self._full_at.get(client)
        if full_at is None or self._is_exempt(client):
            return
        wait = full_at - self._clock() - self._period  # that an empty bucket takes to fill, whatever its size
        if wait < 0:
            return
        seconds = math.ceil(wait + _ROUNDING)
        budget = self._budget * _MINUTE / self._period
        raise TooManyRequests(
            f"You have used your {budget:g} seconds a minute for queries and pages",
            rule=self.rule,
            remedy=f"wait {seconds} s; ask for fewer rows or pages, or use cheaper patterns",
            retry_after=seconds,
        )

    def spend(self, client: str, seconds: float) -> None:
        """Take the `seconds` that a query took from what `client` has."""
        if not seconds > 0 or self._is_exempt(client):
            return
        with self._lock:
            now = self._clock()
            full_at = max(now, self._full_at.get(client, now))
            self._full_at[client] = full_at + seconds / self._budget * self._period
            if len(self._full_at) > MAX_CLIENTS:
                self._forget(now)

    def _place_of(self, client: str) -> str:
        """Return whose places a query of `client` takes."""
        return client

    def _is_exempt(self, client: str) -> bool:
        return not self._budget or self._is_known(client)

    def _is_known(self, client: str) -> bool:
        return self._exempt_loopback and is_loopback(client)

    def _forget(self, now: float) -> None:
        """Forget at least a quarter: full buckets, which loses nothing, then those that are full soonest."""
        owing = sorted((full_at, client) for client, full_at in self._full_at.items() if full_at > now)
        self._full_at = {client: full_at for full_at, client in owing[-max(1, MAX_CLIENTS * 3 // 4) :]}


class CrawlerThrottle(Throttle):
    """The same for crawlers: each has a budget of its own, and all share their places."""

    rule = "UTSAGA_CRAWLER_SECONDS"
    places = "UTSAGA_CRAWLER_QUERIES"
    whose = "pages of crawlers"

    def _place_of(self, _client: str) -> str:
        return "crawlers"
