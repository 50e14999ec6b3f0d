"""How long queries of each kind have taken: a quick one need not wait behind one of which that is unknown.

Queries are of one kind if they are alike but for IRIs, strings and numbers, as those of a form or of a
program are.
"""

import re
from collections import OrderedDict
from typing import Final

_VARIED: Final = re.compile(r"<[^<>]*>|\"[^\"]*\"|[0-9]+")  # never goes back: strangers write the text
_LONGEST: Final = 4096  # characters of a query that may be quick
_QUICK: Final = 0.001  # seconds of processor time
_SHARE: Final = 1 / 32  # of the mean that each answer is
_MOST: Final = 1000  # kinds that are remembered


class Kind:
    """How long queries of one kind have taken, the last ones most of all."""

    __slots__ = ("_mean",)

    def __init__(self, mean: float | None = None) -> None:
        """Begin with a `mean` of so many seconds of processor time, or with none."""
        self._mean = mean

    @property
    def is_quick(self) -> bool:
        """Whether they have been quick; one that has never been answered is not known to be."""
        return self._mean is not None and self._mean < _QUICK

    def note(self, seconds: float) -> None:
        """Learn that one took `seconds` of processor time, or more."""
        self._mean = seconds if self._mean is None else self._mean + (seconds - self._mean) * _SHARE


class Kinds:
    """The kinds of queries that have been asked, but for those that came first of too many."""

    def __init__(self) -> None:
        """Begin with none."""
        self._known: OrderedDict[int, Kind] = OrderedDict()  # the first is taken out in one go: by any thread

    def of(self, text: str) -> Kind:
        """Return the kind of the query `text`; one that is long is of a kind of its own."""
        if len(text) > _LONGEST:
            return Kind()
        key = hash(_VARIED.sub("", text))
        kind = self._known.get(key)
        if kind is None:
            kind = self._known[key] = Kind()
            if len(self._known) > _MOST:
                self._known.popitem(last=False)
        return kind
