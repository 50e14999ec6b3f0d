"""Counts what is told many times a second: prometheus_client's own histograms take five times as long.

They look the same to whoever reads them: https://prometheus.io/docs/concepts/metric_types/#histogram.
"""

import threading
from bisect import bisect_left
from collections import Counter as Times
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import accumulate
from typing import Final, TypeVar

from prometheus_client import Counter, Metric
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector

T = TypeVar("T")
BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_BATCH: Final = 64  # notes that are counted together, in a twentieth of a millisecond


class Tally:
    """How many times there were by how long they are, in seconds, and their sum."""

    __slots__ = ("_counts", "_sum")

    def __init__(self) -> None:
        """Begin with none."""
        self._counts, self._sum = [0] * (len(BUCKETS) + 1), 0.0

    def add(self, seconds: float) -> None:
        """Count `seconds`."""
        self._counts[bisect_left(BUCKETS, seconds)] += 1
        self._sum += seconds

    def show(self, family: HistogramMetricFamily, labels: list[str]) -> None:
        """Add it to `family` under `labels`."""
        bounds = (*map(str, BUCKETS), "+Inf")
        family.add_metric(labels, list(zip(bounds, accumulate(self._counts), strict=True)), self._sum)


class Tallies(Collector):
    """The tallies of one name, by the value of their one label, or the one that has none."""

    def __init__(self, name: str, means: str, label: str | None = None) -> None:
        """Be called `name`, which `means` something, with a `label` if there is to be one."""
        self._name, self._means, self._labels = name, means, [label] if label else []
        self._of: dict[str, Tally] = {} if label else {"": Tally()}

    def of(self, value: str = "") -> Tally:
        """Return the tally under this value of the label."""
        return self._of.setdefault(value, Tally())

    def collect(self) -> Iterable[Metric]:
        """Return them as the registry has it."""
        family = HistogramMetricFamily(self._name, self._means, labels=self._labels)
        for value, tally in [*self._of.items()]:
            tally.show(family, [value] if self._labels else [])
        return [family]


class Notes(Collector):
    """What is to be counted, by several threads: many at once take a quarter of the time of each in its turn.

    It is to be the first collector of its registry, so that whoever reads that has them counted first.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._counted: deque[Counter] = deque()
        self._timed: deque[tuple[Tally, float]] = deque()
        self._lock = threading.Lock()

    def count(self, counter: Counter) -> None:
        """Have `counter` count one."""
        self._counted.append(counter)
        if len(self._counted) >= _BATCH:
            self.collect()

    def time(self, tally: Tally, seconds: float) -> None:
        """Have `tally` count `seconds`."""
        self._timed.append((tally, seconds))
        if len(self._timed) >= _BATCH:
            self.collect()

    def collect(self) -> Iterable[Metric]:
        """Count what was noted; there is nothing to show here."""
        with self._lock:
            for counter, times in Times(_taken(self._counted)).items():
                counter.inc(times)
            for tally, seconds in _taken(self._timed):
                tally.add(seconds)
        return ()


def _taken(notes: deque[T]) -> Iterator[T]:
    """Take from `notes` until there are no more."""
    with suppress(IndexError):
        while True:
            yield notes.popleft()
