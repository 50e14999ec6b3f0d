"""Terms of ours in a query that do not exist, with the terms that were probably meant."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from graph.core.namespaces import CODE, ID, PREFIXES, UTS, XSD, compact_iri
from graph.core.terms import Term
from graph.query.lexer import Token
from graph.query.lint import Hint, ParsedQuery, TextEdit, closest, expand
from graph.read.entities import Ref
from graph.vocabulary.vocabulary import read_vocabulary

_MIN_LETTERS: Final = 3  # of a word that is looked for in definitions
_MOST_DEFINED: Final = 3  # terms with a word in their definitions, for it to tell which one is meant
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True)
class KnownTerm:
    """A term as it may be meant: its IRI, what it is called, and the words of its definitions."""

    iri: str
    names: tuple[str, ...]
    words: frozenset[str]


@dataclass(frozen=True)
class KnownTerms:
    """The terms of the vocabulary, and those of others that it uses, by what they are used as."""

    classes: tuple[KnownTerm, ...]
    properties: tuple[KnownTerm, ...]
    codes: tuple[KnownTerm, ...]

    def candidates(self, iri: str, role: str) -> tuple[KnownTerm, ...]:
        """Return the terms that `iri`, in the place of a `role`, may stand for."""
        if iri.startswith(CODE):
            return self.codes
        chosen = {"class": self.classes, "property": self.properties}
        return chosen.get(role, (*self.classes, *self.properties))


@cache
def known_terms() -> KnownTerms:
    """Return the terms of the vocabulary, read once."""
    found = read_vocabulary()
    foreign = (each for each in found.foreign_terms if not each.ref.iri.startswith(XSD))
    terms = (*found.classes, *found.properties, *foreign)
    return KnownTerms(
        tuple(_known(each.ref, each.definitions) for each in terms if each.is_class),
        tuple(_known(each.ref, each.definitions) for each in terms if not each.is_class),
        tuple(_known(code.ref, code.definitions) for each in found.lists for code in each.codes),
    )


def unknown_terms(query: ParsedQuery, exists: Callable[[str], bool]) -> Iterator[Hint]:
    """Yield a hint for each term of `query` in a namespace of ours that does not exist.

    Entities and codes exist in the graph, as `exists` reports for an IRI.
    """
    roles = {token.start: role for token, role in _roles(query)}
    terms = known_terms()
    vocabulary = {each.iri for each in (*terms.classes, *terms.properties)}
    told: set[str] = set()
    for token in query.tokens:
        iri = expand(token, query.prefixes)
        if iri is None or iri in told or iri in (UTS, CODE, ID) or not iri.startswith((UTS, CODE, ID)):
            continue
        if iri in vocabulary or exists(iri):
            continue
        told.add(iri)
        yield _hint(token, iri, terms.candidates(iri, roles.get(token.start, "")), query.prefixes)


def _roles(query: ParsedQuery) -> Iterator[tuple[Token, str]]:
    for triple in query.scan.triples:
        for token in triple.predicate:
            yield token, "property"
        if triple.is_type and triple.object:
            yield triple.object, "class"


def _hint(token: Token, iri: str, candidates: Iterable[KnownTerm], prefixes: Mapping[str, str]) -> Hint:
    end = token.start + len(token.text)
    values = {"name": token.text if token.kind == "NAME" else compact_iri(iri)}
    meant = None if iri.startswith(ID) else _meant(iri, tuple(candidates))
    if meant is None:
        return Hint("unknown_term", token.start, end, values)
    short = compact_iri(meant, {prefix: start for prefix, start in prefixes.items() if start})
    written = short if short != meant and "/" not in short else f"<{meant}>"
    values["meant"] = compact_iri(meant, PREFIXES)
    return Hint("unknown_term_meant", token.start, end, values, TextEdit(token.start, end, written))


def _meant(iri: str, candidates: tuple[KnownTerm, ...]) -> str | None:
    """Return the candidate that is called almost like `iri`, or else is defined with its word."""
    word = re.split(r"[#/]", iri)[-1]
    names = {name.lower().replace(" ", ""): each.iri for each in reversed(candidates) for name in each.names}
    if near := closest(word.replace("-", ""), names):
        return names[near]
    stems = [each.lower() for each in _WORD.findall(re.sub(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])", " ", word))]
    scores = {each.iri: sum(_is_said(stem, each.words) for stem in stems) for each in candidates}
    top = max(scores.values(), default=0)
    best = [
        each.iri for each in sorted(candidates, key=lambda each: len(each.words)) if scores[each.iri] == top
    ]
    return best[0] if top and len(best) <= _MOST_DEFINED else None


def _is_said(stem: str, words: frozenset[str]) -> bool:
    """Return whether one of `words` begins with `stem` or is its beginning."""
    return len(stem) >= _MIN_LETTERS and any(
        len(word) >= _MIN_LETTERS and (word.startswith(stem) or stem.startswith(word)) for word in words
    )


def _known(ref: Ref, definitions: tuple[Term, ...]) -> KnownTerm:
    local = re.split(r"[#/]", ref.iri)[-1]
    words = frozenset(word.lower() for each in definitions for word in _WORD.findall(each.value))
    return KnownTerm(ref.iri, (local.replace("-", ""), *(label.value for label in ref.labels)), words)
