"""The literals and names to show to a reader: those in the best language of the ones that there are."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TypeVar

from graph.core.iris import term_words
from graph.core.namespaces import CODE
from graph.core.terms import Term, text
from graph.core.translations import choose
from graph.read.entities import Ref
from web.html import urls
from web.html.i18n import CONTENT_LANGUAGES, content_language, interface_language

ItemT = TypeVar("ItemT")


def best(terms: Iterable[Term], language: str) -> Term | None:
    """Return the literal among `terms` to show to a reader of `language`, or None if there are none.

    That is one in the language or a regional form of it, else one without language, else one in a language of
    the site, and whatever there is.
    """
    order = _order(language)
    return min(
        terms,
        key=lambda term: (order.get(term.language.partition("-")[0], len(order)), term.language, term),
        default=None,
    )


@cache
def _order(language: str) -> dict[str, int]:
    return {tag: rank for rank, tag in enumerate(dict.fromkeys((language, "", *CONTENT_LANGUAGES, "en")))}


def all_best(terms: Iterable[Term], language: str) -> tuple[Term, ...]:
    """Return those of `terms` to show to a reader of `language` where several may be shown together.

    Those are all without a language tag, and those in the language of the best one with a tag.
    """
    terms = tuple(terms)
    first = best([term for term in terms if term.language], language)
    return tuple(term for term in terms if not term.language or (first and term.language == first.language))


def best_values(values: Iterable[ItemT]) -> tuple[ItemT, ...]:
    """Return those of `values` to show to the reader: of the literals only those in the best language."""
    values = tuple(values)
    literals = all_best((value for value in values if isinstance(value, Term)), content_language())
    return tuple(value for value in values if not isinstance(value, Term) or value in literals)


def name(ref: Ref, language: str) -> Term:
    """Return the name to show for `ref`: the best label, the words of a term, or a short IRI."""
    return best(ref.labels, language) or text(_unnamed(ref.iri))


def _unnamed(name: str) -> str:
    """Return what to call the IRI `name`, which has no label."""
    is_term = urls.is_vocabulary_term(name) or "#" in name
    return (term_words(name) if is_term else "") or urls.short_iri(name)


def label(value: Term | Ref) -> Term:
    """Return the literal that stands for a value: itself, or the name of the entity in the reader's language.

    Codes and terms of vocabularies are named in the language of the interface, other entities in that of
    the content.
    """
    if isinstance(value, Term):
        return value
    is_interface = value.iri.startswith(CODE) or urls.is_vocabulary_term(value.iri)
    return name(value, interface_language() if is_interface else content_language())


def translation(texts: Mapping[str, str]) -> tuple[str, str]:
    """Return the language of what a stored query says of itself to the reader, and the text in it."""
    return choose(texts, interface_language(), content_language())


def plain_text(value: Term | Ref | None) -> str:
    """Return a value as text, for attributes and titles; nothing for None."""
    return label(value).value if value else ""
