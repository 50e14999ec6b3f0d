"""The index in an SQLite file: sets of entities that are combined, counted and read page by page."""

import json
import sqlite3
import threading
import weakref
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache, reduce
from heapq import heappush, heappushpop
from pathlib import Path
from typing import Any, Final, Self

from pyroaring import BitMap

from graph.core.entity_types import OLDEST_FIRST
from graph.core.kind_table import KindTable
from graph.core.partial_dates import PartialDate
from graph.core.terms import Term, iri
from graph.index.kinds import read_kind_table
from graph.index.protocol import FacetCount

_MAX_COUNTED_SINGLY: Final = 300  # entities; in larger sets only candidates are counted
_CACHED_DATES: Final = 128  # dates of a kind whose entities are cached
_CACHED_LINKS: Final = 64  # sets of links that are cached, with their facet counts
_MAX_CANDIDATES: Final = 300  # values of a facet, the most frequent ones, that are counted in a large set
_IRIS: Final = "SELECT node.iri FROM json_each(?) AS name JOIN node ON node.id = name.value ORDER BY name.key"
_LINK_COUNTS: Final = """
SELECT property.iri, link.count FROM node JOIN link ON link.object = node.id
JOIN property ON property.id = link.property WHERE node.iri = ? ORDER BY 1"""
_LINKING_TO: Final = """
SELECT link.subjects FROM node JOIN link ON link.object = node.id
WHERE node.iri = ? AND link.property IN (
  SELECT id FROM property WHERE iri IN (SELECT value FROM json_each(?)))"""
_WITH_VALUE: Final = "SELECT members FROM choice WHERE kind = ? AND facet = ? AND key = ?"
_CANDIDATES: Final = """
SELECT key, value, language, datatype, count, members FROM choice WHERE kind = ? AND facet = ?
ORDER BY count DESC, key LIMIT ?"""
_STATUS_COUNTS: Final = """
SELECT COALESCE(status.iri, ''), stance.count FROM node AS product JOIN node AS class
JOIN stance ON stance.product = product.id AND stance.class = class.id
LEFT JOIN node AS status ON status.id = stance.status WHERE product.iri = ? AND class.iri = ?"""
_NUMBERS: Final = "SELECT node.id FROM json_each(?) AS name JOIN node ON node.iri = name.value"
_KIND_OF: Final = """
SELECT kind.name FROM node JOIN kind ON node.id BETWEEN kind.first AND kind.last WHERE node.iri = ?"""
_EDGES: Final = """
SELECT layer, edge, members FROM span WHERE kind = ?1 AND edge = 'since' AND at <= ?3
UNION ALL SELECT layer, edge, members FROM span WHERE kind = ?1 AND edge = 'until' AND at >= ?2
UNION ALL SELECT layer, edge, members FROM span WHERE kind = ?1 AND edge = 'after' AND at >= ?2
UNION ALL SELECT layer, edge, members FROM span WHERE kind = ?1 AND edge = 'before' AND at <= ?3"""
_COUNT_SINGLY: Final = """
SELECT choice.facet, choice.key, choice.value, choice.language, choice.datatype, counts.count FROM (
  SELECT choice AS id, COUNT(*) AS count FROM has
  WHERE member IN (SELECT value FROM json_each(?)) GROUP BY choice
) AS counts JOIN choice USING (id) ORDER BY counts.count DESC, choice.key"""


