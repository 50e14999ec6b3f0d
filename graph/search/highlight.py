"""Marks the words of a value that made a search find it, and cuts a long value down to the place."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from graph.core.terms import Term
from graph.search.analysis import LANGUAGES, PLAIN, WORD, fold, squeeze, tokens
from graph.search.query_parser import Clause

_LONGEST: Final = 240  # characters of a value that are shown
_BEFORE: Final = 60  # of them, before the first word that is marked
Parts = tuple[tuple[str, bool], ...]
Span = tuple[int, int]


@dataclass(frozen=True)
class Match:
    """A value that matches: its field, its predicate, and what is shown of it in parts, each marked or not.

    `words` is how many of the words asked for are in it.
    """

    field: str
    predicate: str
    language: str
    whole: str
    parts: Parts
    words: int

    @property
    def value(self) -> str:
        """As much of the value as is shown."""
        return "".join(text for text, _ in self.parts)

    def shows(self, name: Term) -> bool:
        """Tell whether this is the value `name`."""
        return (self.whole, self.language) == (name.value, name.language)


class Marker:
    """Knows what was asked for."""

    def __init__(self, clauses: Iterable[Clause], *, begun: bool) -> None:
        """Mark the words of `clauses`, and with `begun` also words that begin with one of them."""
        asked = [clause for clause in clauses if not clause.excluded]
        words: list[str] = [word for clause in asked for word in WORD.findall(clause.text)]
        self._codes = {squeeze(clause.text) for clause in asked}
        self._begun = {word.lower() for word in words if len(word) > 1} if begun else set()
        self._stems = {
            language: {stem: word.lower() for word in words for stem in tokens(word, language)}
            for language in (*LANGUAGES, PLAIN)
        }

    def match(self, field: str, predicate: str, language: str, value: str) -> Match:
        """Return the value of a property with its words marked."""
        given, value = value, unicodedata.normalize("NFC", value)
        if field == "code" and squeeze(value) in self._codes:
            return Match(field, predicate, language, given, ((value, True),), len(self._codes))
        spans: list[Span] = []
        found = set()
        for each in WORD.finditer(value):
            if word := self._asked(each[0], language):
                found.add(word)
                spans.append(each.span())
        return Match(field, predicate, language, given, _parts(value, _joined(value, spans)), len(found))

    def _asked(self, word: str, language: str) -> str | None:
        """Return the word asked for that `word` is a form of, or None."""
        folded, tag = fold(word), language.partition("-")[0]
        for each in (tag, PLAIN) if tag in LANGUAGES else (*LANGUAGES, PLAIN):
            asked = [self._stems[each][stem] for stem in tokens(folded, each) if stem in self._stems[each]]
            if asked:
                return asked[0]
        lower = folded.lower()
        return next((begun for begun in sorted(self._begun) if lower.startswith(begun)), None)


def _joined(value: str, spans: list[Span]) -> list[Span]:
    """Return `spans`, those made one that have nothing but a space or one sign between them."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and value[joined[-1][1] : start] in {" ", "-", ":", "/"}:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _parts(value: str, spans: list[Span]) -> Parts:
    first, last = _window(value, spans[0][0] if spans else 0)
    parts: list[tuple[str, bool]] = [("… ", False)] if first else []
    at = first
    for start, end in spans:
        if end <= last:
            parts += [(value[at:start], False), (value[start:end], True)]
            at = end
    parts += [(value[at:last], False), (" …" if last < len(value) else "", False)]
    return tuple(part for part in parts if part[0])


def _window(value: str, mark: int) -> Span:
    """Return which part of `value` is shown: whole words around the first mark."""
    if len(value) <= _LONGEST:
        return 0, len(value)
    first = 0 if mark <= _BEFORE else value.find(" ", mark - _BEFORE, mark) + 1 or mark
    last = len(value) if first + _LONGEST >= len(value) else value.rfind(" ", mark + 1, first + _LONGEST)
    return first, last if last > mark else min(len(value), first + _LONGEST)
