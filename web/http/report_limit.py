"""Limits how many reports of errors one client may send in an hour."""

import math
import time
from collections.abc import Callable
from typing import Final, Self

from graph.core.errors import TooManyRequests
from graph.core.settings import Settings
from web.http.rate_limit import Throttle

RULE: Final = "UTSAGA_CLIENT_REPORTS"
_HOUR: Final = 3_600.0  # seconds


class ReportLimit:
    """The reports of each client in an hour."""

    def __init__(
        self, per_hour: float, *, exempt_loopback: bool = True, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Give each client `per_hour` reports, 0 meaning any number; `clock` returns the seconds."""
        self._throttle = Throttle(per_hour, period=_HOUR, exempt_loopback=exempt_loopback, clock=clock)
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
            minutes = math.ceil((error.retry_after or 1) / 60)
            raise TooManyRequests(
                f"You have sent {self._per_hour:g} reports within an hour",
                where="report",
                rule=RULE,
                remedy=f"wait {minutes} minutes, or write to the address at /about",
                retry_after=error.retry_after,
            ) from error

    def count(self, client: str) -> None:
        """Count a report of `client`."""
        self._throttle.spend(client, 1.0)
