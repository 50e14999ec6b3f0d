"""How long queries of the same shape have taken: those known to be quick need not queue behind others.

A fingerprint is the text of a query without its IRIs, strings and numbers, as the queries of one form or one
program have it in common.
"""

import re
from collections import OrderedDict
from typing import Final

_VARYING: Final = re.compile(r"<[^<>]*+>|\"[^\"]*+\"|[0-9]++")
_LONGEST: Final = 4096  # characters of a query that can be known to be quick
_QUICK_SECONDS: Final = 0.001  # of processor time
_WEIGHT: Final = 1 / 32  # of the newest query in the mean
_MOST: Final = 1000  # fingerprints that are remembered


class Timing:
    """The mean processor time of queries with one fingerprint, in which newer queries weigh more."""

    __slots__ = ("_mean",)

    def __init__(self) -> None:
        """Know nothing yet."""
        self._mean: float | None = None

    @property
    def is_quick(self) -> bool:
        """Whether such queries are known to take less than a millisecond of processor time."""
        return self._mean is not None and self._mean < _QUICK_SECONDS

    def add(self, seconds: float) -> None:
        """Add a query that took `seconds` of processor time, or that much so far."""
        self._mean = seconds if self._mean is None else self._mean + (seconds - self._mean) * _WEIGHT


class Fingerprints:
    """The timings of the fingerprints that were seen last."""

    def __init__(self) -> None:
        """Remember none."""
        self._timings: OrderedDict[int, Timing] = OrderedDict()

    def timing(self, text: str) -> Timing:
        """Return the timing of queries like `text`; a long query has one of its own, which is forgotten."""
        if len(text) > _LONGEST:
            return Timing()
        key = hash(_VARYING.sub("", text))
        timing = self._timings.setdefault(key, Timing())
        self._timings.move_to_end(key)
        if len(self._timings) > _MOST:
            self._timings.popitem(last=False)
        return timing
