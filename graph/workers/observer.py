"""What the pool reports to."""

from typing import Final, Protocol


class PoolObserver(Protocol):
    """What the pool reports to: the metrics of the server, or nothing."""

    def query(self, outcome: str, seconds: float) -> None:
        """Count a query that ended with `outcome` after it ran for `seconds`."""

    def queued(self, seconds: float) -> None:
        """Record how long a query waited for a worker."""

    def worker_started(self) -> None:
        """Count a worker that has come up."""

    def worker_ended(self, cause: str) -> None:
        """Count a worker that was ended or has died."""


class Unobserved(PoolObserver):
    """An observer that ignores everything."""

    def query(self, outcome: str, seconds: float) -> None:
        """Ignore it."""

    def queued(self, seconds: float) -> None:
        """Ignore it."""

    def worker_started(self) -> None:
        """Ignore it."""

    def worker_ended(self, cause: str) -> None:
        """Ignore it."""


UNOBSERVED: Final = Unobserved()
