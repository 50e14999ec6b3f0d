"""The numbers of nodes: by kind, then statements and claims newest first and other entities by name.

The number identifies the node in all tables, so that every sorted set of numbers is a list in display order.
"""

import sqlite3
from typing import Final

from graph.core.collation import MAIN_LANGUAGE, name_key, natural_key
from graph.core.kind_table import KindTable
from graph.core.namespaces import NAME_PROPERTIES, OA, TYPE, UTS
from graph.index.staging import digest, other_kind, path_query

_SCHEMA: Final = """
CREATE TABLE node (id INTEGER PRIMARY KEY, iri TEXT NOT NULL);
CREATE TABLE kind (name TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE staging.member (digest INTEGER PRIMARY KEY, kind INTEGER NOT NULL);
CREATE TABLE staging.label (digest INTEGER PRIMARY KEY, sort TEXT NOT NULL);
CREATE TABLE staging.date (digest INTEGER PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE staging.origin (digest INTEGER PRIMARY KEY, iri TEXT NOT NULL, position INTEGER NOT NULL);
CREATE TABLE staging.mentioned (digest INTEGER PRIMARY KEY);
CREATE TABLE staging.placed (digest INTEGER PRIMARY KEY, id INTEGER NOT NULL, kind INTEGER, sort TEXT);
"""
_LABELS: Final = """
INSERT INTO staging.label SELECT subject, by_name(value) FROM (
  SELECT subject, value, MIN((language <> ?) || language || value) FROM staging.literal
  WHERE property IN (SELECT value FROM json_each(?)) GROUP BY subject)"""
_MEMBERS: Final = """
INSERT OR IGNORE INTO staging.member SELECT name.digest, :kind FROM staging.link
JOIN staging.name ON name.digest = link.subject
WHERE property = :type AND object = :class AND name.kind IN (:kind, :any)"""
_MENTIONED: Final = """
INSERT OR IGNORE INTO staging.mentioned SELECT DISTINCT member.digest FROM staging.member
JOIN staging.link ON link.property = ? AND link.object = member.digest WHERE member.kind = ?"""
_DATES: Final = """
INSERT OR IGNORE INTO staging.date SELECT start, MIN(value) FROM ({}) GROUP BY start"""
_ORIGINS: Final = """
INSERT INTO staging.origin SELECT said_in.subject, MIN(source.iri), COALESCE(
  (SELECT MIN(CAST(value AS INTEGER)) FROM staging.link AS evidence
   LEFT JOIN staging.link AS selector ON selector.property = :selector AND selector.subject = evidence.object
   JOIN staging.literal AS start ON start.property = :start
     AND start.subject = COALESCE(selector.object, evidence.object)
   WHERE evidence.property = :evidence AND evidence.subject = said_in.subject), 0)
FROM staging.link AS said_in JOIN staging.name AS source ON source.digest = said_in.object
WHERE said_in.property = :said_in GROUP BY said_in.subject"""
_PLACES: Final = """
INSERT INTO staging.placed
SELECT digest, ROW_NUMBER() OVER (
    ORDER BY kind, date DESC, origin, position, unmentioned, sort, natural, iri) - 1, kind, sort
FROM (SELECT name.digest, name.iri, COALESCE(member.kind, ?) AS kind,
    COALESCE(date.value, '') AS date, COALESCE(origin.iri, '') AS origin,
    COALESCE(origin.position, 0) AS position,
    mentioned.digest IS NULL AS unmentioned, COALESCE(label.sort, '') AS sort, natural(name.iri) AS natural
  FROM staging.name
  LEFT JOIN staging.member USING (digest) LEFT JOIN staging.date USING (digest)
  LEFT JOIN staging.origin USING (digest) LEFT JOIN staging.mentioned USING (digest)
  LEFT JOIN staging.label USING (digest)
  WHERE name.iri NOT LIKE '\\_:%' ESCAPE '\\')"""


def write_order(connection: sqlite3.Connection, kinds: KindTable) -> None:
    """Write the tables node and kind, and the staging table placed, from the other staging tables."""
    connection.create_function("by_name", 1, name_key, deterministic=True)
    connection.create_function("natural", 1, natural_key, deterministic=True)
    connection.executescript(_SCHEMA)
    execute = connection.execute
    execute(_LABELS, (MAIN_LANGUAGE, str([digest(name) for name in NAME_PROPERTIES])))
    for number, kind in enumerate(kinds.values()):
        for class_ in kind.classes:
            terms = {"type": digest(TYPE), "class": digest(class_)}
            execute(_MEMBERS, terms | {"kind": number, "any": other_kind(kinds)})
        for column in kind.columns:
            if column.counted_property:
                execute(_MENTIONED, (digest(column.counted_property), number))
        for path in kind.dates:
            query, parameters = path_query(number, path, literal=True)
            execute(_DATES.format(query), parameters)
    properties = {
        "selector": OA + "hasSelector",
        "start": OA + "start",
        "evidence": UTS + "evidence",
        "said_in": UTS + "saidIn",
    }
    execute(_ORIGINS, {name: digest(iri) for name, iri in properties.items()})
    execute(_PLACES, (other_kind(kinds),))
    execute(
        "INSERT INTO node SELECT id, iri FROM staging.placed JOIN staging.name USING (digest) ORDER BY id"
    )
    execute("CREATE UNIQUE INDEX node_iri ON node (iri)")
    for number, name in enumerate(kinds):
        execute(
            """INSERT INTO kind SELECT ?, MIN(id), MAX(id) FROM staging.placed
               WHERE kind = ? HAVING COUNT(*)""",
            (name, number),
        )
