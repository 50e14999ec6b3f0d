"""What is wrong with the release that is live or served, for /readyz and the metrics."""

from dataclasses import dataclass

from graph.core.errors import Unavailable


@dataclass
class ServingStatus:
    """What one server knows of its releases; each part is a line for people, empty while nothing is wrong."""

    behind: str = ""  # why the release that is live is not served, but the one before
    damaged: str = ""  # which files of the release that is served are not as they were written

    def check(self) -> None:
        """Raise Unavailable if what is served may be wrong."""
        if self.damaged:
            raise Unavailable(
                self.damaged, where="release", rule="digest of a file", remedy="activate another"
            )

    @property
    def notes(self) -> tuple[str, ...]:
        """Lines for the operator."""
        return (self.behind,) if self.behind else ()
