"""Measures what grows with the data: build, start, pages and suggestions, from 10,000 to 10,000,000 quads.

Each figure is kept as soon as it is there, so that a run that was interrupted goes on with the next.
"""

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from bench import load
from bench.size import builds, pages
from bench.size.report import write_report

SIZES: Final = (10_000, 100_000, 1_000_000, 10_000_000)
_FIGURES: Final = Path(__file__).with_name("figures.json")
Measure = Callable[[Path], dict[str, Any]]

MEASURES: Final[dict[str, Measure]] = {
    "native load": builds.native_load,
    "load": builds.load,
    "build": builds.build,
    "pages": pages.ours,
    "oxigraph": pages.oxigraph,
    "trifid": pages.trifid,
    "virtuoso": pages.virtuoso,
}
"""The measurements by name, in order: each takes the folder of the data and returns figures by name."""


def main() -> None:
    """Measure what is asked for and not there yet, and write the report."""
    asked = _arguments()
    figures: dict[str, dict[str, Any]] = json.loads(_FIGURES.read_text()) if _FIGURES.exists() else {}
    for count in asked.quads:
        data = load.generated(asked.place, count, asked.seed)
        known = figures.setdefault(str(count), {})
        for name in asked.only:
            if name in known and not asked.again:
                continue
            print(f"{count:,} quads: {name}", flush=True)
            before = os.getloadavg()[0]
            known[name] = {**MEASURES[name](data), "load average before": round(before, 1)}
            print(known[name], flush=True)
            _FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    write_report(figures)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", type=int, nargs="*", default=list(SIZES))
    parser.add_argument("--only", nargs="*", default=list(MEASURES), choices=list(MEASURES))
    parser.add_argument("--again", action="store_true", help="measure also what is there")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--place", type=Path, default=load.PLACE, help="where the data is kept")
    return parser.parse_args()


if __name__ == "__main__":
    main()
