"""How many rows a stored query is expected to give, as its header says."""

from dataclasses import dataclass
from typing import Final

RULE: Final = "rows of a stored query"


@dataclass(frozen=True)
class RowBounds:
    """The fewest and the most rows that a query is expected to give."""

    minimum: int
    maximum: int

    def allow(self, rows: int) -> bool:
        """Return whether so many `rows` are expected."""
        return self.minimum <= rows <= self.maximum

    def __str__(self) -> str:
        """Return both as people read them."""
        return f"{self.minimum}–{self.maximum}"
