"""Asks an outside service politely: not too often, and again only where that may help, after a wait."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import urllib3
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from graph.core.errors import Unavailable

Reply = TypeVar("Reply")

_PASSING: Final = (429, 500, 502, 503, 504)
_RULE: Final = "outside service"
_KEPT: Final = "what has been answered so far is kept"


class Passing(Unavailable):
    """A failure that may pass; `retry_after` is how long the service asks to be left alone, or 0."""

    retry_after = 0


def _say_nothing(message: str) -> None:
    pass


@dataclass
class Manners:
    """How one service is asked: `interval` seconds apart, at most `attempts` times for the same thing.

    Between attempts there is a wait that doubles each time, with some chance in it, or as long as the service
    says in Retry-After. Where that is more than `longest_wait` seconds, it is not asked again. `tell` hears
    of each wait; a test has a `clock` and a `sleep` of its own.
    """

    interval: float = 1.0
    attempts: int = 5
    longest_wait: float = 120.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    tell: Callable[[str], None] = _say_nothing

    def __post_init__(self) -> None:
        """Begin rested."""
        self._backoff = wait_exponential_jitter(initial=1, max=self.longest_wait)
        self._rested = self.clock()

    def ask(self, request: Callable[[], Reply]) -> Reply:
        """Return what `request` returns once it raises Passing no more; raise the last one if it always does.

        Whatever else it raises is raised at once.
        """
        for attempt in Retrying(
            retry=retry_if_exception_type(Passing),
            stop=self._gives_up,
            wait=self._wait,
            sleep=self.sleep,
            before_sleep=self._announce,
            reraise=True,
        ):
            with attempt:
                reply = self._spaced(request)
        return reply

    def _spaced(self, request: Callable[[], Reply]) -> Reply:
        if (early := self._rested - self.clock()) > 0:
            self.sleep(early)
        try:
            return request()
        finally:
            self._rested = self.clock() + self.interval

    def _gives_up(self, state: RetryCallState) -> bool:
        return stop_after_attempt(self.attempts)(state) or _asked(state) > self.longest_wait

    def _announce(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, Passing):
            self.tell(f"{error.faults[0].message}; asked again in {state.upcoming_sleep:.0f} seconds")

    def _wait(self, state: RetryCallState) -> float:
        return max(self._backoff(state), _asked(state))


def check_status(status: int, retry_after: str | None, where: str) -> None:
    """Raise Passing for a status that may be another later, Unavailable for another that is no success.

    `retry_after` is the header: seconds or a date, https://www.rfc-editor.org/rfc/rfc9110#name-retry-after.
    """
    if status == 200:
        return
    message = f"The service answered with the status {status}"
    if status not in _PASSING:
        raise refused(message, where)
    wait = _seconds(retry_after)
    when = f"try again in {wait} seconds" if wait else "try again later"
    raise Passing(message, where=where, rule=_RULE, remedy=f"{when}, {_KEPT}", retry_after=wait)


def passing(message: str, where: str) -> Passing:
    """Return the error for a failure that may pass."""
    return Passing(message, where=where, rule=_RULE, remedy=f"try again later, {_KEPT}")


def refused(message: str, where: str) -> Unavailable:
    """Return the error for a failure that asking again will not mend."""
    return Unavailable(message, where=where, rule=_RULE, remedy="check the address, and that you may ask it")


def _asked(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return (error.retry_after or 0) if isinstance(error, Passing) else 0


def _seconds(header: str | None) -> int:
    """Return how long Retry-After asks to wait; 0 where it says nothing that can be read."""
    try:
        return round(urllib3.Retry().parse_retry_after(header)) if header else 0
    except (urllib3.exceptions.InvalidHeader, ValueError, OverflowError):
        return 0
