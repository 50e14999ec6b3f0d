"""The parser of patterns.

A pattern is words with `a | b` for alternatives, `(…)` for grouping and `[…]` for what may be left out;
`<name>` is a class of words, defined elsewhere; `{parameter}` is a value, of the source that has the name of
the parameter, and `{parameter:source}` one of another source. A source with a point in its name, such as
`status.done`, gives its values to the parameter before the point.
"""

import re
from collections.abc import Mapping
from typing import Final

from graph.questions.patterns import Choice, Code, Pattern, Sequence, Slot, Word
from graph.questions.tokens import fold_words

_SYNTAX: Final = re.compile(r"[][()|]|<[\w-]+>|\{[\w.:-]+\}|[^\s\][()|<>{}]+")
_CLOSING: Final = {"(": ")", "[": "]"}


class PatternParser:
    """A parser of patterns, with the classes of words and the sources that they may name.

    `known_words` are the words, without accents, of all patterns parsed so far.
    """

    def __init__(
        self, words: Mapping[str, str], codes: Mapping[str, Mapping[str, str]], sources: frozenset[str]
    ) -> None:
        """Look names up in `words`, `codes` (each value of a source with its pattern) and `sources`."""
        self._words, self._codes, self._sources = words, codes, sources
        self.known_words: set[str] = set()

    def parse(self, text: str) -> Pattern:
        """Return the pattern that `text` says; raise ValueError if it is not well-formed."""
        parts = _SYNTAX.findall(text)
        if "".join(parts) != "".join(text.split()):
            raise ValueError(f"“{text}” has a bracket or a sign that is not of a pattern")
        pattern, rest = self._choice(parts)
        if rest:
            raise ValueError(f"“{text}” has a bracket too many: {' '.join(rest)}")
        return pattern

    def _choice(self, parts: list[str]) -> tuple[Pattern, list[str]]:
        options: list[Pattern] = []
        while True:
            option, parts = self._sequence(parts)
            options.append(option)
            if not parts or parts[0] != "|":
                return (options[0] if len(options) == 1 else Choice(tuple(options))), parts
            parts = parts[1:]

    def _sequence(self, parts: list[str]) -> tuple[Pattern, list[str]]:
        found: list[Pattern] = []
        while parts and parts[0] not in ("|", ")", "]"):
            part, parts = self._part(parts)
            found.append(part)
        if not found:
            raise ValueError("an alternative is empty")
        return (found[0] if len(found) == 1 else Sequence(tuple(found))), parts

    def _part(self, parts: list[str]) -> tuple[Pattern, list[str]]:
        head, rest = parts[0], parts[1:]
        if head in _CLOSING:
            inner, rest = self._choice(rest)
            if not rest or rest[0] != _CLOSING[head]:
                raise ValueError(f"a “{head}” is not closed")
            return (inner if head == "(" else Choice((inner,), optional=True)), rest[1:]
        if head.startswith("<"):
            return self.parse(_known(self._words, head[1:-1])), rest
        if head.startswith("{"):
            return self._value(head[1:-1]), rest
        folded = fold_words(head)
        self.known_words.update(folded)
        words: tuple[Pattern, ...] = tuple(map(Word, folded))
        return (words[0] if len(words) == 1 else Sequence(words)), rest

    def _value(self, text: str) -> Pattern:
        parameter, colon, source = text.partition(":")
        source = source if colon else parameter
        parameter = parameter.partition(".")[0]
        if source in self._codes:
            codes = self._codes[source].items()
            return Choice(tuple(Code(parameter, value, self.parse(words)) for value, words in codes))
        if source not in self._sources:
            raise ValueError(f"“{source}” is no source of values")
        return Slot(parameter, source)


def _known(words: Mapping[str, str], name: str) -> str:
    if name not in words:
        raise ValueError(f"<{name}> is no class of words")
    return words[name]
