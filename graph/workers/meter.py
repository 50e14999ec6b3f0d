"""What the pool of workers reports of itself, and to whom: the web server's metrics, or nobody."""

from typing import Final, Protocol


class Meter(Protocol):
    """What the pool reports to whoever watches it."""

    def query(self, outcome: str, seconds: float) -> None:
        """Note that a query has ended so, after so long."""

    def queued(self, seconds: float) -> None:
        """Note how long a query has waited for a worker."""

    def worker_started(self) -> None:
        """Note that a worker has come up."""

    def worker_ended(self, cause: str) -> None:
        """Note that a worker has been ended or has died."""


class Silent(Meter):
    """A meter that nobody reads."""

    def query(self, outcome: str, seconds: float) -> None:
        """Do nothing."""

    def queued(self, seconds: float) -> None:
        """Do nothing."""

    def worker_started(self) -> None:
        """Do nothing."""

    def worker_ended(self, cause: str) -> None:
        """Do nothing."""


SILENT: Final = Silent()
