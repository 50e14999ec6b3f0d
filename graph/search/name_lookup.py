"""Lookup of entities in the text index by name or code, with prefixes and misspellings of names."""

from collections.abc import Iterator
from typing import Final

from tantivy import DocAddress, Occur, Query

from graph.search.analysis import LANGUAGES, MAX_TOKEN_BYTES, UNSTEMMED, analyse
from graph.search.text_index import TextIndex

Address = DocAddress
_MAX_HITS: Final = 40
_CODE_WEIGHT, _WORD_WEIGHT, _PREFIX_WEIGHT, _FUZZY_WEIGHT = 20.0, 4.0, 1.0, 1.5
_MIN_ONE_EDIT, _MIN_TWO_EDITS = 3, 8  # letters of words that are looked up with one or two edits
_MAX_EDITS: Final = 2
_PREFIX_LENGTH: Final = 4  # letters


class NameLookup:
    """Lookup of entities in a text index; returns their addresses by descending score."""

    def __init__(self, index: TextIndex) -> None:
        """Read from the text index `index`."""
        self._index = index

    def find_by_name(
        self, code: str, folded: str, words: tuple[str, ...], kinds: tuple[str, ...]
    ) -> list[Address]:
        """Return entities of `kinds` by the words of a name, the `folded` name, or a normalised code."""
        alternatives = [(Occur.Should, query) for query in self._queries(code, folded, words)]
        return self._find(Query.boolean_query(alternatives), kinds) if alternatives else []

    def find_by_code(self, code: str, kinds: tuple[str, ...]) -> list[Address]:
        """Return entities of `kinds` with the normalised `code`; none if that is empty."""
        return self._find(Query.term_query(self._index.schema, "code", code), kinds) if code else []

    def find_by_iri(self, name: str) -> list[Address]:
        """Return the address of the IRI `name`, or nothing if it is not in the index."""
        return self._find(Query.term_query(self._index.schema, "iri", name), ())

    def _find(self, query: Query, kinds: tuple[str, ...]) -> list[Address]:
        if kinds:
            of_kinds = Query.boolean_query([(Occur.Should, self._index.kind_filter(kind)) for kind in kinds])
            query = Query.boolean_query([(Occur.Must, query), (Occur.Must, of_kinds)])
        return [address for _, address in self._index.searcher.search(query, _MAX_HITS, count=False).hits]

    def _queries(self, code: str, folded: str, words: tuple[str, ...]) -> Iterator[Query]:
        schema, const = self._index.schema, Query.const_score_query
        if code:
            yield const(Query.term_query(schema, "code", code), _CODE_WEIGHT)
        if len(folded) >= _PREFIX_LENGTH:
            yield const(Query.term_query(schema, "start", folded[:_PREFIX_LENGTH]), _PREFIX_WEIGHT)
        for word in words:
            for language in (*LANGUAGES, UNSTEMMED):
                for token in analyse(word, language)[:1]:
                    yield Query.boost_query(Query.term_query(schema, f"name_{language}", token), _WORD_WEIGHT)
            if len(word) >= _MIN_ONE_EDIT and len(word.encode()) <= MAX_TOKEN_BYTES + _MAX_EDITS:
                edits = _MAX_EDITS if len(word) >= _MIN_TWO_EDITS else 1
                fuzzy = Query.fuzzy_term_query(schema, f"name_{UNSTEMMED}", word, edits)
                yield const(fuzzy, _FUZZY_WEIGHT)
