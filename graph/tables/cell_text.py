"""Cells as text in a CSV file, as CSVW reads them: https://www.w3.org/TR/tabular-data-model/#parsing-cells."""

from datetime import date
from decimal import Decimal
from typing import Final

from graph.tables.rows import Cell, Value

SEPARATOR: Final = " | "
"""Between the values of a list. Within a value, “ / ” stands for it."""


def cell_text(cell: Cell) -> str:
    """Return `cell` as text; nothing and an empty list are empty."""
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        return SEPARATOR.join(value_text(each).replace(SEPARATOR, " / ") for each in cell)
    return value_text(cell)


def value_text(value: Value) -> str:
    """Return `value` in the form that XML Schema has for its datatype."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else str(value)
