"""Errors for queries that were not run, or were ended, because of a limit.

Where the server is busy, a retry may succeed: 503 with Retry-After. Where the query itself needs too much,
none will: 422 without it.
"""

from graph.core.errors import Unavailable, Unprocessable, UtsagaError
from graph.core.settings import Settings


def too_many_long_queries(settings: Settings) -> Unavailable:
    """Return the error for a long query while as many as allowed are running."""
    return Unavailable(
        f"{settings.long_count} long queries are running already",
        where="query",
        rule="UTSAGA_LONG_QUERIES",
        remedy="try again in a while, or ask for less at a time",
        retry_after=int(settings.seconds) + 1,
    )


def query_timed_out(seconds: float) -> Unprocessable:
    """Return the error for a query that did not finish within `seconds`."""
    return Unprocessable(
        f"The query was ended after {seconds:g} seconds",
        where="query",
        rule="UTSAGA_SECONDS",
        remedy="ask for less at a time: fewer patterns, a LIMIT, or one entity",
    )


def no_worker(message: str, rule: str) -> Unavailable:
    """Return the error for a query for which no worker was free in time."""
    return Unavailable(message, where="query", rule=rule, remedy="try again in a while", retry_after=5)


def worker_died(cause: str) -> UtsagaError:
    """Return the error for a query whose worker died; `cause` is “memory” or “crash”."""
    remedy = "ask for less at a time"
    if cause == "memory":
        message = "The query asked for more memory than a worker has"
        return Unprocessable(message, where="query", rule="UTSAGA_MEMORY_BYTES", remedy=remedy)
    return UtsagaError("The worker that ran the query ended", where="query", rule="workers", remedy=remedy)
