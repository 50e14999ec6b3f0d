"""Highlighting: the excerpt of a matching value with the words of the search marked."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from graph.core.terms import Term
from graph.search.analysis import LANGUAGES, UNSTEMMED, WORD, analyse, fold_accents, normalise_code
from graph.search.query_parser import SearchClause

_MAX_LENGTH: Final = 240  # characters of a value that are shown
_MAX_LEADING: Final = 60  # characters of them before the first marked word
HighlightedText = tuple[tuple[str, bool], ...]  # parts, each marked or not
_Span = tuple[int, int]


@dataclass(frozen=True)
class FieldMatch:
    """A matching value with its field, property and highlighted excerpt.

    `word_count` is the number of different words of the search in it.
    """

    field: str
    predicate: str
    language: str
    full_value: str
    parts: HighlightedText
    word_count: int

    @property
    def value(self) -> str:
        """The excerpt without marks."""
        return "".join(text for text, _ in self.parts)

    def is_for(self, name: Term) -> bool:
        """Return whether the value is the literal `name`."""
        return (self.full_value, self.language) == (name.value, name.language)


class Highlighter:
    """Marks the words of a search in values."""

    def __init__(
        self,
        clauses: Iterable[SearchClause],
        compounds: Mapping[str, tuple[str, ...]],
        *,
        match_prefixes: bool,
    ) -> None:
        """Mark the words of `clauses`, and words that have one as a part, by `compounds`.

        With `match_prefixes`, mark words that begin with one of them too.
        """
        self._compounds = compounds
        included = [clause for clause in clauses if not clause.excluded]
        words: list[str] = [word for clause in included for word in WORD.findall(clause.text)]
        self._codes = {normalise_code(clause.text) for clause in included}
        self._prefixes = {word.lower() for word in words if len(word) > 1} if match_prefixes else set()
        self._stems = {
            language: {stem: word.lower() for word in words for stem in analyse(word, language)}
            for language in (*LANGUAGES, UNSTEMMED)
        }

    def match(self, field: str, predicate: str, language: str, value: str) -> FieldMatch:
        """Return the value of the property `predicate` in `field` with the words of the search marked."""
        given, value = value, unicodedata.normalize("NFC", value)
        if field == "code" and normalise_code(value) in self._codes:
            return FieldMatch(field, predicate, language, given, ((value, True),), len(self._codes))
        spans: list[_Span] = []
        words = set()
        for each in WORD.finditer(value):
            if word := self._matching_word(each[0], language):
                words.add(word)
                spans.append(each.span())
        parts = _highlight(value, _merge_spans(value, spans))
        return FieldMatch(field, predicate, language, given, parts, len(words))

    def _matching_word(self, word: str, language: str) -> str | None:
        """Return the word of the search that `word` is a form of, or None."""
        folded, tag = fold_accents(word), language.partition("-")[0]
        for each in (tag, UNSTEMMED) if tag in LANGUAGES else (*LANGUAGES, UNSTEMMED):
            for stem in analyse(folded, each):
                if stem in self._stems[each]:
                    return self._stems[each][stem]
        for part in (
            self._compounds.get(unicodedata.normalize("NFC", word.lower()), ()) if tag in {"sv", ""} else ()
        ):
            for stem in analyse(fold_accents(part), "sv"):
                if stem in self._stems["sv"]:
                    return self._stems["sv"][stem]
        lower = folded.lower()
        return next((prefix for prefix in sorted(self._prefixes) if lower.startswith(prefix)), None)


def _merge_spans(value: str, spans: list[_Span]) -> list[_Span]:
    """Return `spans`, merged where only a space or one sign separates them."""
    joined: list[_Span] = []
    for start, end in spans:
        if joined and value[joined[-1][1] : start] in {" ", "-", ":", "/"}:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _highlight(value: str, spans: list[_Span]) -> HighlightedText:
    first, last = _excerpt(value, spans[0][0] if spans else 0)
    parts: list[tuple[str, bool]] = [("… ", False)] if first else []
    at = first
    for start, end in spans:
        if end <= last:
            parts += [(value[at:start], False), (value[start:end], True)]
            at = end
    parts += [(value[at:last], False), (" …" if last < len(value) else "", False)]
    return tuple(part for part in parts if part[0])


def _excerpt(value: str, mark: int) -> _Span:
    """Return the span of `value` to show: whole words around the offset `mark` of the first mark."""
    if len(value) <= _MAX_LENGTH:
        return 0, len(value)
    first = 0 if mark <= _MAX_LEADING else value.find(" ", mark - _MAX_LEADING, mark) + 1 or mark
    last = (
        len(value) if first + _MAX_LENGTH >= len(value) else value.rfind(" ", mark + 1, first + _MAX_LENGTH)
    )
    return first, last if last > mark else min(len(value), first + _MAX_LENGTH)
