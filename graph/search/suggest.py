"""What a name or code that is being typed may become: the best known entities first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tantivy import Occur, Order, Query

from graph.core.terms import Term
from graph.search.analysis import LONGEST_GRAM, WORD, beginnings, fold, shortened, squeeze, strict
from graph.search.fields import kind_of
from graph.search.search import Search, Value, names_of

MOST: Final = 50  # suggestions at once
LONGEST: Final = 100  # characters that are read
_MOST_WORDS: Final = 8
_MOST_MATCHES: Final = 5


@dataclass(frozen=True)
class Suggestion:
    """An entity that may be meant: its names, and those of its names and codes that begin so."""

    iri: str
    kind: str
    names: tuple[Term, ...]
    matches: tuple[tuple[str, str], ...]  # field (of graph.search.fields.FIELDS) and value


def suggest(search: Search, prefix: str, *, kind: str = "", limit: int = 10) -> tuple[Suggestion, ...]:
    """Return at most `limit` entities, only of `kind` if given, that have a name or code begun with `prefix`.

    Those whose name begins so come before those that have words that do. Å, ä and ö that are typed are meant,
    unless nothing begins with them.
    """
    typed = " ".join(WORD.findall(strict(shortened(prefix, LONGEST)).lower()))
    for wanted in dict.fromkeys((typed, fold(typed))):
        if wanted and (found := _begun(search, wanted, kind, limit)):
            return found
    return ()


def _begun(search: Search, wanted: str, kind: str, limit: int) -> tuple[Suggestion, ...]:
    found: dict[str, Suggestion] = {}
    for query, fits in ((_start(search, wanted), _starts), (_words(search, wanted), _has_words)):
        for name, values in _best_known(search, query, kind, limit) if len(found) < limit else ():
            fitting = [
                (field, value) for field, _, _, value in values if field != "text" and fits(value, wanted)
            ]
            if fitting:
                matches = tuple(dict.fromkeys(fitting))[:_MOST_MATCHES]
                found.setdefault(name, Suggestion(name, kind_of(name), names_of(values), matches))
    return tuple(found.values())[:limit]


def _best_known(search: Search, query: Query, kind: str, limit: int) -> Iterator[tuple[str, list[Value]]]:
    if kind:
        query = Query.boolean_query([(Occur.Must, query), (Occur.Must, search.only(kind))])
    hits = search.searcher.search(query, limit, count=False, order_by_field="fame", order=Order.Desc).hits
    return (search.read(address) for _, address in hits)


def _start(search: Search, wanted: str) -> Query:
    """Return the query for names that begin with `wanted`, and codes that do whatever signs are in them."""
    ways = {wanted, squeeze(wanted)} if wanted[0].isdecimal() else {wanted}
    return _any([("start", way[:LONGEST_GRAM]) for way in sorted(ways)], search)


def _words(search: Search, wanted: str) -> Query:
    """Return the query for names that have words that begin with each of those in `wanted`."""
    words = [word[:LONGEST_GRAM] for word in wanted.split()[:_MOST_WORDS]]
    each = [_any([("start", word), ("inner", word)], search) for word in words]
    return Query.boolean_query([(Occur.Must, query) for query in each])


def _any(terms: list[tuple[str, str]], search: Search) -> Query:
    return Query.boolean_query(
        [(Occur.Should, Query.term_query(search.schema, field, value)) for field, value in terms]
    )


def _starts(value: str, wanted: str) -> bool:
    """Tell whether a name begins with `wanted`, which may be longer than what the index tells apart."""
    if wanted[0].isdecimal() and squeeze(value).startswith(squeeze(wanted)):
        return True
    return any(way.startswith(wanted) for way in beginnings(value))


def _has_words(value: str, wanted: str) -> bool:
    """Tell whether a name has words that begin with each of those in `wanted`."""
    return any(all(f" {word}" in f" {way}" for word in wanted.split()) for way in beginnings(value))
