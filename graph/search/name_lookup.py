"""Entities in the text index by a name or a code: exact words, the beginning of a name, slips of the pen."""

from collections.abc import Iterator
from typing import Final

from tantivy import DocAddress, Occur, Query

from graph.search.analysis import LANGUAGES, LONGEST_WORD, PLAIN, tokens
from graph.search.search import Search

Address = DocAddress
_MOST: Final = 40  # entities that are looked at
_CODE, _EXACT, _BEGUN, _ROUGH = 20.0, 4.0, 1.0, 1.5
_SHORT, _LONG = 3, 8  # letters from where on a word is looked up with one or two slips
_MOST_SLIPS: Final = 2
_BEGINNING: Final = 4  # letters that a name is looked up by, whatever follows


class NameLookup:
    """Looks up names, and returns where in the index the entities are, the likeliest first."""

    def __init__(self, search: Search) -> None:
        """Look in the index of `search`."""
        self._search = search

    def named(self, code: str, folded: str, words: tuple[str, ...], kinds: tuple[str, ...]) -> list[Address]:
        """Return those of `kinds` that a name may mean: by its `words`, `folded`, and as a squeezed code."""
        wanted = [(Occur.Should, query) for query in self._queries(code, folded, words)]
        return self._find(Query.boolean_query(wanted), kinds) if wanted else []

    def coded(self, code: str, kinds: tuple[str, ...]) -> list[Address]:
        """Return those of `kinds` that have the squeezed `code`; none if it is empty."""
        return self._find(Query.term_query(self._search.schema, "code", code), kinds) if code else []

    def get(self, name: str) -> list[Address]:
        """Return the entity with the IRI `name`, if it is in the index."""
        return self._find(Query.term_query(self._search.schema, "iri", name), ())

    def _find(self, query: Query, kinds: tuple[str, ...]) -> list[Address]:
        if kinds:
            only = Query.boolean_query([(Occur.Should, self._search.only(kind)) for kind in kinds])
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, only)])
        return [address for _, address in self._search.searcher.search(query, _MOST, count=False).hits]

    def _queries(self, code: str, folded: str, words: tuple[str, ...]) -> Iterator[Query]:
        schema, const = self._search.schema, Query.const_score_query
        if code:
            yield const(Query.term_query(schema, "code", code), _CODE)
        if len(folded) >= _BEGINNING:
            yield const(Query.term_query(schema, "start", folded[:_BEGINNING]), _BEGUN)
        for word in words:
            for language in (*LANGUAGES, PLAIN):
                for token in tokens(word, language)[:1]:
                    yield Query.boost_query(Query.term_query(schema, f"name_{language}", token), _EXACT)
            if len(word) >= _SHORT and len(word.encode()) <= LONGEST_WORD + _MOST_SLIPS:
                slips = _MOST_SLIPS if len(word) >= _LONG else 1
                rough = Query.fuzzy_term_query(schema, f"name_{PLAIN}", word, slips)
                yield const(rough, _ROUGH)