@dataclass(frozen=True, eq=False)
class BitmapSet:
    """A set of entities of a `SqliteIndex` as a bitmap of their numbers."""

    index: "SqliteIndex"
    bits: BitMap
    kind: str = ""
    orders: dict[str, Sequence[int]] = field(default_factory=dict)
    counted: dict[tuple[str, int | None], Sequence[FacetCount]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of entities."""
        return len(self.bits)

    def __and__(self, other: Self, /) -> "BitmapSet":
        """Return the intersection with `other`."""
        return BitmapSet(self.index, self.bits & other.bits, self.kind or other.kind)

    def __or__(self, other: Self, /) -> "BitmapSet":
        """Return the union with `other`."""
        return BitmapSet(self.index, self.bits | other.bits, self.kind)

    def __sub__(self, other: Self, /) -> "BitmapSet":
        """Return the difference from `other`."""
        return BitmapSet(self.index, self.bits - other.bits, self.kind)

    def page(self, first: int, count: int, sort: str = "") -> tuple[str, ...]:
        """Return the IRIs of `count` entities from position `first` on, in the order `sort`."""
        if sort == OLDEST_FIRST:
            last = len(self.bits) - first
            return self.index.iris(reversed(self.bits[max(last - count, 0) : max(last, 0)]))
        if sort:
            if sort not in self.orders:
                self.orders[sort] = self.index.sorted(self, sort)
            return self.index.iris(self.orders[sort][first : first + count])
        return self.index.iris(self.bits[first : first + count])


class SqliteIndex:
    """The index of one store, which never changes."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], *opened: sqlite3.Connection) -> None:
        """Read through `connect`, which is called once for each thread.

        The connections, and those `opened` already, are closed when the index is garbage collected.
        """
        self._connect = connect
        self._local = threading.local()
        self._connections = [*opened]
        self.close = weakref.finalize(self, _close, self._connections)
        self.of_kind = cache(self._read_kind)
        self._linked = lru_cache(_CACHED_LINKS)(self._read_linking_to)
        self._candidates = cache(self._read_candidates)
        self._values = cache(self._read_values)
        self.valid_at = lru_cache(_CACHED_DATES)(self._read_valid_at)
        self._order = lru_cache(32)(self._read_order)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the index in the file at `path`."""
        return cls.at(f"{path.resolve().as_uri()}?mode=ro&immutable=1")

    @classmethod
    def at(cls, address: str, *opened: sqlite3.Connection) -> Self:
        """Open the index at `address`, a URI for SQLite; `opened` stay open as long as the index is."""
        return cls(lambda: sqlite3.connect(address, uri=True, check_same_thread=False), *opened)

    @cached_property
    def kinds(self) -> KindTable:
        """The table of kinds that the index was made by."""
        return read_kind_table(self._rows)

    def kind_of(self, name: str) -> str:
        """Return the kind of the entity with the IRI `name`, or "" for none."""
        rows = self._rows(_KIND_OF, name)
        return str(rows[0][0]) if rows else ""

    def link_counts(self, name: str) -> Mapping[str, int]:
        """Return the number of subjects that link to the IRI `name`, by property."""
        return dict(self._rows(_LINK_COUNTS, name))

    def linking_to(self, name: str, *properties: str, kind: str = "") -> BitmapSet:
        """Return the subjects that link to `name` by one of `properties`, only those of `kind` if given."""
        return self._linked(name, properties, kind)

    def with_value(self, kind: str, facet: str, key: str) -> BitmapSet:
        """Return the entities of `kind` whose column `facet` has the value identified by `key`."""
        return BitmapSet(self, self._union(self._rows(_WITH_VALUE, kind, facet, key)), kind)

    def facet_counts(
        self, kind: str, facets: Sequence[str], members: BitmapSet, limit: int | None = None
    ) -> Mapping[str, Sequence[FacetCount]]:
        """Return by facet the `limit` most frequent values of `members`, entities of `kind`.

        In a large set, only those values are counted that are most frequent among all entities of the kind.
        """
        if len(members) > _MAX_COUNTED_SINGLY:
            for facet in facets:
                if (facet, limit) not in members.counted:
                    members.counted[facet, limit] = self._count_candidates(kind, facet, members, limit)
            return {facet: members.counted[facet, limit] for facet in facets}
        counted: dict[str, list[FacetCount]] = {facet: [] for facet in facets}
        for facet, key, value, language, datatype, count in self._rows(
            _COUNT_SINGLY, _json_list(members.bits)
        ):
            if facet in counted:
                counted[facet].append(FacetCount(key, _term(value, language, datatype), count))
        return {facet: counts[:limit] for facet, counts in counted.items()}

    def count_values(self, kind: str, facet: str, members: BitmapSet) -> int:
        """Return the number of distinct values of `members`, entities of `kind`, in the column `facet`."""
        if len(members) <= _MAX_COUNTED_SINGLY:
            return len(self.facet_counts(kind, (facet,), members)[facet])
        return sum(1 for _, bits in self._values(kind, facet) if not bits.isdisjoint(members.bits))

    def status_counts(self, product: str, class_: str) -> Mapping[str, int]:
        """Return the number of organisations of `class_` by status of their latest adoption of `product`."""
        return dict(self._rows(_STATUS_COUNTS, product, class_))

    def partition(self, kind: str, facet: str, members: BitmapSet) -> Mapping[str, BitmapSet]:
        """Return `members` by their values (IRI or text of a literal) in the column `facet`."""
        found = ((value, bits & members.bits) for value, bits in self._values(kind, facet))
        return {value: BitmapSet(self, bits, kind) for value, bits in found if bits}

    def filter_kind(self, names: Iterable[str], kind: str) -> BitmapSet:
        """Return the entities of `kind` among the IRIs `names`."""
        rows = self._rows(_NUMBERS, json.dumps([*names]))
        return self.of_kind(kind) & BitmapSet(self, BitMap(number for (number,) in rows))

    def iris(self, numbers: Any) -> tuple[str, ...]:
        """Return the IRIs of the entities with these `numbers`, in the same order."""
        return tuple(name for (name,) in self._rows(_IRIS, _json_list(numbers)))

    def sorted(self, members: BitmapSet, sort: str) -> Sequence[int]:
        """Return the numbers of `members` in the order of a column, those without a value last."""
        order = self._order(members.kind, sort.removeprefix("-"))
        ordered = array("I", (number for number in order if number in members.bits))
        if sort.startswith("-"):
            ordered.reverse()
        return ordered + array("I", members.bits - BitMap(ordered))

    def _read_linking_to(self, name: str, properties: tuple[str, ...], kind: str) -> BitmapSet:
        found = self._union(self._rows(_LINKING_TO, name, json.dumps(properties)))
        return self.of_kind(kind) & BitmapSet(self, found) if kind else BitmapSet(self, found)

    def _read_kind(self, kind: str) -> BitmapSet:
        rows = self._rows("SELECT first, last FROM kind WHERE name = ?", kind)
        return BitmapSet(self, BitMap(range(rows[0][0], rows[0][1] + 1)) if rows else BitMap(), kind)

    def _count_candidates(
        self, kind: str, facet: str, members: BitmapSet, limit: int | None
    ) -> Sequence[FacetCount]:
        candidates = self._candidates(kind, facet)
        if len(members) == len(self.of_kind(kind)):
            return [total for total, _ in candidates[:limit]]
        found: list[FacetCount] = []
        highest: list[int] = []  # a heap of the `limit` highest counts
        for total, bits in candidates:  # in descending order of their count among all entities
            if limit and len(highest) == limit and total.count < highest[0]:
                break
            if count := bits.intersection_cardinality(members.bits):
                found.append(FacetCount(total.key, total.value, count))
                (heappush if len(highest) != limit else heappushpop)(highest, count)
        return sorted(found, key=lambda each: (-each.count, each.key))[:limit]

    def _read_candidates(self, kind: str, facet: str) -> Sequence[tuple[FacetCount, BitMap]]:
        return [
            (FacetCount(key, _term(value, language, datatype), count), BitMap.deserialize(members))
            for key, value, language, datatype, count, members in self._rows(
                _CANDIDATES, kind, facet, _MAX_CANDIDATES
            )
        ]

    def _read_values(self, kind: str, facet: str) -> Sequence[tuple[str, BitMap]]:
        rows = self._rows("SELECT value, members FROM choice WHERE kind = ? AND facet = ?", kind, facet)
        return [(value, BitMap.deserialize(members)) for value, members in rows]

    def _read_valid_at(self, kind: str, when: PartialDate) -> BitmapSet:
        edges: dict[int, dict[str, BitMap]] = {}
        for layer, edge, members in self._rows(_EDGES, kind, when.first, when.last):
            bits = edges.setdefault(layer, {}).setdefault(edge, BitMap())
            bits |= BitMap.deserialize(members)
        empty = BitMap()
        visible = (
            (layer.get("since", empty) & layer.get("until", empty))
            - layer.get("after", empty)
            - layer.get("before", empty)
            for layer in edges.values()
        )
        return BitmapSet(self, reduce(BitMap.__or__, visible, empty), kind)

    def _read_order(self, kind: str, name: str) -> Sequence[int]:
        rows = self._rows("SELECT members FROM sorted WHERE kind = ? AND name = ?", kind, name)
        return array("I", rows[0][0] if rows else b"")

    def _union(self, rows: Sequence[tuple[bytes]]) -> BitMap:
        return reduce(BitMap.__or__, (BitMap.deserialize(members) for (members,) in rows), BitMap())

    def _rows(self, query: str, *values: str | int) -> list[Any]:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            self._connections.append(connection)
        return connection.execute(query, values).fetchall()


def _close(connections: list[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()


def _json_list(numbers: Any) -> str:
    return str([*numbers])


def _term(value: str, language: str | None, datatype: str | None) -> Term:
    return iri(value) if language is None else Term(value, "literal", language, datatype or "")
