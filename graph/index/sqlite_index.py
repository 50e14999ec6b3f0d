"""Reads the tables: sets of entities that meet, are counted and are read page by page."""

import json
import sqlite3
import threading
import weakref
from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, reduce
from heapq import heappush, heappushpop
from pathlib import Path
from typing import Any, Final, Self

from pyroaring import BitMap

from graph.core.entity_types import OLDEST_FIRST
from graph.core.partial_dates import PartialDate
from graph.core.terms import Term, iri
from graph.index.protocol import FacetCount

_FEW: Final = 300  # entities whose values are counted one by one
_TIMES: Final = 128  # of a kind each, whose answers are remembered
_LINKED: Final = 64  # sets of links that are kept, with what has been counted among them
_MOST_CHOICES: Final = (
    300  # values of a column, the most frequent of all, that are counted among many entities
)
_PLACES: Final = (
    "SELECT node.iri FROM json_each(?) AS wanted JOIN node ON node.id = wanted.value ORDER BY wanted.key"
)
_COUNTS: Final = """
SELECT property.iri, link.count FROM node JOIN link ON link.object = node.id
JOIN property ON property.id = link.property WHERE node.iri = ? ORDER BY 1"""
_LINKING: Final = """
SELECT link.subjects FROM node JOIN link ON link.object = node.id
WHERE node.iri = ? AND link.property IN (
  SELECT id FROM property WHERE iri IN (SELECT value FROM json_each(?)))"""
_CHOSEN: Final = "SELECT members FROM choice WHERE kind = ? AND facet = ? AND key = ?"
_CANDIDATES: Final = """
SELECT key, value, language, datatype, count, members FROM choice WHERE kind = ? AND facet = ?
ORDER BY count DESC, key LIMIT ?"""
_STANCES: Final = """
SELECT COALESCE(status.iri, ''), stance.count FROM node AS product JOIN node AS class
JOIN stance ON stance.product = product.id AND stance.class = class.id
LEFT JOIN node AS status ON status.id = stance.status WHERE product.iri = ? AND class.iri = ?"""
_NAMED: Final = "SELECT node.id FROM json_each(?) AS wanted JOIN node ON node.iri = wanted.value"
_EDGES: Final = """
SELECT layer, edge, members FROM span WHERE kind = ?1 AND edge = 'since' AND at <= ?3
UNION ALL SELECT layer, edge, members FROM span WHERE kind = ?1 AND edge = 'until' AND at >= ?2
UNION ALL SELECT layer, edge, members FROM span WHERE kind = ?1 AND edge = 'after' AND at >= ?2
UNION ALL SELECT layer, edge, members FROM span WHERE kind = ?1 AND edge = 'before' AND at <= ?3"""
_AMONG_FEW: Final = """
SELECT choice.facet, choice.key, choice.value, choice.language, choice.datatype, counted.n FROM (
  SELECT choice AS id, COUNT(*) AS n FROM has WHERE member IN (SELECT value FROM json_each(?)) GROUP BY choice
) AS counted JOIN choice USING (id) ORDER BY counted.n DESC, choice.key"""


@dataclass(frozen=True, eq=False)
class BitmapSet:
    """Some entities of the tables, by their places."""

    tables: "SqliteIndex"
    bits: BitMap
    kind: str = ""
    orders: dict[str, Sequence[int]] = field(default_factory=dict)  # those asked for so far
    counted: dict[tuple[str, int | None], Sequence[FacetCount]] = field(
        default_factory=dict
    )  # likewise, by facet

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self.bits)

    def __and__(self, other: Self, /) -> "BitmapSet":
        """Return those that are among the `other` too."""
        return BitmapSet(self.tables, self.bits & other.bits, self.kind or other.kind)

    def __or__(self, other: Self, /) -> "BitmapSet":
        """Return these and the `other`."""
        return BitmapSet(self.tables, self.bits | other.bits, self.kind)

    def __sub__(self, other: Self, /) -> "BitmapSet":
        """Return those that are not among the `other`."""
        return BitmapSet(self.tables, self.bits - other.bits, self.kind)

    def page(self, first: int, count: int, sort: str = "") -> tuple[str, ...]:
        """Return the IRIs of `count` of them from number `first` on, in the order `sort` of their kind."""
        if sort == OLDEST_FIRST:
            last = len(self.bits) - first
            return self.tables.iris(reversed(self.bits[max(last - count, 0) : max(last, 0)]))
        if sort:
            if sort not in self.orders:
                self.orders[sort] = self.tables.sorted(self, sort)
            return self.tables.iris(self.orders[sort][first : first + count])
        return self.tables.iris(self.bits[first : first + count])


