"""The table of when entities with a validity are to be shown.

For each date on which an entity begins or ceases to be shown there is a set of those entities, so that the
entities to show on a date are a union of some sets less others. An entity that is to be shown in several
periods, since another replaces it in between, has one layer for each period.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from pyroaring import BitMap

from graph.core.entity_types import Validity
from graph.core.kind_table import KindTable
from graph.core.partial_dates import END_OF_TIME, ValidInterval, VisiblePeriod, visible_periods
from graph.index.staging import digest, path_query

_SCHEMA: Final = """
CREATE TABLE span (kind TEXT, edge TEXT, at INTEGER, layer INTEGER, members BLOB NOT NULL,
  PRIMARY KEY (kind, edge, at, layer)) WITHOUT ROWID;
CREATE TABLE staging.bound (edge TEXT, digest INTEGER, value TEXT NOT NULL, PRIMARY KEY (edge, digest))
  WITHOUT ROWID;
"""
_BOUNDS: Final = (
    "INSERT OR IGNORE INTO staging.bound SELECT :edge, start, MIN(value) FROM ({}) GROUP BY start"
)
_ENTITY_DATES: Final = """
SELECT placed.id,
  (SELECT value FROM staging.bound WHERE edge = 'since' AND bound.digest = member.digest),
  (SELECT value FROM staging.bound WHERE edge = 'until' AND bound.digest = member.digest),
  (SELECT value FROM staging.bound WHERE edge = 'at' AND bound.digest = member.digest),
  EXISTS (SELECT 1 FROM staging.link
    WHERE property = :pending AND subject = member.digest AND object = :pending_value),
  (SELECT MIN(object) FROM staging.link WHERE property = :key0 AND subject = member.digest) AS key0,
  (SELECT MIN(object) FROM staging.link WHERE property = :key1 AND subject = member.digest) AS key1,
  (SELECT MIN(object) FROM staging.link WHERE property = :key2 AND subject = member.digest) AS key2,
  (SELECT MIN(object) FROM staging.link WHERE property = :key3 AND subject = member.digest) AS key3
FROM staging.member JOIN staging.placed USING (digest) WHERE member.kind = :kind
ORDER BY key0, key1, key2, key3"""
_KEYS: Final = 4
Edges = dict[tuple[str, int, int], BitMap]
"""Sets of entities by edge (since, until, after or before), date and layer."""


def write_validity(connection: sqlite3.Connection, kinds: KindTable) -> None:
    """Write the table span from the staging tables."""
    connection.executescript(_SCHEMA)
    for number, (name, kind) in enumerate(kinds.items()):
        if kind.validity:
            edges = _edges(_periods(connection, number, kind.validity))
            rows = ((name, *key, edges[key].serialize()) for key in sorted(edges))
            connection.executemany("INSERT INTO span VALUES (?, ?, ?, ?, ?)", rows)


def _periods(connection: sqlite3.Connection, kind: int, validity: Validity) -> Iterator[VisiblePeriod]:
    """Yield the periods in which each entity of the kind number `kind` is to be shown."""
    connection.execute("DELETE FROM staging.bound")
    for edge in ("since", "until", "at"):
        for path in getattr(validity, edge):
            query, parameters = path_query(kind, path, literal=True)
            connection.execute(_BOUNDS.format(query), {**parameters, "edge": edge})
    keys = [*map(digest, validity.unique_by), *[0] * _KEYS][:_KEYS]
    property_, value = map(digest, validity.pending)
    parameters = {"kind": kind, "pending": property_, "pending_value": value}
    rows = connection.execute(_ENTITY_DATES, parameters | {f"key{n}": key for n, key in enumerate(keys)})
    for _, group in groupby(rows, key=lambda row: row[5:] if validity.unique_by else row[0]):
        intervals = ((validity.interval(*row[1:4]), row[0], not row[4]) for row in group)
        yield from visible_periods(
            ValidInterval(*span, member, replaces) for span, member, replaces in intervals if span
        )


def _edges(periods: Iterator[VisiblePeriod]) -> Edges:
    edges: Edges = defaultdict(BitMap)
    layers: dict[int, int] = defaultdict(int)
    for (start, end, member, _), after, before in periods:
        layer, layers[member] = layers[member], layers[member] + 1
        edges["since", start, layer].add(member)
        edges["until", end, layer].add(member)
        if after:
            edges["after", after, layer].add(member)
        if before < END_OF_TIME:
            edges["before", before, layer].add(member)
    return edges
