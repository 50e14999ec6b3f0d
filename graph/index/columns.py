"""The tables of links, facet values and column orders.

A set of entities is stored as a Roaring bitmap of their numbers, so that sets of any size are intersected
and counted in microseconds: https://github.com/RoaringBitmap/RoaringFormatSpec. Besides node and kind, the
tables are:

- link: the subjects that link to an object by a property
- choice: a value of a facet and the entities (members) that have it; has: the same by entity
- sorted: the entities of a kind in the order of a column
"""

import sqlite3
from array import array
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from pyroaring import BitMap

from graph.core.entity_types import NAME_COLUMN, ListColumn
from graph.core.iris import last_segment
from graph.core.kind_table import KindTable
from graph.core.namespaces import RDFS, TYPE
from graph.index.staging import digest, path_query

_MAX_FACET_LENGTH: Final = 200  # characters of a literal that is a facet value
_SCHEMA: Final = """
CREATE TABLE property (id INTEGER PRIMARY KEY, iri TEXT NOT NULL);
CREATE TABLE link (object INTEGER, property INTEGER, count INTEGER NOT NULL, subjects BLOB NOT NULL,
  PRIMARY KEY (object, property)) WITHOUT ROWID;
CREATE TABLE choice (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, facet TEXT NOT NULL, key TEXT NOT NULL,
  value TEXT NOT NULL, language TEXT, datatype TEXT, count INTEGER NOT NULL, members BLOB NOT NULL);
CREATE TABLE has (member INTEGER, choice INTEGER, PRIMARY KEY (member, choice)) WITHOUT ROWID;
CREATE TABLE sorted (kind TEXT, name TEXT, present INTEGER NOT NULL, members BLOB NOT NULL,
  PRIMARY KEY (kind, name));
"""
_CELL_SCHEMA: Final = """
CREATE TABLE staging.cell (member INTEGER, value TEXT, language TEXT, datatype TEXT, sort TEXT)"""
_LINKS: Final = """
SELECT object.id, property, subject.id FROM staging.link
JOIN staging.placed AS subject ON subject.digest = link.subject
JOIN staging.placed AS object ON object.digest = link.object
ORDER BY 1, 2, 3"""
_VALUES: Final = """
INSERT INTO staging.cell SELECT placed.id, value, language, datatype, natural(by_name(value)) FROM ({})
JOIN staging.placed ON placed.digest = start"""
_YEARS: Final = """
INSERT INTO staging.cell SELECT placed.id, SUBSTR(MIN(value), 1, 4), '', '', '' FROM ({})
JOIN staging.placed ON placed.digest = start
WHERE value GLOB '[0-9][0-9][0-9][0-9]*' AND placed.id NOT IN (SELECT member FROM staging.cell)
GROUP BY placed.id"""
_NODES: Final = """
INSERT INTO staging.cell SELECT placed.id, node.iri, NULL, NULL, natural(target.sort || ' ' || node.iri)
FROM ({})
JOIN staging.placed ON placed.digest = start
JOIN staging.placed AS target ON target.digest = node JOIN node ON node.id = target.id"""
_MOST_SPECIFIC: Final = """
WITH type AS ({}) SELECT start, node FROM type WHERE NOT EXISTS (
  SELECT 1 FROM type AS other JOIN staging.link AS subclass ON subclass.property = :subclass
    AND subclass.subject = other.node AND subclass.object = type.node AND other.node <> type.node
  WHERE other.start = type.start)"""
_COUNTS: Final = """
INSERT INTO staging.cell SELECT placed.id, '', NULL, NULL, PRINTF('%012d', link.count) FROM staging.placed
JOIN main.link ON link.object = placed.id AND link.property = ? WHERE placed.kind = ?"""
_BY_NAME: Final = "SELECT id FROM staging.placed WHERE kind = ? AND sort > '' ORDER BY sort, id"


