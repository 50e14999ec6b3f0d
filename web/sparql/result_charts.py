"""Charts of the rows of a result: bars, and a network of links, both limited in number."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Final

from graph.core.namespaces import CODE, XSD
from graph.core.terms import Term
from graph.rdf.formats import Form
from graph.read.entities import Ref

Cell = Term | Ref | None
ResultRow = tuple[Cell, ...]

MAX_BARS: Final = 40
MAX_NODES: Final = 60
_MAX_VALUES: Final = 12  # different values of a column whose rows are counted by value
_MAX_SERIES: Final = 3
_MAX_RATIO: Final = 8  # between the largest numbers of two series on a common scale
_YEARS: Final = range(1800, 2200)  # what an integer or gYear is taken for a year in
_YEAR_DIGITS: Final = 4
_NUMERIC: Final = {XSD + name for name in ("integer", "decimal", "double", "float", "int", "long")}
LATITUDE: Final = {"lat", "latitude"}
LONGITUDE: Final = {"long", "lon", "lng", "longitude"}


@dataclass(frozen=True)
class ChartBar:
    """A bar or group of bars: the cells that label it, and its number in each series."""

    of: tuple[Cell, ...]
    numbers: tuple[Decimal, ...]


@dataclass(frozen=True)
class Chart:
    """Bars of one or more `series`, named by their columns; without any, each bar counts rows.

    `labels` are the columns that label the bars.
    """

    series: tuple[str, ...]
    bars: tuple[ChartBar, ...]
    total: int  # bars without the limit
    labels: tuple[str, ...] = ()

    @property
    def largest(self) -> Decimal:
        """The number of the longest bar."""
        return max(number for bar in self.bars for number in bar.numbers)

    @property
    def has_own_scales(self) -> bool:
        """Whether each series has a scale of its own: on a common one, the smallest could not be seen."""
        tops = [max(numbers) for numbers in zip(*(bar.numbers for bar in self.bars), strict=True)]
        return bool(min(tops) * _MAX_RATIO < max(tops))

    @property
    def scales(self) -> tuple[Decimal, ...]:
        """The number at the end of the axis of each series."""
        tops = tuple(max(numbers) for numbers in zip(*(bar.numbers for bar in self.bars), strict=True))
        return (
            tuple(top or Decimal(1) for top in tops) if self.has_own_scales else (self.largest,) * len(tops)
        )


@dataclass(frozen=True)
class ResultLink:
    """A link between two entities, by a property or by the name of the column of the second."""

    subject: Ref
    by: Ref | str
    object: Ref


def finite_number(cell: Cell) -> Decimal | None:
    """Return the finite number in `cell`, else None."""
    if not isinstance(cell, Term) or cell.datatype not in _NUMERIC:
        return None
    try:
        value = Decimal(cell.value)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def build_chart(columns: tuple[str, ...], rows: tuple[ResultRow, ...]) -> Chart | None:
    """Return the chart of the rows, or None if they have nothing to chart.

    Up to three numeric columns become series; without any, the rows are counted by the values of the column
    with codes, or else of the first column that has few different values.
    """
    if len(rows) < 2:
        return None
    rows = with_all_years(rows)
    numeric = [index for index in range(len(columns)) if _is_series(columns[index], rows, index)]
    named = [index for index in range(len(columns)) if index not in numeric]
    if numeric and named:
        chosen = numeric[:_MAX_SERIES]
        bars = tuple(
            ChartBar(
                tuple(row[index] for index in named[:2]),
                tuple(finite_number(row[index]) or Decimal(0) for index in chosen),
            )
            for row in rows[:MAX_BARS]
        )
        built = Chart(
            tuple(columns[index] for index in chosen), bars, len(rows), tuple(columns[i] for i in named[:2])
        )
        return built if built.largest > 0 else None
    counts = [Counter(row[index] for row in rows) for index in range(len(columns))]
    fitting = [each for each in counts if 2 <= len(each) <= _MAX_VALUES and len(each) < len(rows)]
    if not fitting:
        return None
    counted = next((each for each in fitting if any(map(_is_code, each))), fitting[0])
    bars = tuple(ChartBar((of,), (Decimal(n),)) for of, n in counted.most_common())
    return Chart((), bars, len(counted), (columns[counts.index(counted)],))


def find_links(
    form: Form,
    columns: tuple[str, ...],
    rows: tuple[ResultRow, ...],
    properties: Mapping[str, Ref] = MappingProxyType({}),
) -> tuple[ResultLink, ...]:
    """Return the links in the rows, between at most `MAX_NODES` entities.

    Those of a graph are its triples; in a table, the first IRI of a row is linked to each other IRI of it, by
    the property in `properties` whose values are in that column, or else by the column's name.
    """
    nodes: set[Ref] = set()
    found: dict[ResultLink, None] = {}
    for link in _triples(rows) if form == "graph" else _pairs(columns, rows, properties):
        ends = {link.subject, link.object}
        if len(nodes | ends) <= MAX_NODES:
            nodes |= ends
            found[link] = None
    return tuple(found)


def _triples(rows: tuple[ResultRow, ...]) -> Iterator[ResultLink]:
    for subject, property_, value in rows:
        if isinstance(subject, Ref) and isinstance(property_, Ref) and isinstance(value, Ref):
            yield ResultLink(subject, property_, value)


def _pairs(
    columns: tuple[str, ...], rows: tuple[ResultRow, ...], properties: Mapping[str, Ref]
) -> Iterator[ResultLink]:
    for row in rows:
        refs = [(name, cell) for name, cell in zip(columns, row, strict=True) if isinstance(cell, Ref)]
        for name, cell in refs[1:]:
            if cell != refs[0][1]:
                yield ResultLink(refs[0][1], properties.get(name, name), cell)


def _is_series(column: str, rows: tuple[ResultRow, ...], index: int) -> bool:
    """Return whether a column has only numbers that bars can show: not below zero, and no coordinates."""
    if column.lower() in LATITUDE | LONGITUDE or _years(rows, index):
        return False
    numbers = [finite_number(row[index]) for row in rows if row[index] is not None]
    return bool(numbers) and all(each is not None and each >= 0 for each in numbers)


def with_all_years(rows: tuple[ResultRow, ...]) -> tuple[ResultRow, ...]:
    """Return the rows, with an empty one for each missing year if each row is of a year of its own."""
    for index in range(len(rows[0])):
        years = _years(rows, index)
        if years and len(years) == len(rows) and max(years) - min(years) < MAX_BARS:
            form = next(cell for row in rows if isinstance(cell := row[index], Term))
            every = {year: replace(form, value=str(year)) for year in range(min(years), max(years) + 1)}
            empty = {
                year: (None,) * index + (cell,) + (None,) * (len(rows[0]) - index - 1)
                for year, cell in every.items()
            }
            return tuple((empty | dict(zip(years, rows, strict=True))).values())
    return rows


def _years(rows: tuple[ResultRow, ...], index: int) -> list[int]:
    """Return the years in a column, or nothing unless each row has a different one."""
    cells = [row[index] for row in rows]
    years = [int(cell.value) for cell in cells if isinstance(cell, Term) and _is_year(cell)]
    return years if len(years) == len(set(years)) == len(cells) else []


def _is_year(cell: Term) -> bool:
    is_number = cell.datatype in (XSD + "integer", XSD + "gYear") or not cell.datatype
    is_short = len(cell.value) == _YEAR_DIGITS  # int() refuses a number of thousands of digits
    return is_number and is_short and cell.value.isdecimal() and int(cell.value) in _YEARS


def _is_code(cell: Cell) -> bool:
    return isinstance(cell, Ref) and cell.iri.startswith(CODE)
