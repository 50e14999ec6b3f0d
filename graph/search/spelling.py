"""Correction of words that are in no entity, by the names of those that are known.

A word is corrected to the word of a name with the fewest edits; of several, to that of the entity that most
links lead to. Words run together or apart, “windows11” or “share point”, are corrected to the name with the
same letters.
"""

from collections.abc import Iterator
from typing import Final

from rapidfuzz.distance import OSA
from tantivy import Order, Query, Schema, Searcher

from graph.search.analysis import LANGUAGES, UNSTEMMED, WORD, analyse, fold_accents, normalise_code
from graph.search.documents import read_document
from graph.search.query_parser import SearchClause

_NAME_FIELDS: Final = ("label", "former", "also")
_MIN_LENGTH: Final = 4  # letters of a word that is corrected
_MIN_TWO_EDITS: Final = 6  # letters of a word in which two edits are allowed
_MAX_ENTITIES: Final = 60  # whose names are compared with a word
_MAX_LENGTH: Final = 40  # letters of a word that is corrected


class SpellingCorrector:
    """Corrects searches by the names in a text index."""

    def __init__(self, schema: Schema, searcher: Searcher) -> None:
        """Read names through `searcher`."""
        self._schema = schema
        self._searcher = searcher

    def correct(self, clauses: tuple[SearchClause, ...]) -> str:
        """Return the search that `clauses` were probably meant to be, or "" if no word can be corrected."""
        is_plain = len(clauses) > 1 and not any(each.excluded for each in clauses)
        if is_plain and (name := self._joined_name(" ".join(each.text for each in clauses))):
            return name
        corrected = [self._correct_clause(each) for each in clauses]
        return " ".join(corrected) if corrected != [_typed(each) for each in clauses] else ""

    def _correct_clause(self, clause: SearchClause) -> str:
        text = _typed(clause)
        return text if clause.excluded else WORD.sub(lambda word: self._correct_word(word[0]), text)

    def _correct_word(self, word: str) -> str:
        """Return the word or name that `word` was probably meant to be, or `word` itself."""
        folded = fold_accents(word).lower()
        if not _MIN_LENGTH <= len(folded) <= _MAX_LENGTH or self._is_known(folded):
            return word
        if name := self._joined_name(folded):
            return name
        return word if any(map(str.isdigit, folded)) else self._nearest_word(folded) or word

    def _is_known(self, folded: str) -> bool:
        """Return whether `folded` is a word of any entity, or begins a name."""
        part = "".join(analyse(folded, "sv"))
        terms = [("code", folded), ("start", folded), ("name_parts", part), ("text_parts", part)]
        for language in (*LANGUAGES, UNSTEMMED):
            token = "".join(analyse(folded, language))
            terms += [(f"{group}_{language}", token) for group in ("name", "office", "text")]
        return any(self._searcher.doc_freq(field, term) for field, term in terms)

    def _joined_name(self, typed: str) -> str:
        """Return the name that is `typed` but for spaces and signs, if it differs in these, or ""."""
        joined = normalise_code(typed)
        for name in self._names(Query.term_query(self._schema, "joined", joined)):
            if normalise_code(name) == joined and fold_accents(name).lower() != fold_accents(typed).lower():
                return name
        return ""

    def _nearest_word(self, folded: str) -> str:
        """Return the word of a name with the fewest edits from `folded`, or ""; a genitive s is no edit."""
        edits = 2 if len(folded) >= _MIN_TWO_EDITS else 1
        query = Query.fuzzy_term_query(self._schema, f"name_{UNSTEMMED}", folded, edits)
        best, best_key = "", (edits, True, 0)
        for name in self._names(query):
            for word in WORD.findall(name):
                for form in (word, word.removesuffix("s")):
                    plain = fold_accents(form).lower()
                    distance = OSA.distance(folded, plain, score_cutoff=edits)
                    key = (distance, plain[:1] != folded[:1], abs(len(plain) - len(folded)))
                    if distance <= edits and (not best or key < best_key):
                        best, best_key = form, key
        return best

    def _names(self, query: Query) -> Iterator[str]:
        """Yield the names of the entities that `query` finds, those that most leads to first."""
        hits = self._searcher.search(
            query, _MAX_ENTITIES, count=False, order_by_field="fame", order=Order.Desc
        ).hits
        for _, address in hits:
            yield from (
                value
                for field, _, _, value in read_document(self._searcher, address).values
                if field in _NAME_FIELDS
            )


def _typed(clause: SearchClause) -> str:
    """Return `clause` as it is typed."""
    text = f'"{clause.exact}"' if " " in clause.exact else clause.exact
    return f"-{text}" if clause.excluded else text
