"""Fills the tables that are read: what links where, what has which value, and the order of each column.

A set of entities is a Roaring bitmap of their places (https://github.com/RoaringBitmap/RoaringFormatSpec), so
that any of them meet and are counted in microseconds whatever their number.
"""

import sqlite3
from array import array
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from pyroaring import BitMap

from graph.core.entity_types import ENTITY_KINDS, NAME_COLUMN, ListColumn
from graph.core.iris import KIND_NAMES as ORDER
from graph.core.iris import last_segment
from graph.core.namespaces import RDFS, TYPE
from graph.index.paths import path_query
from graph.index.staging import digest

_LONGEST: Final = 200  # characters of a literal that a list can be narrowed by
_SCHEMA: Final = """
CREATE TABLE property (id INTEGER PRIMARY KEY, iri TEXT NOT NULL);
CREATE TABLE link (object INTEGER, property INTEGER, count INTEGER NOT NULL, subjects BLOB NOT NULL,
  PRIMARY KEY (object, property)) WITHOUT ROWID;
CREATE TABLE choice (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, facet TEXT NOT NULL, key TEXT NOT NULL,
  value TEXT NOT NULL, language TEXT, datatype TEXT, count INTEGER NOT NULL, members BLOB NOT NULL);
CREATE TABLE has (member INTEGER, choice INTEGER, PRIMARY KEY (member, choice)) WITHOUT ROWID;
CREATE TABLE sorted (kind TEXT, name TEXT, present INTEGER NOT NULL, members BLOB NOT NULL,
  PRIMARY KEY (kind, name));
CREATE TABLE tagged (kind TEXT, name TEXT, PRIMARY KEY (kind, name)) WITHOUT ROWID;
"""
_ENDS: Final = """
CREATE TABLE staging.end (member INTEGER, value TEXT, language TEXT, datatype TEXT, sort TEXT)"""
_LINKS: Final = """
SELECT object.id, property, subject.id FROM staging.link
JOIN staging.placed AS subject ON subject.digest = link.subject
JOIN staging.placed AS object ON object.digest = link.object
ORDER BY 1, 2, 3"""
_VALUES: Final = """
INSERT INTO staging.end SELECT placed.id, value, language, datatype, natural(swedish(value)) FROM ({})
JOIN staging.placed ON placed.digest = start"""
_YEARS: Final = """
INSERT INTO staging.end SELECT placed.id, SUBSTR(MIN(value), 1, 4), '', '', '' FROM ({})
JOIN staging.placed ON placed.digest = start
WHERE value GLOB '[0-9][0-9][0-9][0-9]*' AND placed.id NOT IN (SELECT member FROM staging.end)
GROUP BY placed.id"""
_NODES: Final = """
INSERT INTO staging.end SELECT placed.id, node.iri, NULL, NULL, natural(there.sort || ' ' || node.iri)
FROM ({})
JOIN staging.placed ON placed.digest = start
JOIN staging.placed AS there ON there.digest = node JOIN node ON node.id = there.id"""
_NARROWEST: Final = """
WITH mine AS ({}) SELECT start, node FROM mine WHERE NOT EXISTS (
  SELECT 1 FROM mine AS other JOIN staging.link AS above ON above.property = :above
    AND above.subject = other.node AND above.object = mine.node AND other.node <> mine.node
  WHERE other.start = mine.start)"""
_TALLIES: Final = """
INSERT INTO staging.end SELECT placed.id, '', NULL, NULL, PRINTF('%012d', link.count) FROM staging.placed
JOIN main.link ON link.object = placed.id AND link.property = ? WHERE placed.kind = ?"""
_NAMES: Final = "SELECT id FROM staging.placed WHERE kind = ? AND sort > '' ORDER BY sort, id"


def write_columns(connection: sqlite3.Connection, properties: Mapping[int, str]) -> None:
    """Fill the tables of links, values and orders from what has been staged and placed."""
    connection.executescript(_SCHEMA + _ENDS)
    _links(connection)
    for kind, name in enumerate(ORDER):
        for column in ENTITY_KINDS[name].columns:
            connection.execute("DELETE FROM staging.end")
            _find(connection, kind, column)
            if column.facet:
                _choices(connection, name, column.name)
            if column.visible:
                _sorted(connection, name, column.name)
        by_name = [place for (place,) in connection.execute(_NAMES, (kind,))]
        _keep(connection, name, NAME_COLUMN, by_name)
    connection.executemany("INSERT INTO property VALUES (?, ?)", sorted(properties.items()))
    connection.executescript(
        """CREATE INDEX property_iri ON property (iri);
        CREATE INDEX choice_key ON choice (kind, facet, key);
        CREATE INDEX choice_count ON choice (kind, facet, count DESC, key)"""
    )


def _links(connection: sqlite3.Connection) -> None:
    def rows() -> Iterator[tuple[int, int, int, bytes]]:
        for (target, property_), group in groupby(connection.execute(_LINKS), key=lambda row: row[:2]):
            yield target, property_, *_packed(row[2] for row in group)

    connection.executemany("INSERT INTO link VALUES (?, ?, ?, ?)", rows())


def _find(connection: sqlite3.Connection, kind: int, column: ListColumn) -> None:
    """Put into `end` what the column says of each entity of the kind."""
    if column.counted_property:
        connection.execute(_TALLIES, (digest(column.counted_property), kind))
    for path in column.paths:
        query, values = path_query(kind, path, literal=True)
        connection.execute((_YEARS if column.year else _VALUES).format(query), values)
        if not column.year:
            query, values = path_query(kind, path, literal=False)
            if path == (TYPE,):
                query, values = (
                    _NARROWEST.format(query),
                    values | {"above": digest(RDFS + "subClassOf")},
                )
            connection.execute(_NODES.format(query), values)
    tagged = "INSERT INTO tagged SELECT ?, ? FROM staging.end WHERE language > '' LIMIT 1"
    connection.execute(tagged, (ORDER[kind], column.name))


def _choices(connection: sqlite3.Connection, kind: str, facet: str) -> None:
    """Write which entities have which value; each value has a number, in the order of kinds and columns."""
    (first,) = connection.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM choice").fetchone()
    found = connection.execute(
        """SELECT DISTINCT value, language, datatype, member FROM staging.end WHERE LENGTH(value) <= ?
        ORDER BY 1, 2, 3, 4""",
        (_LONGEST,),
    )
    for number, (value, group) in enumerate(groupby(found, key=lambda row: row[:3]), first):
        text, language, datatype = value
        key = text if language is not None else last_segment(text)
        count, members = _packed(row[3] for row in group)
        row = (number, kind, facet, key, text, language, datatype, count, members)
        connection.execute("INSERT INTO choice VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        rows = ((member, number) for member in BitMap.deserialize(members))
        connection.executemany("INSERT INTO has VALUES (?, ?)", rows)


def _sorted(connection: sqlite3.Connection, kind: str, column: str) -> None:
    found = connection.execute("SELECT member FROM staging.end GROUP BY member ORDER BY MIN(sort), member")
    _keep(connection, kind, column, [place for (place,) in found])


def _keep(connection: sqlite3.Connection, kind: str, name: str, places: list[int]) -> None:
    members = array("I", places).tobytes()
    connection.execute("INSERT INTO sorted VALUES (?, ?, ?, ?)", (kind, name, len(places), members))


def _packed(places: Iterator[int]) -> tuple[int, bytes]:
    members = BitMap(places)
    members.run_optimize()
    return len(members), members.serialize()
