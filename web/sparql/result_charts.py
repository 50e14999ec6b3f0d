"""What can be drawn of the rows of an answer, within bounds: bars, and a network of links."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from graph.core.namespaces import CODE, XSD
from graph.core.terms import Term
from graph.rdf.formats import Form
from graph.read.entities import Ref

Cell = Term | Ref | None
Row = tuple[Cell, ...]

MOST_BARS: Final = 40
MOST_NODES: Final = 60
_MOST_VALUES: Final = 12  # different values of a column whose rows are counted by value
_MOST_SERIES: Final = 3
_NUMERIC: Final = {XSD + name for name in ("integer", "decimal", "double", "float", "int", "long")}
LATITUDE: Final = {"lat", "latitude"}
LONGITUDE: Final = {"long", "lon", "lng", "longitude"}
_SOUTH, _NORTH, _WEST, _EAST = Decimal(55), Decimal("69.2"), Decimal("10.5"), Decimal("24.5")
_NARROW: Final = Decimal(
    "0.47"
)  # how much shorter a degree of longitude is than one of latitude, about 62° N
_SCALE: Final = Decimal(40)  # units of the drawing in a degree of latitude


@dataclass(frozen=True)
class Bar:
    """What one bar or group of bars stands for, and the number of each of its series."""

    of: tuple[Cell, ...]
    numbers: tuple[Decimal, ...]


@dataclass(frozen=True)
class Chart:
    """Bars of one or more `series`, named by their columns; without any, each bar counts rows."""

    series: tuple[str, ...]
    bars: tuple[Bar, ...]
    total: int  # how many bars there would be

    @property
    def largest(self) -> Decimal:
        """The number that the longest bar stands for."""
        return max(number for bar in self.bars for number in bar.numbers)


@dataclass(frozen=True)
class Link:
    """A link between two entities, by a property or by the column that the second stands in."""

    subject: Ref
    by: Ref | str
    object: Ref


def number(cell: Cell) -> Decimal | None:
    """Return the number that `cell` is, if it is a finite one."""
    if not isinstance(cell, Term) or cell.datatype not in _NUMERIC:
        return None
    try:
        value = Decimal(cell.value)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def chart(columns: tuple[str, ...], rows: tuple[Row, ...]) -> Chart | None:
    """Return the chart that the rows give, if they give one.

    Numbers are drawn, up to three of a row; where there are none, the rows are counted by the column that has
    codes, or else by the first in which few values come back.
    """
    if len(rows) < 2:
        return None
    numeric = [index for index in range(len(columns)) if _is_series(columns[index], rows, index)]
    named = [index for index in range(len(columns)) if index not in numeric]
    if numeric and named:
        chosen = numeric[:_MOST_SERIES]
        bars = tuple(
            Bar(
                tuple(row[index] for index in named[:2]),
                tuple(number(row[index]) or Decimal(0) for index in chosen),
            )
            for row in rows[:MOST_BARS]
        )
        drawn = Chart(tuple(columns[index] for index in chosen), bars, len(rows))
        return drawn if drawn.largest > 0 else None
    counts = [Counter(row[index] for row in rows) for index in range(len(columns))]
    fitting = [each for each in counts if 2 <= len(each) <= _MOST_VALUES and len(each) < len(rows)]
    if not fitting:
        return None
    counted = next((each for each in fitting if any(map(_is_code, each))), fitting[0])
    return Chart((), tuple(Bar((of,), (Decimal(n),)) for of, n in counted.most_common()), len(counted))


def links(form: Form, columns: tuple[str, ...], rows: tuple[Row, ...]) -> tuple[Link, ...]:
    """Return the links that the rows tell of, between no more entities than can be drawn.

    A graph tells of its triples; in a table, the first IRI of a row is linked to each other by its column.
    """
    nodes: set[Ref] = set()
    found: dict[Link, None] = {}
    for link in _triples(rows) if form == "graph" else _pairs(columns, rows):
        ends = {link.subject, link.object}
        if len(nodes | ends) <= MOST_NODES:
            nodes |= ends
            found[link] = None
    return tuple(found)


def _triples(rows: tuple[Row, ...]) -> Iterator[Link]:
    for subject, property_, value in rows:
        if isinstance(subject, Ref) and isinstance(property_, Ref) and isinstance(value, Ref):
            yield Link(subject, property_, value)


def _pairs(columns: tuple[str, ...], rows: tuple[Row, ...]) -> Iterator[Link]:
    for row in rows:
        refs = [(name, cell) for name, cell in zip(columns, row, strict=True) if isinstance(cell, Ref)]
        for name, cell in refs[1:]:
            if cell != refs[0][1]:
                yield Link(refs[0][1], name, cell)


def _is_series(column: str, rows: tuple[Row, ...], index: int) -> bool:
    """Tell whether a column holds numbers that a bar can stand for: none below zero, and no coordinates."""
    if column.lower() in LATITUDE | LONGITUDE:
        return False
    numbers = [number(row[index]) for row in rows if row[index] is not None]
    return bool(numbers) and all(each is not None and each >= 0 for each in numbers)


def _is_code(cell: Cell) -> bool:
    return isinstance(cell, Ref) and cell.iri.startswith(CODE)
