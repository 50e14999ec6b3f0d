"""Reports of the steps of a load or a build about their progress."""

from typing import Protocol


class Progress(Protocol):
    """Takes the name of a step, how much of it is done, the total (0 if unknown), and the quads done."""

    def __call__(self, step: str, done: int = 0, total: int = 0, count: int = 0, /) -> None:
        """Take a report."""


def silent(step: str, done: int = 0, total: int = 0, count: int = 0, /) -> None:
    """Report nothing."""
