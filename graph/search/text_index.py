"""Full-text search over the names, codes and texts of entities, with highlighted matches.

Results have every word of the search, but for question words and the like. If there are none, words may
differ in accents or begin a name. If there are still none, misspelt words are corrected. At last, results
have any of the words.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal, Self

from tantivy import DocAddress, Index, Occur, Query

from graph.core.errors import Unavailable
from graph.core.terms import Term, text
from graph.search.analysis import register_analysers
from graph.search.compounds import read_compounds
from graph.search.documents import StoredDocument, read_document
from graph.search.fields import FIELDS, StoredValue
from graph.search.highlight import FieldMatch, Highlighter
from graph.search.index_folder import open_folder
from graph.search.query_parser import (
    SearchClause,
    exact_query,
    loose_query,
    parse_search,
    without_stop_words,
)
from graph.search.spelling import SpellingCorrector
from graph.search.writer import INDEX_FOLDER

MAX_HITS: Final = 10_000  # that can be paged to
_KIND_AGGREGATION: Final = {"kinds": {"terms": {"field": "kind", "size": 50}}}
_FIELD_RANK: Final = {field: rank for rank, field in enumerate(FIELDS)}
_NAMED_SCORE: Final = 1e6  # of the entity that a search names, more than any other
_Kinds = dict[str, int]
MatchMode = Literal["every", "rough", "spelling", "any"]


@dataclass(frozen=True)
class SearchHit:
    """An entity that was found, with its labels or else other names or texts, and the matching values."""

    iri: str
    kind: str
    names: tuple[Term, ...]
    matches: tuple[FieldMatch, ...]  # the best first


@dataclass(frozen=True)
class SearchResults:
    """A page of hits, their total number and number by kind, and the mode of the match.

    `suggestion` is the search that was probably meant, if words were corrected: the hits are for that.
    """

    hits: tuple[SearchHit, ...]
    total: int
    kinds: Mapping[str, int]
    mode: MatchMode
    suggestion: str = ""


@dataclass(frozen=True)
class _Match:
    """The query that was run for a search, its number of hits by kind, and how it was made."""

    query: Query
    kinds: _Kinds
    mode: MatchMode
    clauses: tuple[SearchClause, ...]
    suggestion: str = ""


class TextIndex:
    """The text index of one immutable release."""

    _links: "TemporaryDirectory[str] | None" = None  # that the index is read through, if it is

    def __init__(self, index: Index, compounds: Mapping[str, tuple[str, ...]] | None = None) -> None:
        """Read from `index`; `compounds` are the parts of the compounds in it."""
        register_analysers(index)
        self.schema = index.schema
        self.searcher = index.searcher()
        self._compounds = compounds or {}
        self._spelling = SpellingCorrector(self.schema, self.searcher)

    @classmethod
    def open_beside(cls, store: Path) -> Self | None:
        """Open the index beside `store`; return None if there is none; raise Unavailable if it is broken."""
        place = store.parent / INDEX_FOLDER
        if not place.is_dir():
            return None
        try:
            index, links = open_folder(place)
            found = cls(index, read_compounds(place))
        except (ValueError, OSError) as error:
            raise Unavailable(
                f"The text index cannot be read: {error}", where=str(place), remedy="run utsaga build"
            ) from error
        found._links = links
        return found

    def search(  # noqa: PLR0913 (what a page of results is asked for by)
        self,
        typed: str,
        *,
        kind: str = "",
        newest: bool = False,
        limit: int = 20,
        offset: int = 0,
        named: str = "",
    ) -> SearchResults:
        """Return the entities that match `typed`, only of `kind` if given, by relevance or newest first.

        The entity with the IRI `named`, which `typed` is a name of, comes first. Raise BadInput if `typed`
        has no words, or too many.
        """
        match = self._match(parse_search(typed), named)
        query = match.query
        if kind:
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, self.kind_filter(kind))])
        weighted = (
            {} if match.mode == "any" else {"weight_by_field": "weight"}
        )  # else weight would outdo words
        order: dict[str, Any] = {"order_by_field": "date"} if newest else weighted
        page = self.searcher.search(query, limit, count=False, offset=offset, **order)
        marker = Highlighter(
            match.clauses, self._compounds, match_prefixes=match.mode in {"rough", "spelling"}
        )
        hits = tuple(self._hit(address, marker) for _, address in page.hits)
        total = match.kinds.get(kind, 0) if kind else sum(match.kinds.values())
        return SearchResults(hits, total, match.kinds, match.mode, match.suggestion)

    def first_document(self) -> str:
        """Return the IRI of any entity in the index, read from its files, or "" if it is empty."""
        hits = self.searcher.search(Query.all_query(), 1).hits
        return self.read_document(hits[0][1])[0] if hits else ""

    def kind_filter(self, kind: str) -> Query:
        """Return the query for entities of `kind`, which does not change scores."""
        return Query.const_score_query(Query.term_query(self.schema, "kind", kind), 0.0)

    def read_document(self, address: DocAddress) -> StoredDocument:
        """Return the document at `address`."""
        return read_document(self.searcher, address)

    def _match(self, clauses: tuple[SearchClause, ...], named: str) -> _Match:
        """Return the strictest query for `clauses` that has hits, or the last one."""
        if found := self._strict_match(clauses, named):
            return found
        suggestion = self._spelling.correct(clauses)
        meant = parse_search(suggestion) if suggestion else clauses
        if suggestion and (found := self._strict_match(meant, named)):
            return replace(found, mode="spelling", suggestion=suggestion)
        words = without_stop_words(meant)
        query = self._with_named(loose_query(self.schema, words, Occur.Should), named)
        kinds = self._count_kinds(query)
        return _Match(query, kinds, "any" if kinds else "every", words, suggestion if kinds else "")

    def _strict_match(self, clauses: tuple[SearchClause, ...], named: str) -> _Match | None:
        """Return the query for all of `clauses`, for all but stop words, or for prefixes, if it has hits."""
        words = without_stop_words(clauses)
        attempts: list[tuple[MatchMode, tuple[SearchClause, ...], Query]] = [
            ("every", clauses, exact_query(self.schema, clauses)),
            ("every", words, exact_query(self.schema, words)),
            ("rough", words, loose_query(self.schema, words, Occur.Must)),
        ]
        for mode, meant, query in attempts:
            whole = self._with_named(query, named)
            if kinds := self._count_kinds(whole):
                return _Match(whole, kinds, mode, meant)
        return None

    def _with_named(self, query: Query, named: str) -> Query:
        """Return `query`, or the entity with the IRI `named`, which scores the most."""
        if not named:
            return query
        entity = Query.const_score_query(Query.term_query(self.schema, "iri", named), _NAMED_SCORE)
        return Query.boolean_query([(Occur.Should, query), (Occur.Should, entity)])

    def _count_kinds(self, query: Query) -> _Kinds:
        buckets = self.searcher.aggregate(query, _KIND_AGGREGATION)["kinds"]["buckets"]
        return {str(bucket["key"]): int(bucket["doc_count"]) for bucket in buckets}

    def _hit(self, address: DocAddress, marker: Highlighter) -> SearchHit:
        name, kind, values = self.read_document(address)
        matches = [match for match in (marker.match(*value) for value in values) if match.word_count]
        matches.sort(key=lambda match: (-match.word_count, _FIELD_RANK[match.field], match.language))
        return SearchHit(name, kind, names_of(values), tuple(matches))


def names_of(values: list[StoredValue]) -> tuple[Term, ...]:
    """Return the labels among `values`, else its other names, codes or texts."""
    for field in FIELDS:
        if found := tuple(text(value, language) for each, _, language, value in values if each == field):
            return found
    return ()
