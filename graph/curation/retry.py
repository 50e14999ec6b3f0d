"""When a request to a service outside is sent, and when it is sent again, after a wait."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import urllib3
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt
from tenacity.wait import wait_exponential_jitter

from graph.core.errors import Unavailable

T = TypeVar("T")

_TRANSIENT: Final = (429, 500, 502, 503, 504)  # statuses that may be others later
_RULE: Final = "outside service"
_SAVED: Final = "what has been answered so far is kept"


class TransientError(Unavailable):
    """A failure that may pass; `retry_after` is how many seconds the service asks to wait, or 0."""

    retry_after = 0


def _ignore(_message: str) -> None:
    pass


@dataclass
class RetryPolicy:
    """How one service is asked: `interval` seconds apart, and at most `attempts` times for the same thing.

    Between attempts there is a wait that doubles each time, with some chance in it, or as long as the service
    says in Retry-After. Where that is more than `longest_wait` seconds, there is no other attempt. `report`
    gets a message about each wait; tests have a `clock` and a `sleep` of their own.
    """

    interval: float = 1.0
    attempts: int = 5
    longest_wait: float = 120.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    report: Callable[[str], None] = _ignore

    def __post_init__(self) -> None:
        """Allow a first request at once."""
        self._backoff = wait_exponential_jitter(initial=1, max=self.longest_wait)
        self._next_request = self.clock()

    def run(self, request: Callable[[], T]) -> T:
        """Return what `request` returns, repeated while it raises TransientError.

        Raise the last TransientError after the last attempt, and anything else at once.
        """
        for attempt in Retrying(
            retry=retry_if_exception_type(TransientError),
            stop=self._stops,
            wait=self._wait,
            sleep=self.sleep,
            before_sleep=self._report_wait,
            reraise=True,
        ):
            with attempt:
                result = self._spaced(request)
        return result

    def _spaced(self, request: Callable[[], T]) -> T:
        """Call `request` no sooner than the interval after the last one."""
        if (early := self._next_request - self.clock()) > 0:
            self.sleep(early)
        try:
            return request()
        finally:
            self._next_request = self.clock() + self.interval

    def _stops(self, state: RetryCallState) -> bool:
        return stop_after_attempt(self.attempts)(state) or _retry_after(state) > self.longest_wait

    def _report_wait(self, state: RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, TransientError):
            self.report(f"{error.faults[0].message}; asked again in {state.upcoming_sleep:.0f} seconds")

    def _wait(self, state: RetryCallState) -> float:
        return max(self._backoff(state), _retry_after(state))


def check_status(status: int, retry_after: str | None, where: str) -> None:
    """Raise TransientError as `check_transient` does, Unavailable for any other status but 200."""
    check_transient(status, retry_after, where)
    if status != 200:
        raise permanent(f"The service answered with the status {status}", where)


def check_transient(status: int, retry_after: str | None, where: str) -> None:
    """Raise TransientError for a status that may be another later.

    `retry_after` is the header: seconds or a date, https://www.rfc-editor.org/rfc/rfc9110#name-retry-after.
    """
    if status not in _TRANSIENT:
        return
    wait = _seconds(retry_after)
    when = f"try again in {wait} seconds" if wait else "try again later"
    raise TransientError(
        f"The service answered with the status {status}",
        where=where,
        rule=_RULE,
        remedy=f"{when}, {_SAVED}",
        retry_after=wait,
    )


def transient(message: str, where: str) -> TransientError:
    """Return the error for a failure that may pass."""
    return TransientError(message, where=where, rule=_RULE, remedy=f"try again later, {_SAVED}")


def permanent(message: str, where: str) -> Unavailable:
    """Return the error for a failure that another attempt will not mend."""
    return Unavailable(message, where=where, rule=_RULE, remedy="check the address, and that you may ask it")


def _retry_after(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    return (error.retry_after or 0) if isinstance(error, TransientError) else 0


def _seconds(header: str | None) -> int:
    """Return how long Retry-After asks to wait; 0 where it says nothing that can be read."""
    try:
        return round(urllib3.Retry().parse_retry_after(header)) if header else 0
    except (urllib3.exceptions.InvalidHeader, ValueError, OverflowError):
        return 0
