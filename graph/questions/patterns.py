"""The parts of patterns, and how they match the words of a question.

`pattern_parser` says how they are written.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from graph.questions.tokens import Token


class Binding(NamedTuple):
    """The `values` that words of a question may denote for a parameter, and where those words are.

    The words of a code are those of the rule, so that its `end` is its `start`.
    """

    parameter: str
    values: tuple[str, ...]
    start: int
    end: int


Match = tuple[int, tuple[Binding, ...]]  # the position after the words matched, and the values in them


class Words(Protocol):
    """The words of a question."""

    tokens: tuple[Token, ...]

    def values(self, source: str, at: int) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """Return the values of `source` at the word `at`, each reading with the position after it."""


class Pattern(Protocol):
    """A pattern of words and values."""

    @property
    def first(self) -> frozenset[str | None]:
        """The words that a match can begin with, None standing for a value."""

    @property
    def can_be_empty(self) -> bool:
        """Whether it matches no words at all."""

    def match(self, question: Words, at: int) -> Iterator[Match]:
        """Yield each way in which the pattern matches the words from position `at` on."""


@dataclass(frozen=True)
class Word:
    """One word, without accents."""

    word: str
    can_be_empty = False

    @property
    def first(self) -> frozenset[str | None]:
        """The word."""
        return frozenset({self.word})

    def match(self, question: Words, at: int) -> Iterator[Match]:
        """Yield the position after the word, if it is there."""
        if at < len(question.tokens) and question.tokens[at].folded == self.word:
            yield at + 1, ()


@dataclass(frozen=True)
class Slot:
    """A value of `source` for a parameter."""

    parameter: str
    source: str
    can_be_empty = False

    @property
    def first(self) -> frozenset[str | None]:
        """None, for a value."""
        return frozenset({None})

    def match(self, question: Words, at: int) -> Iterator[Match]:
        """Yield the values at the position."""
        for end, values in question.values(self.source, at):
            yield end, (Binding(self.parameter, values, at, end),)


@dataclass(frozen=True)
class Code:
    """Words that denote one value of a parameter."""

    parameter: str
    value: str
    words: Pattern

    @property
    def first(self) -> frozenset[str | None]:
        """The words that it can begin with."""
        return self.words.first

    @property
    def can_be_empty(self) -> bool:
        """Whether it matches no words at all."""
        return self.words.can_be_empty

    def match(self, question: Words, at: int) -> Iterator[Match]:
        """Yield the value where the words are."""
        for end, found in self.words.match(question, at):
            yield end, (*found, Binding(self.parameter, (self.value,), at, at))


class Sequence:
    """Patterns one after another."""

    def __init__(self, parts: tuple[Pattern, ...]) -> None:
        """Match each of `parts` after the one before."""
        self.parts = parts
        self.can_be_empty = all(part.can_be_empty for part in parts)
        first: set[str | None] = set()
        for part in parts:
            first |= part.first
            if not part.can_be_empty:
                break
        self.first = frozenset(first)

    def match(self, question: Words, at: int) -> Iterator[Match]:
        """Yield each way in which all parts match."""
        return self._match(question, at, 0)

    def _match(self, question: Words, at: int, number: int) -> Iterator[Match]:
        if number == len(self.parts):
            yield at, ()
            return
        for middle, found in self.parts[number].match(question, at):
            for end, more in self._match(question, middle, number + 1):
                yield end, (*found, *more)


class Choice:
    """One of several patterns, or none of them if it `can_be_empty`."""

    def __init__(self, options: tuple[Pattern, ...], *, optional: bool = False) -> None:
        """Match any of `options`."""
        self.options = options
        self.can_be_empty = optional or any(option.can_be_empty for option in options)
        self._optional = optional
        self.first = frozenset[str | None]().union(*(option.first for option in options))

    def match(self, question: Words, at: int) -> Iterator[Match]:
        """Yield each way in which one of the options matches."""
        for option in self.options:
            yield from option.match(question, at)
        if self._optional:
            yield at, ()


def parameters_of(pattern: Pattern) -> frozenset[str]:
    """Return the names of the parameters that `pattern` can bind."""
    match pattern:
        case Slot() | Code():
            return frozenset({pattern.parameter})
        case Sequence():
            parts: tuple[Pattern, ...] = pattern.parts
        case Choice():
            parts = pattern.options
        case _:
            parts = ()
    return frozenset[str]().union(*map(parameters_of, parts))
