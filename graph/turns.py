"""Turns: how many queries compete for the processors at a time.

More at once than there are processors take each other's caches and are slower in sum. The tokens are in a
queue that is written in C: a semaphore of the threading module takes as long as a quick query does.
"""

from queue import Empty, SimpleQueue


class Turn:
    """A query's turn, which it has until it ends it; or none, where it has waited long enough for one."""

    def __init__(self, turns: "SimpleQueue[None] | None") -> None:
        """Be a turn of `turns`, or none."""
        self._turns = turns

    def end(self) -> None:
        """Give the turn to another query, unless that has been done."""
        turns, self._turns = self._turns, None
        if turns is not None:
            turns.put(None)


class Turns:
    """As many turns at a time as are given out."""

    def __init__(self, count: int) -> None:
        """Give out `count` turns at a time."""
        self._left: SimpleQueue[None] = SimpleQueue()
        for _ in range(count):
            self._left.put(None)

    def take(self, patience: float) -> Turn:
        """Return a turn when there is one, or after `patience` seconds none."""
        try:
            self._left.get(timeout=patience)
        except Empty:
            return Turn(None)
        return Turn(self._left)
