"""Limits how many reports of errors one client may send in an hour."""

import time
from collections.abc import Callable
from typing import Final, Self

from graph.core.errors import TooManyRequests
from graph.core.settings import Settings
from web.http.rate_limit import Throttle

RULE: Final = "UTSAGA_CLIENT_REPORTS"
_MINUTES: Final = 60  # in an hour


class ReportLimit:
    """The reports of each client: a throttle whose minutes are hours, and whose seconds are reports."""

    def __init__(
        self, per_hour: float, *, exempt_loopback: bool = True, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Give each client `per_hour` reports, 0 meaning any number; `clock` tells the seconds."""
        self._throttle = Throttle(per_hour, exempt_loopback=exempt_loopback, clock=lambda: clock() / _MINUTES)
        self._per_hour = per_hour

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the limit that the settings want."""
        return cls(settings.client_reports, exempt_loopback=not settings.throttle_loopback)

    def check(self, client: str) -> None:
        """Raise TooManyRequests, saying how long to wait, if `client` has sent too many reports."""
        try:
            self._throttle.admit(client)
        except TooManyRequests as error:
            wait = (error.retry_after or 1) * _MINUTES
            raise TooManyRequests(
                f"You have sent {self._per_hour:g} reports within an hour",
                where="report",
                rule=RULE,
                remedy=f"wait {wait // 60} minutes, or write to the address at /about",
                retry_after=wait,
            ) from error

    def count(self, client: str) -> None:
        """Count a report of `client`."""
        self._throttle.spend(client, 1.0)