def write_columns(connection: sqlite3.Connection, kinds: KindTable, properties: Mapping[int, str]) -> None:
    """Write the tables of links, values and orders, with the IRIs of `properties` by digest."""
    connection.executescript(_SCHEMA + _CELL_SCHEMA)
    _write_links(connection)
    for number, (name, kind) in enumerate(kinds.items()):
        for column in kind.columns:
            connection.execute("DELETE FROM staging.cell")
            _collect_cells(connection, number, column)
            if column.facet:
                _write_choices(connection, name, column.name)
            if column.visible:
                _write_column_order(connection, name, column.name)
        by_name = [member for (member,) in connection.execute(_BY_NAME, (number,))]
        _write_order(connection, name, NAME_COLUMN, by_name)
    connection.executemany("INSERT INTO property VALUES (?, ?)", sorted(properties.items()))
    connection.executescript(
        """CREATE INDEX property_iri ON property (iri);
        CREATE INDEX choice_key ON choice (kind, facet, key);
        CREATE INDEX choice_count ON choice (kind, facet, count DESC, key)"""
    )


def _write_links(connection: sqlite3.Connection) -> None:
    def rows() -> Iterator[tuple[int, int, int, bytes]]:
        for (target, property_), group in groupby(connection.execute(_LINKS), key=lambda row: row[:2]):
            yield target, property_, *_pack(row[2] for row in group)

    connection.executemany("INSERT INTO link VALUES (?, ?, ?, ?)", rows())


def _collect_cells(connection: sqlite3.Connection, kind: int, column: ListColumn) -> None:
    """Fill the staging table cell with the values of the column for each entity of the kind."""
    if column.counted_property:
        connection.execute(_COUNTS, (digest(column.counted_property), kind))
    for path in column.paths:
        query, parameters = path_query(kind, path, literal=True)
        connection.execute((_YEARS if column.year else _VALUES).format(query), parameters)
        if not column.year:
            query, parameters = path_query(kind, path, literal=False)
            if path == (TYPE,):
                query, parameters = (
                    _MOST_SPECIFIC.format(query),
                    parameters | {"subclass": digest(RDFS + "subClassOf")},
                )
            connection.execute(_NODES.format(query), parameters)


def _write_choices(connection: sqlite3.Connection, kind: str, facet: str) -> None:
    """Write which entities have which value; values are numbered in the order of kinds and columns."""
    (first,) = connection.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM choice").fetchone()
    rows = connection.execute(
        """SELECT DISTINCT value, language, datatype, member FROM staging.cell WHERE LENGTH(value) <= ?
        ORDER BY 1, 2, 3, 4""",
        (_MAX_FACET_LENGTH,),
    )
    for number, (value, group) in enumerate(groupby(rows, key=lambda row: row[:3]), first):
        text, language, datatype = value
        key = text if language is not None else last_segment(text)
        count, members = _pack(row[3] for row in group)
        row = (number, kind, facet, key, text, language, datatype, count, members)
        connection.execute("INSERT INTO choice VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        pairs = ((member, number) for member in BitMap.deserialize(members))
        connection.executemany("INSERT INTO has VALUES (?, ?)", pairs)


def _write_column_order(connection: sqlite3.Connection, kind: str, column: str) -> None:
    rows = connection.execute("SELECT member FROM staging.cell GROUP BY member ORDER BY MIN(sort), member")
    _write_order(connection, kind, column, [member for (member,) in rows])


def _write_order(connection: sqlite3.Connection, kind: str, name: str, members: list[int]) -> None:
    row = (kind, name, len(members), array("I", members).tobytes())
    connection.execute("INSERT INTO sorted VALUES (?, ?, ?, ?)", row)


def _pack(members: Iterator[int]) -> tuple[int, bytes]:
    """Return the size of a set of entities and its bitmap."""
    bitmap = BitMap(members)
    bitmap.run_optimize()
    return len(bitmap), bitmap.serialize()
