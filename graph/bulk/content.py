"""What bulk files are made of: every table of a release with its rows."""

from dataclasses import dataclass

from graph.core.errors import BadInput, Fault
from graph.read.entities import Entities
from graph.tables.description import FILE, ID, Table, tables
from graph.tables.rows import Row, read_table


@dataclass(frozen=True)
class BulkContent:
    """The tables of the release called `release`, each with all its rows."""

    release: str
    tables: tuple[tuple[Table, tuple[Row, ...]], ...]


def read_content(entities: Entities, release: str) -> BulkContent:
    """Return all tables with their rows; raise BadInput for several values where one is expected."""
    content = BulkContent(
        release,
        tuple((table, tuple(read_table(entities, table))) for table in tables(entities.index.kinds).values()),
    )
    faults = [fault for table, rows in content.tables for fault in _faults(table, rows)]
    if faults:
        raise BadInput.of(faults)
    return content


def _faults(table: Table, rows: tuple[Row, ...]) -> list[Fault]:
    singles = [(at, field.name) for at, field in enumerate(table.fields) if not field.many]
    return [
        Fault(
            str(row[0]),
            f"the column {name} of the table {table.name} has several values",
            f"{ID} and columns without many in {FILE}",
            "keep one of the values, or let the column have many",
        )
        for row in rows
        for at, name in singles
        if isinstance(row[at], tuple)
    ]
