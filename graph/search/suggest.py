"""Suggestions for a name or code that is being typed, the most linked entities first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import OSA
from tantivy import Occur, Order, Query

from graph.core.terms import Term
from graph.search.analysis import (
    MAX_PREFIX_LENGTH,
    UNSTEMMED,
    WORD,
    fold_accents,
    fold_foreign_accents,
    normalise_code,
    prefix_forms,
    truncate,
)
from graph.search.documents import StoredDocument
from graph.search.text_index import TextIndex, names_of

MAX_SUGGESTIONS: Final = 50  # suggestions at once
MAX_LENGTH: Final = 100  # characters that are read
_MAX_WORDS: Final = 8
_MAX_MATCHES: Final = 5
_MIN_MISSPELT: Final = 5  # letters of a prefix that may be misspelt
_NAME_FIELDS: Final = ("label", "former", "also")
_OTHER_KIND: Final = "resource"  # terms of the vocabulary, which few people look for


@dataclass(frozen=True)
class Suggestion:
    """A suggested entity: its names, and those of its names and codes that have the prefix."""

    iri: str
    kind: str
    names: tuple[Term, ...]
    matches: tuple[tuple[str, str], ...]  # field, a key of graph.search.fields.FIELDS, and value


def suggest(index: TextIndex, prefix: str, *, kind: str = "", limit: int = 10) -> tuple[Suggestion, ...]:
    """Return at most `limit` entities, only of `kind` if given, with a name or code beginning with `prefix`.

    Names with the prefix come before names with words that have it, and of one kind
    those with a present name before those with a former one. Accents of å, ä and ö are ignored only if
    no name has them. If no name has the prefix, those are suggested that have it but for one edit.
    """
    typed = " ".join(WORD.findall(fold_foreign_accents(truncate(prefix, MAX_LENGTH)).lower()))
    for normalised in dict.fromkeys((typed, fold_accents(typed))):
        if normalised and (found := _suggestions(index, normalised, kind, limit)):
            return found
    return _misspelt_suggestions(index, fold_accents(typed), kind, limit)


def _misspelt_suggestions(index: TextIndex, prefix: str, kind: str, limit: int) -> tuple[Suggestion, ...]:
    """Return the entities with a name that begins with the one word `prefix`, but for one edit."""
    if " " in prefix or not _MIN_MISSPELT <= len(prefix) <= MAX_PREFIX_LENGTH or not prefix.isalpha():
        return ()
    query = Query.fuzzy_term_query(index.schema, f"name_{UNSTEMMED}", prefix, 1, prefix=True)
    return tuple(
        Suggestion(name, own, names_of(values), ())
        for name, own, values in _most_linked(index, query, kind, limit)
        if own != _OTHER_KIND
        and any(_begins_almost_with(value, prefix) for field, _, _, value in values if field in _NAME_FIELDS)
    )


def _begins_almost_with(name: str, prefix: str) -> bool:
    """Return whether the folded `name` begins with `prefix`, with at most one letter more, less or other."""
    whole = fold_accents(name).lower()
    lengths = range(len(prefix) - 1, len(prefix) + 2)
    return any(OSA.distance(whole[:length], prefix, score_cutoff=1) <= 1 for length in lengths)


def _suggestions(index: TextIndex, prefix: str, kind: str, limit: int) -> tuple[Suggestion, ...]:
    """Return suggestions for the normalised `prefix`: of names with it, then of names with words with it."""
    found: dict[str, Suggestion] = {}
    for query, is_match in (
        (_prefix_query(index, prefix), _has_prefix),
        (_word_prefix_query(index, prefix), _has_word_prefixes),
    ):
        matched: list[Suggestion] = []
        for name, own, values in _most_linked(index, query, kind, limit) if len(found) < limit else ():
            matching = [
                (field, value) for field, _, _, value in values if field != "text" and is_match(value, prefix)
            ]
            if matching:
                matches = tuple(dict.fromkeys(matching))[:_MAX_MATCHES]
                matched.append(Suggestion(name, own, names_of(values), matches))
        for each in _present_names_first(matched):
            found.setdefault(each.iri, each)
    return tuple(found.values())[:limit]


def _present_names_first(found: list[Suggestion]) -> Iterator[Suggestion]:
    """Yield `found`, in which entities of one kind have changed places: those by a former name come last."""
    by_kind: dict[str, list[Suggestion]] = {}
    for each in sorted(found, key=lambda each: all(field == "former" for field, _ in each.matches)):
        by_kind.setdefault(each.kind, []).append(each)
    queues = {kind: iter(group) for kind, group in by_kind.items()}
    return (next(queues[each.kind]) for each in found)


def _most_linked(index: TextIndex, query: Query, kind: str, limit: int) -> Iterator[StoredDocument]:
    if kind:
        query = Query.boolean_query([(Occur.Must, query), (Occur.Must, index.kind_filter(kind))])
    hits = index.searcher.search(query, limit, count=False, order_by_field="fame", order=Order.Desc).hits
    return (index.read_document(address) for _, address in hits)


def _prefix_query(index: TextIndex, prefix: str) -> Query:
    """Return the query for names with the prefix `prefix`, and for codes with it, ignoring punctuation."""
    variants = {prefix, normalise_code(prefix)} if prefix[0].isdecimal() else {prefix}
    return _any_term([("start", variant[:MAX_PREFIX_LENGTH]) for variant in sorted(variants)], index)


def _word_prefix_query(index: TextIndex, prefix: str) -> Query:
    """Return the query for names with words that begin with each word of `prefix`."""
    words = [word[:MAX_PREFIX_LENGTH] for word in prefix.split()[:_MAX_WORDS]]
    each = [_any_term([("start", word), ("inner", word)], index) for word in words]
    return Query.boolean_query([(Occur.Must, query) for query in each])


def _any_term(terms: list[tuple[str, str]], index: TextIndex) -> Query:
    return Query.boolean_query(
        [(Occur.Should, Query.term_query(index.schema, field, value)) for field, value in terms]
    )


def _has_prefix(value: str, prefix: str) -> bool:
    """Return whether `value` begins with `prefix`, which may be longer than the prefixes in the index."""
    if prefix[0].isdecimal() and normalise_code(value).startswith(normalise_code(prefix)):
        return True
    return any(variant.startswith(prefix) for variant in prefix_forms(value))


def _has_word_prefixes(value: str, prefix: str) -> bool:
    """Return whether `value` has words that begin with each word of `prefix`."""
    return any(all(f" {word}" in f" {variant}" for word in prefix.split()) for variant in prefix_forms(value))
