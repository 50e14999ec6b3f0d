"""Suggestions for a name or code that is being typed, the most linked entities first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tantivy import Occur, Order, Query

from graph.core.terms import Term
from graph.search.analysis import (
    MAX_PREFIX_LENGTH,
    WORD,
    fold_accents,
    fold_foreign_accents,
    normalise_code,
    prefix_forms,
    truncate,
)
from graph.search.fields import StoredValue, search_kind
from graph.search.text_index import TextIndex, names_of

MAX_SUGGESTIONS: Final = 50  # suggestions at once
MAX_LENGTH: Final = 100  # characters that are read
_MAX_WORDS: Final = 8
_MAX_MATCHES: Final = 5


@dataclass(frozen=True)
class Suggestion:
    """A suggested entity: its names, and those of its names and codes that have the prefix."""

    iri: str
    kind: str
    names: tuple[Term, ...]
    matches: tuple[tuple[str, str], ...]  # field, a key of graph.search.fields.FIELDS, and value


def suggest(search: TextIndex, prefix: str, *, kind: str = "", limit: int = 10) -> tuple[Suggestion, ...]:
    """Return at most `limit` entities, only of `kind` if given, with a name or code beginning with `prefix`.

    Names with the prefix come before names with words that have it. Accents of å, ä and ö are ignored only if
    no name has them.
    """
    typed = " ".join(WORD.findall(fold_foreign_accents(truncate(prefix, MAX_LENGTH)).lower()))
    for wanted in dict.fromkeys((typed, fold_accents(typed))):
        if wanted and (found := _suggestions(search, wanted, kind, limit)):
            return found
    return ()


def _suggestions(search: TextIndex, wanted: str, kind: str, limit: int) -> tuple[Suggestion, ...]:
    found: dict[str, Suggestion] = {}
    for query, fits in (
        (_prefix_query(search, wanted), _has_prefix),
        (_word_prefix_query(search, wanted), _has_word_prefixes),
    ):
        for name, values in _best_known(search, query, kind, limit) if len(found) < limit else ():
            fitting = [
                (field, value) for field, _, _, value in values if field != "text" and fits(value, wanted)
            ]
            if fitting:
                matches = tuple(dict.fromkeys(fitting))[:_MAX_MATCHES]
                found.setdefault(name, Suggestion(name, search_kind(name), names_of(values), matches))
    return tuple(found.values())[:limit]


def _best_known(
    search: TextIndex, query: Query, kind: str, limit: int
) -> Iterator[tuple[str, list[StoredValue]]]:
    if kind:
        query = Query.boolean_query([(Occur.Must, query), (Occur.Must, search.kind_filter(kind))])
    hits = search.searcher.search(query, limit, count=False, order_by_field="fame", order=Order.Desc).hits
    return (search.read_document(address) for _, address in hits)


def _prefix_query(search: TextIndex, wanted: str) -> Query:
    """Return the query for names with the prefix `wanted`, and for codes with it, ignoring punctuation."""
    ways = {wanted, normalise_code(wanted)} if wanted[0].isdecimal() else {wanted}
    return _any_term([("start", way[:MAX_PREFIX_LENGTH]) for way in sorted(ways)], search)


def _word_prefix_query(search: TextIndex, wanted: str) -> Query:
    """Return the query for names with words that begin with each word of `wanted`."""
    words = [word[:MAX_PREFIX_LENGTH] for word in wanted.split()[:_MAX_WORDS]]
    each = [_any_term([("start", word), ("inner", word)], search) for word in words]
    return Query.boolean_query([(Occur.Must, query) for query in each])


def _any_term(terms: list[tuple[str, str]], search: TextIndex) -> Query:
    return Query.boolean_query(
        [(Occur.Should, Query.term_query(search.schema, field, value)) for field, value in terms]
    )


def _has_prefix(value: str, wanted: str) -> bool:
    """Return whether `value` begins with `wanted`, which may be longer than the prefixes in the index."""
    if wanted[0].isdecimal() and normalise_code(value).startswith(normalise_code(wanted)):
        return True
    return any(way.startswith(wanted) for way in prefix_forms(value))


def _has_word_prefixes(value: str, wanted: str) -> bool:
    """Return whether `value` has words that begin with each word of `wanted`."""
    return any(all(f" {word}" in f" {way}" for word in wanted.split()) for way in prefix_forms(value))
