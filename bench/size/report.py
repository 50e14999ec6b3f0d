"""Writes docs/performance.md: what was measured by size, as a table and as plots."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl

mpl.use("svg")
from matplotlib import pyplot

_DOCS: Final = Path(__file__).parents[2] / "docs"
_BEGIN, _END = "<!-- figures of bench/size -->", "<!-- end of figures -->"
Figures = Mapping[str, Mapping[str, Mapping[str, Any]]]
Row = tuple[str, str, str]
"""The title of a row, the measurement, and the name of the figure in it."""

_BUILD_STAGES: Final = ("load", "facts", "rules", "arrange", "index", "content", "text", "publish")
_ROWS: Final[tuple[Row, ...]] = (
    ("build, s", "build", "seconds"),
    ("memory of the build, MB", "build", "memory MB"),
    ("release on disk, MB", "build", "disk MB"),
    ("ready after start, s", "pages", "start s"),
    ("page of a hub, ms", "pages", "hub ms"),
    ("page of a typical entity, ms", "pages", "typical ms"),
    ("suggestions, ms (p50)", "pages", "suggest ms"),
    ("suggestions, ms (p95)", "pages", "suggest p95 ms"),
    ("Oxigraph: ready after start, s", "oxigraph", "start s"),
    ("Oxigraph: queries of a hub, ms", "oxigraph", "hub ms"),
    ("Oxigraph: queries of a typical entity, ms", "oxigraph", "typical ms"),
    ("Trifid: page of a hub, ms", "trifid", "hub ms"),
    ("Trifid: page of a typical entity, ms", "trifid", "typical ms"),
    ("Virtuoso: page of a hub, ms", "virtuoso", "hub ms"),
    ("Virtuoso: page of a typical entity, ms", "virtuoso", "typical ms"),
)
_PLOTS: Final[tuple[tuple[str, str, tuple[Row, ...]], ...]] = (
    (
        "size-build",
        "seconds",
        (
            ("build", "build", "seconds"),
            ("its load", "load", "load seconds"),
            ("oxigraph load", "native load", "load seconds"),
        ),
    ),
    ("size-memory", "MB", (("build", "build", "memory MB"), ("oxigraph load", "native load", "memory MB"))),
    (
        "size-pages",
        "milliseconds",
        (
            ("hub", "pages", "hub ms"),
            ("typical entity", "pages", "typical ms"),
            ("hub, Trifid", "trifid", "hub ms"),
            ("hub, Virtuoso", "virtuoso", "hub ms"),
            ("hub, Oxigraph (query)", "oxigraph", "hub ms"),
        ),
    ),
    ("size-suggest", "milliseconds", (("p50", "pages", "suggest ms"), ("p95", "pages", "suggest p95 ms"))),
    ("size-start", "seconds", (("Utsaga", "pages", "start s"), ("Oxigraph", "oxigraph", "start s"))),
)


def write_report(figures: Figures) -> None:
    """Put the tables into docs/performance.md between its marks, and draw the plots beside it."""
    path = _DOCS / "performance.md"
    before, _, rest = path.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    path.write_text(f"{before}{_BEGIN}\n\n{_tables(figures)}\n{_END}{after}", encoding="utf-8")
    for name, unit, rows in _PLOTS:
        _draw(_DOCS / f"{name}.svg", unit, {title: _points(figures, row) for title, *row in rows})


def figure(figures: Figures, size: str, measure: str, name: str) -> float | None:
    """Return one figure, or None if it was not measured."""
    found = figures.get(size, {}).get(measure, {})
    if measure == "build" and name in _BUILD_STAGES:
        found = found.get("stages", {})
    value = found.get(name)
    return float(value) if isinstance(value, int | float) else None


def _points(figures: Figures, row: Iterable[str]) -> list[tuple[int, float]]:
    measure, name = row
    found = ((int(size), figure(figures, size, measure, name)) for size in figures)
    return sorted((size, value) for size, value in found if value is not None)


def _tables(figures: Figures) -> str:
    sizes = sorted(figures, key=int)
    head = f"| | {' | '.join(f'{int(size):,} quads' for size in sizes)} |\n|---|{'---:|' * len(sizes)}\n"
    lines = [_line(figures, sizes, *row) for row in _ROWS]
    stages = [_line(figures, sizes, f"stage “{name}”, s", "build", name) for name in _BUILD_STAGES]
    ratios = [_cells(title, [compute(figures, size) for size in sizes]) for title, compute in _RATIOS.items()]
    text = "\n".join(filter(None, lines))
    return f"{head}{text}\n\n{head}{chr(10).join(filter(None, stages))}\n\n{head}{chr(10).join(ratios)}\n"


def _line(figures: Figures, sizes: list[str], title: str, measure: str, name: str) -> str:
    return _cells(title, [figure(figures, size, measure, name) for size in sizes])


def _cells(title: str, values: list[float | None]) -> str:
    if all(value is None for value in values):
        return ""
    cells = (
        "–" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.2g}" for value in values
    )
    return f"| {title} | {' | '.join(cells)} |"


def _quotient(figures: Figures, above: tuple[str, str, str], below: tuple[str, str, str]) -> float | None:
    one, other = figure(figures, *above), figure(figures, *below)
    return one / other if one is not None and other else None


_RATIOS: Final[dict[str, Callable[[Figures, str], float | None]]] = {
    "rate of the load in parts of `oxigraph load`": lambda figures, size: _quotient(
        figures, (size, "native load", "load seconds"), (size, "load", "load seconds")
    ),
    "the same in processor time": lambda figures, size: _quotient(
        figures, (size, "native load", "load CPU seconds"), (size, "load", "load CPU seconds")
    ),
    "page of a hub by that of a typical entity": lambda figures, size: _quotient(
        figures, (size, "pages", "hub ms"), (size, "pages", "typical ms")
    ),
    "the same in processor time (pages)": lambda figures, size: _quotient(
        figures, (size, "pages", "hub CPU ms"), (size, "pages", "typical CPU ms")
    ),
    "page of the hub by that at 1,000,000 quads": lambda figures, size: _quotient(
        figures, (size, "pages", "hub ms"), ("1000000", "pages", "hub ms")
    ),
    "memory of the build by that at 1,000,000 quads": lambda figures, size: _quotient(
        figures, (size, "build", "memory MB"), ("1000000", "build", "memory MB")
    ),
}


def _draw(path: Path, unit: str, series: Mapping[str, list[tuple[int, float]]]) -> None:
    mpl.rcParams["svg.hashsalt"] = "utsaga"  # the same figures give the same file
    plot, axes = pyplot.subplots(figsize=(6.4, 4))
    for number, (title, points) in enumerate(series.items()):
        if points:
            axes.plot(*zip(*points, strict=True), marker="osD^v"[number], label=title)
    axes.set(xscale="log", yscale="log", xlabel="quads", ylabel=unit)
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend()
    plot.tight_layout()
    plot.savefig(path, metadata={"Date": None})
    pyplot.close(plot)
