"""When a running query gets a low priority, and when it is ended: decided at every sweep of the pool."""

from typing import Final, NamedTuple

from graph.core.errors import Unavailable, UtsagaError
from graph.core.settings import Settings
from graph.query.limit_errors import query_timed_out, too_many_long_queries

BRIEF_SECONDS: Final = 0.05  # of processor time, after which no query counts as quick


class Verdict(NamedTuple):
    """What a query is ended for: the outcome that is counted, and the error that its client gets."""

    outcome: str
    error: UtsagaError


CANCELLED: Final = Verdict("cancelled", Unavailable("The client did not wait for the answer", where="query"))
"""The verdict on a query whose client has gone; nobody gets its error."""


def becomes_long(cpu_seconds: float, settings: Settings) -> bool:
    """Return whether a query has had UTSAGA_LONG_AFTER seconds of processor time."""
    return cpu_seconds >= settings.long_after


def verdict(
    seconds: float, allowed: float, *, is_new_long: bool, long_count: int, settings: Settings
) -> Verdict | None:
    """Return why a query that has taken `seconds` of the `allowed` ones must end, or None.

    `is_new_long` says that it has just become long, while `long_count` others are.
    """
    if seconds >= allowed:
        return Verdict("timeout", query_timed_out(allowed))
    if is_new_long and long_count >= settings.long_count:
        return Verdict("crowded", too_many_long_queries(settings))
    return None
