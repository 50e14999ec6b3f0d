"""What a client is told whose query was not run, or was ended before it had its answer."""

from graph.core.errors import Unavailable
from graph.core.settings import Settings


def crowded(settings: Settings) -> Unavailable:
    """Return the error for a long query while as many run as may."""
    return Unavailable(
        f"{settings.long_count} long queries are running already",
        where="query",
        rule="UTSAGA_LONG_QUERIES",
        remedy="try again in a while, or ask for less at a time",
        retry_after=int(settings.seconds) + 1,
    )


def overtime(seconds: float) -> Unavailable:
    """Return the error for a query that was not done in its `seconds`."""
    return Unavailable(
        f"The query was ended after {seconds:g} seconds",
        where="query",
        rule="UTSAGA_SECONDS",
        remedy="ask for less at a time: fewer patterns, a LIMIT, or one entity",
        retry_after=int(seconds) + 1,
    )


def full(message: str, rule: str) -> Unavailable:
    """Return the error for a query that found no worker."""
    return Unavailable(message, where="query", rule=rule, remedy="try again in a while")


def dead(cause: str) -> Unavailable:
    """Return the error for a query whose worker died of `cause`: memory, or a crash."""
    words = {
        "memory": ("The query asked for more memory than a worker has", "UTSAGA_MEMORY_BYTES"),
        "crash": ("The query ended the worker that ran it", "workers"),
    }
    message, rule = words[cause]
    return Unavailable(message, where="query", rule=rule, remedy="ask for less at a time")
