"""Errors for queries that were not run, or were ended, because of a limit."""

from graph.core.errors import Unavailable
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


def query_timed_out(seconds: float) -> Unavailable:
    """Return the error for a query that did not finish within `seconds`."""
    return Unavailable(
        f"The query was ended after {seconds:g} seconds",
        where="query",
        rule="UTSAGA_SECONDS",
        remedy="ask for less at a time: fewer patterns, a LIMIT, or one entity",
        retry_after=int(seconds) + 1,
    )


def no_worker(message: str, rule: str) -> Unavailable:
    """Return the error for a query for which no worker was free in time."""
    return Unavailable(message, where="query", rule=rule, remedy="try again in a while")


def worker_died(cause: str) -> Unavailable:
    """Return the error for a query whose worker died; `cause` is “memory” or “crash”."""
    causes = {
        "memory": ("The query asked for more memory than a worker has", "UTSAGA_MEMORY_BYTES"),
        "crash": ("The query ended the worker that ran it", "workers"),
    }
    message, rule = causes[cause]
    return Unavailable(message, where="query", rule=rule, remedy="ask for less at a time")
