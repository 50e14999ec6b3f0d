"""Full-text search over the names, codes and texts of entities, with highlighted matches.

Results have every word of the search. If there are none, words may differ in accents or begin a name; if
there are still none, results have any of the words.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, Self

from tantivy import DocAddress, Index, Occur, Query

from graph.core.errors import Unavailable
from graph.core.terms import Term, text
from graph.search.analysis import register_analysers
from graph.search.fields import FIELDS, StoredValue, search_kind
from graph.search.highlight import FieldMatch, Highlighter
from graph.search.query_parser import SearchClause, exact_query, loose_query, parse_search
from graph.search.writer import INDEX_FOLDER

MAX_HITS: Final = 10_000  # that can be paged to
_KIND_AGGREGATION: Final = {"kinds": {"terms": {"field": "kind", "size": 50}}}
_FIELD_RANK: Final = {field: rank for rank, field in enumerate(FIELDS)}
MatchMode = Literal["every", "rough", "any"]


@dataclass(frozen=True)
class SearchHit:
    """An entity that was found, with its labels or else other names or texts, and the matching values."""

    iri: str
    kind: str
    names: tuple[Term, ...]
    matches: tuple[FieldMatch, ...]  # the best first


@dataclass(frozen=True)
class SearchResults:
    """A page of hits, their total number and number by kind, and the mode of the match."""

    hits: tuple[SearchHit, ...]
    total: int
    kinds: Mapping[str, int]
    mode: MatchMode


class TextIndex:
    """The text index of one immutable release."""

    def __init__(self, index: Index) -> None:
        """Read from `index`."""
        register_analysers(index)
        self.schema = index.schema
        self.searcher = index.searcher()

    @classmethod
    def open_beside(cls, store: Path) -> Self | None:
        """Open the index beside `store`; return None if there is none; raise Unavailable if it is broken."""
        place = store.parent / INDEX_FOLDER
        if not place.is_dir():
            return None
        try:
            return cls(Index.open(str(place)))
        except ValueError as error:
            raise Unavailable(
                f"The text index cannot be read: {error}", where=str(place), remedy="run utsaga build"
            ) from error

    def search(
        self, typed: str, *, kind: str = "", newest: bool = False, limit: int = 20, offset: int = 0
    ) -> SearchResults:
        """Return the entities that match `typed`, only of `kind` if given, by relevance or newest first.

        Raise BadInput if `typed` has no words, or too many.
        """
        clauses = parse_search(typed)
        query, kinds, mode = self._first_query_with_hits(clauses)
        if kind:
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, self.kind_filter(kind))])
        weighted = {} if mode == "any" else {"weight_by_field": "weight"}  # else weight would outdo words
        order: dict[str, Any] = {"order_by_field": "date"} if newest else weighted
        page = self.searcher.search(query, limit, count=False, offset=offset, **order)
        marker = Highlighter(clauses, match_prefixes=mode == "rough")
        hits = tuple(self._hit(address, marker) for _, address in page.hits)
        return SearchResults(hits, kinds.get(kind, 0) if kind else sum(kinds.values()), kinds, mode)

    def kind_filter(self, kind: str) -> Query:
        """Return the query for entities of `kind`, which does not change scores."""
        return Query.const_score_query(Query.term_query(self.schema, "kind", kind), 0.0)

    def read_document(self, address: DocAddress) -> tuple[str, list[StoredValue]]:
        """Return the IRI and the stored values of the document at `address`."""
        document = self.searcher.doc(address)
        values = json.loads(bytes(document["values"][0]))
        return str(document["iri"][0]), [(str(a), str(b), str(c), str(d)) for a, b, c, d in values]

    def _first_query_with_hits(
        self, clauses: tuple[SearchClause, ...]
    ) -> tuple[Query, dict[str, int], MatchMode]:
        attempts: tuple[tuple[MatchMode, Query], ...] = (
            ("every", exact_query(self.schema, clauses)),
            ("rough", loose_query(self.schema, clauses, Occur.Must)),
            ("any", loose_query(self.schema, clauses, Occur.Should)),
        )
        for mode, query in attempts:
            if kinds := self._count_kinds(query):
                return query, kinds, mode
        return attempts[0][1], {}, "every"

    def _count_kinds(self, query: Query) -> dict[str, int]:
        buckets = self.searcher.aggregate(query, _KIND_AGGREGATION)["kinds"]["buckets"]
        return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}

    def _hit(self, address: DocAddress, marker: Highlighter) -> SearchHit:
        name, values = self.read_document(address)
        matches = [match for match in (marker.match(*value) for value in values) if match.word_count]
        matches.sort(key=lambda match: (-match.word_count, _FIELD_RANK[match.field], match.language))
        return SearchHit(name, search_kind(name), names_of(values), tuple(matches))


def names_of(values: list[StoredValue]) -> tuple[Term, ...]:
    """Return the labels among `values`, else its other names, codes or texts."""
    for field in FIELDS:
        if found := tuple(text(value, language) for each, _, language, value in values if each == field):
            return found
    return ()
