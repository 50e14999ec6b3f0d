"""The places of a result's map in groups by the values of one column, each with a pattern of its own.

A column with codes is chosen before one with numbers, and that before one with few different values.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from graph.core.namespaces import CODE
from graph.read.entities import Ref
from web.sparql.result_charts import Cell, finite_number

MAX_GROUPS: Final = 6
_INTERVALS: Final = 4  # of a column with numbers, with about as many places each
PlaceValues = frozenset[Cell]  # of one place in one column


@dataclass(frozen=True)
class MapGroup:
    """The places with one value, with a number from `low` to `high`, or else with any other value."""

    value: Cell = None
    low: Decimal | None = None
    high: Decimal | None = None
    count: int = 0


def group_places(columns: Sequence[Sequence[PlaceValues]]) -> tuple[tuple[MapGroup, ...], tuple[int, ...]]:
    """Return the groups, and the index of the group of each place; none if no column distinguishes places.

    `columns` holds, for each column, the values of each place in it.
    """
    for fits, divide in ((_has_codes, _by_value), (_has_numbers, _by_number), (_has_few, _by_value)):
        for values in columns:
            if fits(values) and len(set(values)) > 1:
                return divide(values)
    return (), ()


def _has_codes(values: Sequence[PlaceValues]) -> bool:
    cells = frozenset[Cell]().union(*values)
    return bool(cells) and all(isinstance(cell, Ref) and cell.iri.startswith(CODE) for cell in cells)


def _has_numbers(values: Sequence[PlaceValues]) -> bool:
    return all(len(each) == 1 and finite_number(next(iter(each))) is not None for each in values)


def _has_few(values: Sequence[PlaceValues]) -> bool:
    return len(frozenset[Cell]().union(*values)) <= MAX_GROUPS


def _by_value(values: Sequence[PlaceValues]) -> tuple[tuple[MapGroup, ...], tuple[int, ...]]:
    """Divide by the value; places with several or none, and those with the rarest, are in a last group."""
    single: list[Cell] = [next(iter(each)) if len(each) == 1 else None for each in values]
    counts: Counter[Cell] = Counter(cell for cell in single if cell)
    common = [cell for cell, _ in counts.most_common(MAX_GROUPS)]
    if len(set(single)) > MAX_GROUPS:
        common = common[: MAX_GROUPS - 1]
    indexes = tuple(common.index(cell) if cell in common else len(common) for cell in single)
    kept = [MapGroup(value=cell, count=indexes.count(index)) for index, cell in enumerate(common)]
    others = indexes.count(len(common))
    return (*kept, *([MapGroup(count=others)] if others else [])), indexes


def _by_number(values: Sequence[PlaceValues]) -> tuple[tuple[MapGroup, ...], tuple[int, ...]]:
    """Divide into intervals with about as many places each; equal numbers are in one interval."""
    numbers = [finite_number(next(iter(each))) or Decimal(0) for each in values]
    ordered = sorted(numbers)
    starts = sorted({ordered[len(ordered) * part // _INTERVALS] for part in range(_INTERVALS)})
    indexes = tuple(sum(number >= start for start in starts) - 1 for number in numbers)
    members = [[n for n, i in zip(numbers, indexes, strict=True) if i == each] for each in range(len(starts))]
    return tuple(MapGroup(low=min(each), high=max(each), count=len(each)) for each in members), indexes
