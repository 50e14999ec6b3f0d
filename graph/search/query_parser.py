"""What somebody has typed into the search box, as a query of the text index.

Words, “phrases” and -words that must not be there; nothing else means anything, so nothing can be malformed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tantivy import Occur, Query, Schema

from graph.core.errors import BadInput
from graph.search.analysis import LANGUAGES, LETTERS, PLAIN, WORD, fold, is_longer, squeeze, strict, tokens

LONGEST: Final = 400  # characters
MOST_CLAUSES: Final = 20
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„«»″", '"'))
_CLAUSE: Final = re.compile(r'(-)?(?:"([^"]*)"?|([^\s"]+))')
_NAME, _TEXT, _CODE, _BEGUN = 3.0, 1.0, 8.0, 0.5  # how much each kind of match counts
_TIE: Final = 0.1  # how much the other fields count beside the one that fits best


@dataclass(frozen=True)
class Clause:
    """A word or a phrase, folded and as it was typed, and whether it must not be there."""

    text: str
    exact: str
    excluded: bool


def parse(typed: str) -> tuple[Clause, ...]:
    """Return the clauses of what was typed; raise BadInput if there are none, or more than are read."""
    if is_longer(typed, LONGEST):
        raise BadInput(
            f"That is more than {LONGEST} characters",
            where="q",
            rule=f"at most {LONGEST} characters",
            remedy="search for fewer words",
        )
    clauses = []
    for minus, phrase, word in _CLAUSE.findall(typed.translate(_QUOTES)):
        text = phrase or word
        if WORD.search(text):
            clauses.append(Clause(fold(text), strict(text), bool(minus)))
    if not 1 <= len(clauses) <= MOST_CLAUSES:
        raise BadInput(
            f"There are {len(clauses) or 'no'} words in that",
            where="q",
            rule=f"1 to {MOST_CLAUSES} words",
            remedy="write some words, a name or a number",
        )
    return tuple(clauses)


def exactly(schema: Schema, clauses: Iterable[Clause]) -> Query:
    """Return the query for what has every clause, with å, ä and ö as they were typed."""
    wanted = []
    for clause in clauses:
        if not clause.excluded:
            wanted.append((Occur.Must, _clause(schema, clause.text)))
            wanted.extend((Occur.Must, each) for each in _letters(schema, clause))
    return _without(schema, wanted, clauses)


def roughly(schema: Schema, clauses: Iterable[Clause], occur: Occur) -> Query:
    """Return the query for what has every clause or any, in whatever letters, or a name begun with it."""
    wanted = [
        (occur, Query.disjunction_max_query([_clause(schema, clause.text), *_begun(schema, clause)], _TIE))
        for clause in clauses
        if not clause.excluded
    ]
    return _without(schema, wanted, clauses)


def _without(schema: Schema, wanted: list[tuple[Occur, Query]], clauses: Iterable[Clause]) -> Query:
    unwanted = [_clause(schema, clause.text) for clause in clauses if clause.excluded]
    found = Query.boolean_query(wanted) if wanted else Query.all_query()
    parts = [(Occur.Must, found), *((Occur.MustNot, each) for each in unwanted)]
    return Query.boolean_query(parts)


def _clause(schema: Schema, text: str) -> Query:
    """Return the query for a word or phrase in any of the fields; it counts where it fits best."""
    places = [Query.boost_query(Query.term_query(schema, "code", squeeze(text)), _CODE)]
    for language in (*LANGUAGES, PLAIN):
        found = list(tokens(text, language))
        for group, boost in (("name", _NAME), ("text", _TEXT)):
            if found:
                places.append(Query.boost_query(_terms(schema, f"{group}_{language}", found), boost))
    return Query.disjunction_max_query(places, _TIE)


def _terms(schema: Schema, field: str, found: list[str]) -> Query:
    """Return the query for these words beside each other; the engine has no phrases of one word."""
    if len(found) == 1:
        return Query.term_query(schema, field, found[0])
    return Query.phrase_query(schema, field, [*found])


def _letters(schema: Schema, clause: Clause) -> list[Query]:
    """Return what the words of `clause` that have an å, ä or ö must fit as well."""
    words = [word for word in WORD.findall(clause.exact) if LETTERS.search(word)]
    return [
        Query.const_score_query(
            Query.boolean_query(
                [
                    (Occur.Should, Query.term_query(schema, f"letters_{language}", token))
                    for language in (*LANGUAGES, PLAIN)
                    for token in tokens(word, language)
                ]
            ),
            0.0,
        )
        for word in words
    ]


def _begun(schema: Schema, clause: Clause) -> list[Query]:
    begun = " ".join(tokens(clause.text, PLAIN))
    return [
        Query.const_score_query(Query.term_query(schema, field, begun), _BEGUN)
        for field in ("start", "inner")
        if len(begun) > 1
    ]
