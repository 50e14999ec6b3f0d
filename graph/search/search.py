"""Full-text search over the names, codes and words of every entity, with the match marked.

What has every word is found first of all; if nothing has, what has them in other letters or has a name that
begins so; and if there is nothing still, what has any of them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Self

from tantivy import DocAddress, Index, Occur, Query

from graph.core.errors import Unavailable
from graph.core.terms import Term, text
from graph.search.analysis import register
from graph.search.fields import FIELDS, kind_of
from graph.search.highlight import Marker, Match
from graph.search.query_parser import Clause, exactly, parse, roughly
from graph.search.writer import FOLDER

MOST: Final = 10_000  # hits that can be paged to
_KINDS: Final = {"kinds": {"terms": {"field": "kind", "size": 50}}}
_RANK: Final = {field: rank for rank, field in enumerate(FIELDS)}
How = Literal["every", "rough", "any"]
Value = tuple[str, str, str, str]  # field, property, language, value


@dataclass(frozen=True)
class Hit:
    """An entity that was found: its names, or its words if it has none, and the values that match."""

    iri: str
    kind: str
    names: tuple[Term, ...]
    matches: tuple[Match, ...]  # the best first


@dataclass(frozen=True)
class Found:
    """Some of what was found, how much there is of the kind asked for and of each kind, and how it fits."""

    hits: tuple[Hit, ...]
    total: int
    kinds: Mapping[str, int]
    how: How


class Search:
    """The text index of one immutable release."""

    def __init__(self, index: Index) -> None:
        """Read from `index`."""
        register(index)
        self.schema = index.schema
        self.searcher = index.searcher()

    @classmethod
    def beside(cls, store: Path) -> Self | None:
        """Open the index beside `store`; return None if there is none; raise Unavailable for a broken one."""
        place = store.parent / FOLDER
        if not place.is_dir():
            return None
        try:
            return cls(Index.open(str(place)))
        except ValueError as error:
            raise Unavailable(
                f"The text index cannot be read: {error}", where=str(place), remedy="run utsaga build"
            ) from error

    def find(
        self, typed: str, *, kind: str = "", newest: bool = False, limit: int = 20, offset: int = 0
    ) -> Found:
        """Return what matches `typed`, only of `kind` if given, by relevance or the newest first.

        Raise BadInput if there are no words in it, or too many.
        """
        clauses = parse(typed)
        query, kinds, how = self._first_that_finds(clauses)
        if kind:
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, self.only(kind))])
        by_fame = {} if how == "any" else {"weight_by_field": "weight"}  # else fame would make up for words
        order: dict[str, Any] = {"order_by_field": "date"} if newest else by_fame
        found = self.searcher.search(query, limit, count=False, offset=offset, **order)
        marker = Marker(clauses, begun=how == "rough")
        hits = tuple(self._hit(address, marker) for _, address in found.hits)
        return Found(hits, kinds.get(kind, 0) if kind else sum(kinds.values()), kinds, how)

    def only(self, kind: str) -> Query:
        """Return the query for what is of `kind`, which does not count in the order."""
        return Query.const_score_query(Query.term_query(self.schema, "kind", kind), 0.0)

    def read(self, address: DocAddress) -> tuple[str, list[Value]]:
        """Return the IRI and the values of what is at `address`."""
        document = self.searcher.doc(address)
        values = json.loads(bytes(document["values"][0]))
        return str(document["iri"][0]), [(str(a), str(b), str(c), str(d)) for a, b, c, d in values]

    def _first_that_finds(self, clauses: tuple[Clause, ...]) -> tuple[Query, dict[str, int], How]:
        attempts: tuple[tuple[How, Query], ...] = (
            ("every", exactly(self.schema, clauses)),
            ("rough", roughly(self.schema, clauses, Occur.Must)),
            ("any", roughly(self.schema, clauses, Occur.Should)),
        )
        for how, query in attempts:
            if kinds := self._count(query):
                return query, kinds, how
        return attempts[0][1], {}, "every"

    def _count(self, query: Query) -> dict[str, int]:
        buckets = self.searcher.aggregate(query, _KINDS)["kinds"]["buckets"]
        return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}

    def _hit(self, address: DocAddress, marker: Marker) -> Hit:
        name, values = self.read(address)
        matches = [match for match in (marker.match(*value) for value in values) if match.words]
        matches.sort(key=lambda match: (-match.words, _RANK[match.field], match.language))
        return Hit(name, kind_of(name), names_of(values), tuple(matches))


def names_of(values: list[Value]) -> tuple[Term, ...]:
    """Return the labels among `values`; of what has none, its other names or else its words."""
    for field in FIELDS:
        if found := tuple(text(value, language) for each, _, language, value in values if each == field):
            return found
    return ()
