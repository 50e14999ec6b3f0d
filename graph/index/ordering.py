"""Gives every IRI its place: the kinds in turn, statements and claims newest first, all else by name.

The place is the number that an IRI goes by in all tables, so that any set of numbers is a list in order.
"""

import sqlite3
from typing import Final

from graph.core.collation import natural_key, swedish_key
from graph.core.entity_types import ENTITY_KINDS
from graph.core.iris import KIND_NAMES as ORDER
from graph.core.namespaces import NAME_PROPERTIES, OA, TYPE, UTS
from graph.index.paths import path_query
from graph.index.staging import NO_KIND, digest

_SCHEMA: Final = """
CREATE TABLE node (id INTEGER PRIMARY KEY, iri TEXT NOT NULL);
CREATE TABLE kind (name TEXT PRIMARY KEY, first INTEGER NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE staging.member (digest INTEGER PRIMARY KEY, kind INTEGER NOT NULL);
CREATE TABLE staging.label (digest INTEGER PRIMARY KEY, sort TEXT NOT NULL);
CREATE TABLE staging.moment (digest INTEGER PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE staging.origin (digest INTEGER PRIMARY KEY, iri TEXT NOT NULL, position INTEGER NOT NULL);
CREATE TABLE staging.told_of (digest INTEGER PRIMARY KEY);
CREATE TABLE staging.placed (digest INTEGER PRIMARY KEY, id INTEGER NOT NULL, kind INTEGER, sort TEXT);
"""
_LABELS: Final = """
INSERT INTO staging.label SELECT subject, swedish(value) FROM (
  SELECT subject, value, MIN((language <> 'sv') || language || value) FROM staging.literal
  WHERE property IN (SELECT value FROM json_each(?)) GROUP BY subject)"""
_MEMBERS: Final = """
INSERT OR IGNORE INTO staging.member SELECT name.digest, name.kind FROM staging.link
JOIN staging.name ON name.digest = link.subject
WHERE property = ? AND object = ? AND name.kind = ?"""
_TOLD_OF: Final = """
INSERT OR IGNORE INTO staging.told_of SELECT DISTINCT member.digest FROM staging.member
JOIN staging.link ON link.property = ? AND link.object = member.digest WHERE member.kind = ?"""
_MOMENTS: Final = """
INSERT OR IGNORE INTO staging.moment SELECT start, MIN(value) FROM ({}) GROUP BY start"""
_ORIGINS: Final = """
INSERT INTO staging.origin SELECT said.subject, MIN(source.iri), COALESCE(
  (SELECT MIN(CAST(value AS INTEGER)) FROM staging.link AS evidence
   LEFT JOIN staging.link AS selector ON selector.property = :selector AND selector.subject = evidence.object
   JOIN staging.literal AS start ON start.property = :start
     AND start.subject = COALESCE(selector.object, evidence.object)
   WHERE evidence.property = :evidence AND evidence.subject = said.subject), 0)
FROM staging.link AS said JOIN staging.name AS source ON source.digest = said.object
WHERE said.property = :said GROUP BY said.subject"""
_IN_ORDER: Final = """
INSERT INTO staging.placed
SELECT digest, ROW_NUMBER() OVER (
    ORDER BY kind, moment DESC, origin, position, untold, sort, natural, iri) - 1, kind, sort
FROM (SELECT name.digest, name.iri, COALESCE(member.kind, ?) AS kind,
    COALESCE(moment.value, '') AS moment, COALESCE(origin.iri, '') AS origin,
    COALESCE(origin.position, 0) AS position,
    told_of.digest IS NULL AS untold, COALESCE(label.sort, '') AS sort, natural(name.iri) AS natural
  FROM staging.name
  LEFT JOIN staging.member USING (digest) LEFT JOIN staging.moment USING (digest)
  LEFT JOIN staging.origin USING (digest) LEFT JOIN staging.told_of USING (digest)
  LEFT JOIN staging.label USING (digest)
  WHERE name.iri NOT LIKE '\\_:%' ESCAPE '\\')"""


def write_order(connection: sqlite3.Connection) -> None:
    """Fill the tables node and kind, and `placed` of the staging, from what has been staged."""
    connection.create_function("swedish", 1, swedish_key, deterministic=True)
    connection.create_function("natural", 1, natural_key, deterministic=True)
    connection.executescript(_SCHEMA)
    ask = connection.execute
    ask(_LABELS, (str([digest(name) for name in NAME_PROPERTIES]),))
    for kind, name in enumerate(ORDER):
        for class_ in ENTITY_KINDS[name].classes:
            ask(_MEMBERS, (digest(TYPE), digest(class_), kind))
        for column in ENTITY_KINDS[name].columns:
            if column.counted_property:
                ask(_TOLD_OF, (digest(column.counted_property), kind))
        for path in ENTITY_KINDS[name].dates:
            found, values = path_query(kind, path, literal=True)
            ask(_MOMENTS.format(found), values)
    properties = {
        "selector": OA + "hasSelector",
        "start": OA + "start",
        "evidence": UTS + "evidence",
        "said": UTS + "saidIn",
    }
    ask(_ORIGINS, {name: digest(iri) for name, iri in properties.items()})
    ask(_IN_ORDER, (NO_KIND,))
    ask("INSERT INTO node SELECT id, iri FROM staging.placed JOIN staging.name USING (digest) ORDER BY id")
    ask("CREATE UNIQUE INDEX node_iri ON node (iri)")
    for kind, name in enumerate(ORDER):
        ask(
            """INSERT INTO kind SELECT ?, MIN(id), MAX(id) FROM staging.placed
               WHERE kind = ? HAVING COUNT(*)""",
            (name, kind),
        )
