"""Parser of the text typed into the search box, and the queries of the text index for it.

The syntax has words, “phrases” and -exclusions; everything else is ignored, so that no text is malformed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tantivy import Occur, Query, Schema

from graph.core.errors import BadInput
from graph.search.analysis import (
    LANGUAGES,
    SWEDISH_LETTERS,
    UNSTEMMED,
    WORD,
    analyse,
    exceeds_length,
    fold_accents,
    fold_foreign_accents,
    is_stop_word,
    normalise_code,
)

MAX_LENGTH: Final = 400  # characters
MAX_CLAUSES: Final = 20
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„«»″", '"'))
_CLAUSE_PATTERN: Final = re.compile(r'(-)?(?:"([^"]*)"?|([^\s"]+))')
_BOOSTS: Final = {"name": 3.0, "office": 2.0, "text": 1.0}  # of groups of fields
_PART_BOOSTS: Final = {"name_parts": 1.0, "text_parts": 0.3}  # of a word that is only part of a compound
_CODE_BOOST: Final = 8.0
_PREFIX_SCORE: Final = 0.5
_TIE_BREAKER: Final = 0.1  # the weight of all fields but the best matching one


@dataclass(frozen=True)
class SearchClause:
    """A word or phrase, folded and with å, ä and ö, and whether it is excluded."""

    text: str
    exact: str
    excluded: bool


def parse_search(typed: str) -> tuple[SearchClause, ...]:
    """Return the clauses of `typed`; raise BadInput if there are none, too many, or the text is too long."""
    if exceeds_length(typed, MAX_LENGTH):
        raise BadInput(
            f"That is more than {MAX_LENGTH} characters",
            where="q",
            rule=f"at most {MAX_LENGTH} characters",
            remedy="search for fewer words",
        )
    clauses = []
    for minus, phrase, word in _CLAUSE_PATTERN.findall(typed.translate(_QUOTES)):
        text = phrase or word
        if WORD.search(text):
            clauses.append(SearchClause(fold_accents(text), fold_foreign_accents(text), bool(minus)))
    if not 1 <= len(clauses) <= MAX_CLAUSES:
        raise BadInput(
            f"There are {len(clauses) or 'no'} words in that",
            where="q",
            rule=f"1 to {MAX_CLAUSES} words",
            remedy="write some words, a name or a number",
        )
    return tuple(clauses)


def without_stop_words(clauses: tuple[SearchClause, ...]) -> tuple[SearchClause, ...]:
    """Return `clauses` without words that say little by themselves, or unchanged if there is nothing else."""
    kept = tuple(each for each in clauses if each.excluded or not is_stop_word(each.exact))
    return kept if any(not each.excluded for each in kept) else clauses


def exact_query(schema: Schema, clauses: Iterable[SearchClause]) -> Query:
    """Return the query for documents with every clause, and with å, ä and ö as typed."""
    included = []
    for clause in clauses:
        if not clause.excluded:
            included.append((Occur.Must, _clause_query(schema, clause.text)))
            included.extend((Occur.Must, each) for each in _swedish_letter_queries(schema, clause))
    return _with_exclusions(schema, included, clauses)


def loose_query(schema: Schema, clauses: Iterable[SearchClause], occur: Occur) -> Query:
    """Return the query for documents with every clause or any, ignoring accents, or a name that begins so."""
    included = []
    for clause in clauses:
        if not clause.excluded:
            alternatives = [_clause_query(schema, clause.text), *_prefix_queries(schema, clause)]
            included.append((occur, Query.disjunction_max_query(alternatives, _TIE_BREAKER)))
    return _with_exclusions(schema, included, clauses)


def _with_exclusions(
    schema: Schema, included: list[tuple[Occur, Query]], clauses: Iterable[SearchClause]
) -> Query:
    excluded = [_clause_query(schema, clause.text) for clause in clauses if clause.excluded]
    query = Query.boolean_query(included) if included else Query.all_query()
    return Query.boolean_query([(Occur.Must, query), *((Occur.MustNot, each) for each in excluded)])


def _clause_query(schema: Schema, text: str) -> Query:
    """Return the query for a word or phrase in any field, scored by the best matching field."""
    fields = [Query.boost_query(Query.term_query(schema, "code", normalise_code(text)), _CODE_BOOST)]
    for language in (*LANGUAGES, UNSTEMMED):
        tokens = analyse(text, language)
        for group, boost in _BOOSTS.items() if tokens else ():
            fields.append(Query.boost_query(_phrase_query(schema, f"{group}_{language}", tokens), boost))
        for field, boost in _PART_BOOSTS.items() if language == "sv" and len(tokens) == 1 else ():
            fields.append(Query.boost_query(Query.term_query(schema, field, tokens[0]), boost))
    return Query.disjunction_max_query(fields, _TIE_BREAKER)


def _phrase_query(schema: Schema, field: str, tokens: tuple[str, ...]) -> Query:
    """Return the query for adjacent tokens; the engine has no phrases of one token."""
    if len(tokens) == 1:
        return Query.term_query(schema, field, tokens[0])
    return Query.phrase_query(schema, field, [*tokens])


def _swedish_letter_queries(schema: Schema, clause: SearchClause) -> list[Query]:
    """Return unscored queries for the words of `clause` with å, ä or ö in unfolded fields."""
    words = [word for word in WORD.findall(clause.exact) if SWEDISH_LETTERS.search(word)]
    return [
        Query.const_score_query(
            Query.boolean_query(
                [
                    (Occur.Should, Query.term_query(schema, f"letters_{language}", token))
                    for language in (*LANGUAGES, UNSTEMMED)
                    for token in analyse(word, language)
                ]
            ),
            0.0,
        )
        for word in words
    ]


def _prefix_queries(schema: Schema, clause: SearchClause) -> list[Query]:
    prefix = " ".join(analyse(clause.text, UNSTEMMED))
    return [
        Query.const_score_query(Query.term_query(schema, field, prefix), _PREFIX_SCORE)
        for field in ("start", "inner")
        if len(prefix) > 1
    ]
