"""The tables as an SQLite database: https://www.sqlite.org/fileformat2.html.

A thing of another table is a foreign key, by which Datasette shows its name; the names are not repeated. A
list is a JSON array, which Datasette can make facets of, and for things a table of links too. `name` is what
Datasette takes for the label of a row. Dates are text, as in ISO 8601.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Final

from graph.bulk.content import BulkContent
from graph.core.namespaces import DATASET, LICENCE
from graph.tables.cell_text import value_text
from graph.tables.description import ID, Datatype, Field, Table
from graph.tables.rows import Cell, Row, Value

_TYPES: Final[dict[Datatype, str]] = {"integer": "INTEGER", "decimal": "REAL", "boolean": "INTEGER"}
_PRAGMAS: Final = "PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA foreign_keys = OFF;"
_RELEASE: Final = "CREATE TABLE release (id TEXT PRIMARY KEY, dataset TEXT NOT NULL, licence TEXT NOT NULL)"


def write_sqlite(path: Path, content: BulkContent) -> None:
    """Write the tables of `content` to a new database at `path`."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_PRAGMAS)
        connection.execute(_RELEASE)
        connection.execute("INSERT INTO release VALUES (?, ?, ?)", (content.release, DATASET, LICENCE))
        for table, rows in content.tables:
            _write_table(connection, table, rows)
        connection.commit()
        connection.execute("VACUUM")


def kept_fields(table: Table) -> tuple[tuple[int, Field], ...]:
    """Return the fields of `table` that are columns here, each with its place in a row."""
    keys = {each.name for each in table.fields if each.references and not each.many}
    return tuple((at, each) for at, each in enumerate(table.fields) if each.names not in keys)


def linked_fields(table: Table) -> tuple[Field, ...]:
    """Return the fields of `table` that are lists of things of one table, which have a table of links too."""
    return tuple(each for each in table.fields if each.references and each.many)


def link_table(table: Table, field: Field) -> str:
    """Return the name of the table of links from the rows of `table` to the things of the list `field`."""
    return f"{table.name}_{field.name}"


def _write_table(connection: sqlite3.Connection, table: Table, rows: tuple[Row, ...]) -> None:
    kept = kept_fields(table)
    columns = [_column(field) for _, field in kept]
    if table.label_field:
        columns.append(f"name TEXT GENERATED ALWAYS AS ({_quote(table.label_field)}) VIRTUAL")
    columns += [_foreign_key(field) for _, field in kept if field.references and not field.many]
    connection.execute(f"CREATE TABLE {_quote(table.name)} ({', '.join(columns)})")
    written = ", ".join(_quote(field.name) for _, field in kept)
    marks = ", ".join("?" * len(kept))
    insert = f"INSERT INTO {_quote(table.name)} ({written}) VALUES ({marks})"  # noqa: S608 - names of ours
    connection.executemany(insert, ([_sqlite_value(row[at], field) for at, field in kept] for row in rows))
    for at, field in kept:
        if field.references and field.many:
            _write_links(connection, table, field, _links(rows, at))
        elif field.references:
            _write_index(connection, table.name, field.name)


def _write_links(
    connection: sqlite3.Connection, table: Table, field: Field, links: Iterator[tuple[str, str]]
) -> None:
    name, row = link_table(table, field), f"{table.name}_{ID}"
    connection.execute(
        f"CREATE TABLE {_quote(name)} ({_quote(row)} TEXT NOT NULL REFERENCES {_quote(table.name)} ({ID}),"
        f" {_quote(field.name)} TEXT NOT NULL REFERENCES {_quote(field.references)} ({ID}),"
        f" PRIMARY KEY ({_quote(row)}, {_quote(field.name)}))"
    )
    connection.executemany(f"INSERT INTO {_quote(name)} VALUES (?, ?)", links)  # noqa: S608 - a name of ours
    _write_index(connection, name, field.name)


def _links(rows: tuple[Row, ...], at: int) -> Iterator[tuple[str, str]]:
    for row in rows:
        things = row[at]
        if isinstance(things, tuple):
            yield from ((str(row[0]), str(each)) for each in things)


def _write_index(connection: sqlite3.Connection, table: str, column: str) -> None:
    name = _quote(f"{table}_by_{column}")
    connection.execute(f"CREATE INDEX {name} ON {_quote(table)} ({_quote(column)})")


def _column(field: Field) -> str:
    kind = "TEXT" if field.many else _TYPES.get(field.datatype, "TEXT")
    return f"{_quote(field.name)} {kind}{' PRIMARY KEY NOT NULL' if field.name == ID else ''}"


def _foreign_key(field: Field) -> str:
    return f"FOREIGN KEY ({_quote(field.name)}) REFERENCES {_quote(field.references)} ({ID})"


def _quote(name: str) -> str:
    """Return a name of `tables.yaml` as an identifier of SQL, whatever keyword it may be."""
    return f'"{name}"'


def _sqlite_value(cell: Cell, field: Field) -> str | int | float | None:
    if isinstance(cell, tuple):
        return json.dumps([_plain(each) for each in cell], ensure_ascii=False)
    return "[]" if field.many else None if cell is None else _plain(cell)


def _plain(value: Value) -> str | int | float:
    if isinstance(value, Decimal):
        return float(value)
    return int(value) if isinstance(value, int) else value_text(value)
