"""Why a visit to the address of a source has no status."""

from typing import Final, Literal, get_args

Failure = Literal["unreachable", "timeout", "broken-off", "redirects", "robots", "not-allowed"]
"""No connection, too late, not a whole reply, too many redirects, robots.txt forbids the visit, or the
address is none that may be visited."""
FAILURES: Final[tuple[Failure, ...]] = get_args(Failure)
