"""What one attack did to others, and whether that is more than it may."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bench.strangers.attacks import Attack
from bench.strangers.canary import HEALTH_RATE, RATE, Sample, percentile

P99: Final = 250.0  # milliseconds within which 99 in 100 lookups of others are answered
TITLES: Final = (
    "attack",
    "its replies",
    "lookups",
    "p50, ms",
    "p99, ms",
    "/healthz p99, ms",
    "not 200",
    "memory before, MB",
    "most",
    "after",
    "verdict",
)
_MB: Final = 1_000_000


@dataclass(frozen=True)
class Verdict:
    """What the canary and the attackers saw, and the bytes of memory; 0 where they are not known."""

    attack: Attack
    samples: list[Sample]
    outcomes: Counter[str]
    faults: Counter[str]
    before: int = 0
    most: int = 0
    after: int = 0

    @property
    def violations(self) -> list[str]:
        """What is more than an attack may do."""
        return list(self._violations())

    def row(self) -> str:
        """Return a row of a table in Markdown, of the columns TITLES."""
        lookups = self._lookups
        outcomes = " ".join(f"{outcome}×{count}" for outcome, count in self.outcomes.most_common(6))
        cells = (
            self.attack.name,
            outcomes or "–",
            len(lookups),
            f"{percentile(lookups, RATE, 0.5):.1f}",
            f"{self._p99:.0f}",
            f"{percentile(self._health, HEALTH_RATE, 0.99):.0f}",
            sum(self._failed.values()),
            *(f"{size / _MB:.0f}" if size else "–" for size in (self.before, self.most, self.after)),
            "; ".join(self.violations) or "good",
        )
        return f"| {' | '.join(map(str, cells))} |"

    def _violations(self) -> Iterator[str]:
        if self._p99 >= P99:
            yield f"lookups take {self._p99:.0f} ms"
        if self.most - self.before > self.attack.growth:
            yield f"memory grows by {(self.most - self.before) / _MB:.0f} MB"
        if self._failed:
            yield f"others get {dict(self._failed)}"
        for fault, count in self.faults.items():
            yield f"{fault} ×{count}"

    @property
    def _lookups(self) -> list[Sample]:
        return [sample for sample in self.samples if sample.is_lookup]

    @property
    def _health(self) -> list[Sample]:
        return [sample for sample in self.samples if not sample.is_lookup]

    @property
    def _p99(self) -> float:
        return percentile(self._lookups, RATE, 0.99)

    @property
    def _failed(self) -> Counter[str]:
        return Counter(sample.outcome for sample in self.samples if sample.outcome != "200")