class SqliteIndex:
    """The tables of one store; they never change."""

    def __init__(self, connect: Callable[[], sqlite3.Connection], *opened: sqlite3.Connection) -> None:
        """Read by connections that `connect` gives, one for each thread.

        They are closed when nobody reads any more, as are those `opened`.
        """
        self._connect = connect
        self._local = threading.local()
        self._open = [*opened]
        self.close = weakref.finalize(self, _close, self._open)
        self.of_kind = cache(self._every)
        self.language_columns = cache(self._tagged)
        self._linked = lru_cache(_LINKED)(self._read_linking)
        self._candidates = cache(self._read_candidates)
        self._values = cache(self._read_values)
        self.valid_at = lru_cache(_TIMES)(self._read_held)
        self._order = lru_cache(32)(self._read_order)

    @classmethod
    def open(cls, path: Path) -> Self:
        """Return the tables in the file at `path`."""
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        return cls(lambda: sqlite3.connect(address, uri=True, check_same_thread=False))

    def link_counts(self, name: str) -> Mapping[str, int]:
        """Return how many IRIs link to the IRI `name`, by property."""
        return dict(self._rows(_COUNTS, name))

    def linking_to(self, name: str, *properties: str, kind: str = "") -> BitmapSet:
        """Return the IRIs that link to `name` by one of `properties`, only those of `kind` if given."""
        return self._linked(name, properties, kind)

    def with_value(self, kind: str, facet: str, key: str) -> BitmapSet:
        """Return the entities of `kind` that have the value that `key` stands for in the column `facet`."""
        return BitmapSet(self, self._union(self._rows(_CHOSEN, kind, facet, key)), kind)

    def facet_counts(
        self, kind: str, facets: Sequence[str], members: BitmapSet, most: int | None = None
    ) -> Mapping[str, Sequence[FacetCount]]:
        """Return by facet the `most` most frequent values that `members`, entities of `kind`, have.

        Among many, the values that are counted are those that are most frequent in the whole list.
        """
        if len(members) > _FEW:
            for facet in facets:
                if (facet, most) not in members.counted:
                    members.counted[facet, most] = self._among_many(kind, facet, members, most)
            return {facet: members.counted[facet, most] for facet in facets}
        counted: dict[str, list[FacetCount]] = {facet: [] for facet in facets}
        for facet, key, value, language, datatype, count in self._rows(_AMONG_FEW, _listed(members.bits)):
            if facet in counted:
                counted[facet].append(FacetCount(key, _term(value, language, datatype), count))
        return {facet: counts[:most] for facet, counts in counted.items()}

    def count_values(self, kind: str, facet: str, members: BitmapSet) -> int:
        """Return how many different values `members`, entities of `kind`, have in the column `facet`."""
        if len(members) <= _FEW:
            return len(self.facet_counts(kind, (facet,), members)[facet])
        return sum(1 for _, bits in self._values(kind, facet) if not bits.isdisjoint(members.bits))

    def status_counts(self, product: str, class_: str) -> Mapping[str, int]:
        """Return how many organisations of `class_` have which status on `product`, by the latest of each."""
        return dict(self._rows(_STANCES, product, class_))

    def partition(self, kind: str, facet: str, members: BitmapSet) -> Mapping[str, BitmapSet]:
        """Return by value, an IRI or a literal's text, which of `members` have it in the column `facet`."""
        found = ((value, bits & members.bits) for value, bits in self._values(kind, facet))
        return {value: BitmapSet(self, bits, kind) for value, bits in found if bits}

    def filter_kind(self, names: Iterable[str], kind: str) -> BitmapSet:
        """Return those of the IRIs `names` that are entities of `kind`."""
        rows = self._rows(_NAMED, json.dumps([*names]))
        return self.of_kind(kind) & BitmapSet(self, BitMap(place for (place,) in rows))

    def iris(self, places: Any) -> tuple[str, ...]:
        """Return the IRIs of `places`, in their order."""
        return tuple(name for (name,) in self._rows(_PLACES, _listed(places)))

    def sorted(self, members: BitmapSet, sort: str) -> Sequence[int]:
        """Return the places of `members` in the order of a column, those without a value last."""
        with_value = self._order(members.kind, sort.removeprefix("-"))
        here = members.bits
        found = array("I", (place for place in with_value if place in here))
        if sort.startswith("-"):
            found.reverse()
        return found + array("I", here - BitMap(found)) if len(found) < len(here) else found

    def _read_linking(self, name: str, properties: tuple[str, ...], kind: str) -> BitmapSet:
        found = self._union(self._rows(_LINKING, name, json.dumps(properties)))
        return self.of_kind(kind) & BitmapSet(self, found) if kind else BitmapSet(self, found)

    def _every(self, kind: str) -> BitmapSet:
        rows = self._rows("SELECT first, last FROM kind WHERE name = ?", kind)
        return BitmapSet(self, BitMap(range(rows[0][0], rows[0][1] + 1)) if rows else BitMap(), kind)

    def _tagged(self, kind: str) -> frozenset[str]:
        return frozenset(name for (name,) in self._rows("SELECT name FROM tagged WHERE kind = ?", kind))

    def _among_many(
        self, kind: str, facet: str, members: BitmapSet, most: int | None
    ) -> Sequence[FacetCount]:
        candidates = self._candidates(kind, facet)
        if len(members) == len(self.of_kind(kind)):
            return [known for known, _ in candidates[:most]]
        found: list[tuple[int, str, Term]] = []
        highest: list[int] = []  # a heap of as many counts as are wanted
        for known, bits in candidates:  # those first that most have of all
            if most and len(highest) == most and known.count < highest[0]:
                break
            if count := bits.intersection_cardinality(members.bits):
                found.append((-count, known.key, known.value))
                (heappush if len(highest) != most else heappushpop)(highest, count)
        return [FacetCount(key, value, -count) for count, key, value in sorted(found)[:most]]

    def _read_candidates(self, kind: str, facet: str) -> Sequence[tuple[FacetCount, BitMap]]:
        return [
            (FacetCount(key, _term(value, language, datatype), count), BitMap.deserialize(members))
            for key, value, language, datatype, count, members in self._rows(
                _CANDIDATES, kind, facet, _MOST_CHOICES
            )
        ]

    def _read_values(self, kind: str, facet: str) -> Sequence[tuple[str, BitMap]]:
        rows = self._rows("SELECT value, members FROM choice WHERE kind = ? AND facet = ?", kind, facet)
        return [(value, BitMap.deserialize(members)) for value, members in rows]

    def _read_held(self, kind: str, when: PartialDate) -> BitmapSet:
        edges: dict[int, dict[str, BitMap]] = {}
        for layer, edge, members in self._rows(_EDGES, kind, when.first, when.last):
            found = edges.setdefault(layer, {}).setdefault(edge, BitMap())
            found |= BitMap.deserialize(members)
        none = BitMap()
        shown = (
            (layer.get("since", none) & layer.get("until", none))
            - layer.get("after", none)
            - layer.get("before", none)
            for layer in edges.values()
        )
        return BitmapSet(self, reduce(BitMap.__or__, shown, none), kind)

    def _read_order(self, kind: str, name: str) -> Sequence[int]:
        rows = self._rows("SELECT members FROM sorted WHERE kind = ? AND name = ?", kind, name)
        return array("I", rows[0][0] if rows else b"")

    def _union(self, rows: Sequence[tuple[bytes]]) -> BitMap:
        return reduce(BitMap.__or__, (BitMap.deserialize(members) for (members,) in rows), BitMap())

    def _rows(self, query: str, *values: str | int) -> list[Any]:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = self._connect()
            self._open.append(connection)
        return connection.execute(query, values).fetchall()


def _close(connections: list[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()


def _listed(places: Any) -> str:
    return str([*places])


def _term(value: str, language: str | None, datatype: str | None) -> Term:
    return iri(value) if language is None else Term(value, "literal", language, datatype or "")
