"""Writes what was measured as Markdown and as JSON."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from bench.client import Measured

OURS, NATIVE = "Utsaga", "Oxigraph"
MODES = {
    "uncached": "Uncached: every request is another query",
    "repeated": "Repeated: the same few queries again and again",
}
# What the query service aims at: our throughput in parts of the native server's.
AIMS = {
    ("point lookup", "uncached"): 0.15,
    ("joins", "uncached"): 0.9,
    ("joins, rare", "uncached"): 0.9,
    ("grouping", "uncached"): 0.8,
    ("grouping, rare", "uncached"): 0.8,
    ("hub", "uncached"): 0.8,
}
_REPEATED_AIM = 1.0


@dataclass(frozen=True)
class Cell:
    """One class of queries, in one mode, at one server, in one round."""

    workload: str
    mode: str
    peer: str
    round: int
    measured: Measured
    cpu_seconds: float

    @property
    def cpu_us(self) -> float:
        """The server's processor time for one request, in µs."""
        return self.cpu_seconds / max(self.measured.requests, 1) * 1e6


@dataclass
class Report:
    """All that one run found out; `about` says where, when and with what."""

    about: dict[str, str]
    starts: dict[str, float] = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    cells: list[Cell] = field(default_factory=list)

    def write(self, path: Path) -> None:
        """Write the report to `path`, and all figures beside it as JSON."""
        path.write_text(self.markdown(), encoding="utf-8")
        figures = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        path.with_suffix(".json").write_text(figures + "\n", encoding="utf-8")

    def markdown(self) -> str:
        """Return the report for people: medians over the rounds."""
        parts = ["# Throughput and latency beside other servers", _table(("", ""), self.about.items())]
        for mode, title in MODES.items():
            if any(cell.mode == mode for cell in self.cells):
                parts += [f"## {title}", self._figures(mode)]
        if NATIVE in self._peers and OURS in self._peers:
            parts += ["## Our throughput in parts of the native server's", self._ratios()]
        parts += ["## Start, in seconds until the first answer", _table(("server", "s"), self._started())]
        parts += ["## Failures", *self._failures()]
        return "\n\n".join(parts) + "\n"

    @property
    def _peers(self) -> list[str]:
        return list(dict.fromkeys(cell.peer for cell in self.cells))

    @property
    def _workloads(self) -> list[str]:
        return list(dict.fromkeys(cell.workload for cell in self.cells))

    def _of(self, workload: str, mode: str, peer: str) -> list[Cell]:
        return [
            cell for cell in self.cells if (cell.workload, cell.mode, cell.peer) == (workload, mode, peer)
        ]

    def rate(self, workload: str, mode: str, peer: str) -> float:
        """Return the requests a second, the median of the rounds."""
        return median(each.measured.rate for each in self._of(workload, mode, peer))

    def _figures(self, mode: str) -> str:
        rows = [
            (workload, peer, *_medians(self._of(workload, mode, peer)))
            for workload in self._workloads
            for peer in self._peers
        ]
        return _table(
            ("queries", "server", "requests/s", "range", "p50 ms", "p99 ms", "CPU µs", "client"), rows
        )

    def _ratios(self) -> str:
        rows = []
        for workload in self._workloads:
            for mode in MODES:
                if not self._of(workload, mode, OURS):
                    continue
                ratio = self.rate(workload, mode, OURS) / self.rate(workload, mode, NATIVE)
                aim = _REPEATED_AIM if mode == "repeated" else AIMS.get((workload, mode))
                verdict = "" if aim is None else "reached" if ratio >= aim else "missed"
                rows.append((workload, mode, f"{ratio:.2f}", "" if aim is None else f"{aim:.2f}", verdict))
        return _table(("queries", "", "ratio", "aim", ""), rows)

    def _started(self) -> list[tuple[str, str]]:
        return [(peer, f"{seconds:.1f}") for peer, seconds in self.starts.items()]

    def _failures(self) -> list[str]:
        failed = [c for c in self.cells if c.measured.errors]
        lines = [
            f"- {c.measured.errors} of {c.measured.requests} requests failed at {c.peer}: "
            f"{c.workload}, {c.mode}, round {c.round}"
            for c in failed
        ]
        lines += [f"- {each}" for each in self.differences]
        return lines or ["None; all servers gave the same rows to the sampled queries."]


def _medians(cells: list[Cell]) -> tuple[str, ...]:
    found = [cell.measured for cell in cells]
    rates = [each.rate for each in found]
    return (
        f"{median(rates):,.0f}",
        f"{min(rates):,.0f}–{max(rates):,.0f}",
        f"{median(each.p50_us for each in found) / 1000:,.2f}",
        f"{median(each.p99_us for each in found) / 1000:,.2f}",
        f"{median(cell.cpu_us for cell in cells):,.0f}",
        f"{median(each.client_share for each in found):.0%}",
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
