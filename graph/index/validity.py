"""Writes when everything that has a validity held, so that a time is answered by the dates there are.

The claims are not looked through: for each date there is a set of those that begin or end to be shown then,
and a time is the union of some of those sets less others. A claim that is to be shown in several pieces,
since another held in between, has a layer for each.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from pyroaring import BitMap

from graph.core.entity_types import ENTITY_KINDS, Validity
from graph.core.iris import KIND_NAMES as ORDER
from graph.core.partial_dates import END_OF_TIME, ValidInterval, VisiblePeriod, visible_periods
from graph.index.paths import path_query
from graph.index.staging import digest

_SCHEMA: Final = """
CREATE TABLE span (kind TEXT, edge TEXT, at INTEGER, layer INTEGER, members BLOB NOT NULL,
  PRIMARY KEY (kind, edge, at, layer)) WITHOUT ROWID;
CREATE TABLE staging.bound (edge TEXT, digest INTEGER, value TEXT NOT NULL, PRIMARY KEY (edge, digest))
  WITHOUT ROWID;
"""
_BOUNDS: Final = (
    "INSERT OR IGNORE INTO staging.bound SELECT :edge, start, MIN(value) FROM ({}) GROUP BY start"
)
_VALID: Final = """
SELECT placed.id,
  (SELECT value FROM staging.bound WHERE edge = 'since' AND bound.digest = member.digest),
  (SELECT value FROM staging.bound WHERE edge = 'until' AND bound.digest = member.digest),
  (SELECT value FROM staging.bound WHERE edge = 'at' AND bound.digest = member.digest),
  (SELECT MIN(object) FROM staging.link WHERE property = :among0 AND subject = member.digest) AS one,
  (SELECT MIN(object) FROM staging.link WHERE property = :among1 AND subject = member.digest) AS two,
  (SELECT MIN(object) FROM staging.link WHERE property = :among2 AND subject = member.digest) AS three
FROM staging.member JOIN staging.placed USING (digest) WHERE member.kind = :kind ORDER BY one, two, three"""
Edges = dict[tuple[str, int, int], BitMap]
"""Which entities begin or end to be shown, by edge, moment and layer."""


def write_validity(connection: sqlite3.Connection) -> None:
    """Fill the table span from what has been staged and placed."""
    connection.executescript(_SCHEMA)
    for kind, name in enumerate(ORDER):
        if validity := ENTITY_KINDS[name].validity:
            edges = _edges(_pieces(connection, kind, validity))
            rows = ((name, *key, edges[key].serialize()) for key in sorted(edges))
            connection.executemany("INSERT INTO span VALUES (?, ?, ?, ?, ?)", rows)


def _pieces(connection: sqlite3.Connection, kind: int, validity: Validity) -> Iterator[VisiblePeriod]:
    """Yield when each entity of `kind` is to be shown."""
    connection.execute("DELETE FROM staging.bound")
    for edge in ("since", "until", "at"):
        for path in getattr(validity, edge):
            query, values = path_query(kind, path, literal=True)
            connection.execute(_BOUNDS.format(query), {**values, "edge": edge})
    among = dict(zip(("among0", "among1", "among2"), map(digest, validity.unique_by), strict=False))
    rows = connection.execute(_VALID, {"among0": 0, "among1": 0, "among2": 0, "kind": kind} | among)
    for _, group in groupby(rows, key=lambda row: row[4:] if validity.unique_by else row[0]):
        found = ((validity.interval(*row[1:4]), row[0]) for row in group)
        yield from visible_periods(ValidInterval(*span, member) for span, member in found if span)


def _edges(found: Iterator[VisiblePeriod]) -> Edges:
    edges: Edges = defaultdict(BitMap)
    layers: dict[int, int] = defaultdict(int)
    for (start, end, member), after, before in found:
        layer, layers[member] = layers[member], layers[member] + 1
        edges["since", start, layer].add(member)
        edges["until", end, layer].add(member)
        if after:
            edges["after", after, layer].add(member)
        if before < END_OF_TIME:
            edges["before", before, layer].add(member)
    return edges
