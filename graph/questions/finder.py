"""The stored query that a question in words asks, with its parameters, if one rule explains every word."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Self

from graph.query.stored import StoredQuery
from graph.questions.dates import read_dates
from graph.questions.grammar import KINDS, WHEN, Grammar, Rule, code_lists, load_grammar
from graph.questions.names import NameTable
from graph.questions.patterns import Binding
from graph.questions.tokens import MAX_LENGTH, Token, tokenise
from graph.questions.typos import TypoCorrector
from graph.questions.vocabulary import read_names
from graph.read.entities import Entities

_SEARCH_SYNTAX: Final = re.compile(r"[\"“”]|(?:^|\s)-\w")  # phrases and excluded words are for the search
_MAX_WORDS: Final = 30
_MIN_WORDS: Final = 3  # of what looks like a question without a question mark
_ARTICLES: Final = {"the"}
Reading = tuple[str, tuple[Binding, ...]]  # the name of a query, and the values sorted by parameter


@dataclass(frozen=True)
class AskedQuery:
    """A stored query that a question asks: its name, and the values of its parameters."""

    query: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class AmbiguousName:
    """What keeps a question from its answer: the `name` in it may be any of the entities `candidates`."""

    name: str
    candidates: tuple[str, ...]


class QuestionWords:
    """The words of a question, and the values that they denote."""

    def __init__(self, tokens: tuple[Token, ...], names: NameTable) -> None:
        """Look the words up in `names`."""
        self.tokens = tokens
        self._names = names
        self._found: dict[tuple[str, int], tuple[tuple[int, tuple[str, ...]], ...]] = {}

    def values(self, source: str, at: int) -> tuple[tuple[int, tuple[str, ...]], ...]:
        """Return the values of `source` at the word `at`, each reading with the position after it."""
        key = source, at
        if key not in self._found:
            self._found[key] = tuple(self._read(source, at))
        return self._found[key]

    def _read(self, source: str, at: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        if source == WHEN:
            for end, date in read_dates(self.tokens, at):
                yield end, (date,)
            return
        kinds = KINDS.get(source, (source,))
        found = self._names.find(kinds, self.tokens, at)
        if not found and at < len(self.tokens) and self.tokens[at].folded in _ARTICLES:
            found = self._names.find(kinds, self.tokens, at + 1)
        if found:
            yield found


class QuestionFinder:
    """The rules together with the names of a graph."""

    def __init__(self, grammar: Grammar, names: NameTable) -> None:
        """Read questions by `grammar`, with entities and codes called as in `names`."""
        self._grammar = grammar
        self._names = names
        self._typos = TypoCorrector(grammar.words, names.words())

    @classmethod
    def of(cls, entities: Entities, queries: Mapping[str, StoredQuery]) -> Self:
        """Return the finder of `queries` for questions about `entities`; raise BadInput for a faulty rule."""
        grammar = load_grammar(queries)
        return cls(grammar, NameTable(read_names(entities, grammar.everyday_names, code_lists())))

    def looks_like_question(self, text: str) -> bool:
        """Return whether `text` is put as a question, whether or not it has an answer."""
        words = tokenise(text)
        opens = len(words) >= _MIN_WORDS and words[0].folded in self._grammar.opening
        return opens or (text.rstrip().endswith("?") and len(words) > 1)

    def find(self, text: str) -> AskedQuery | AmbiguousName | None:
        """Return the query that `text` asks, or the one name that is ambiguous in it, or None.

        None means that no rule explains all its words, or that several do so differently.
        """
        if len(text) > MAX_LENGTH or _SEARCH_SYNTAX.search(text):
            return None
        tokens = tokenise(text)
        if not 1 < len(tokens) <= _MAX_WORDS:
            return None
        readings = self._read(tokens)
        if not readings and (corrected := self._typos.correct(tokens)) != tokens:
            readings = self._read(corrected)
        if len(readings) != 1:
            return None
        ((query, bindings),) = readings
        for binding in bindings:
            if len(binding.values) > 1:
                name = " ".join(token.exact for token in tokens[binding.start : binding.end])
                return AmbiguousName(name, binding.values)
        return AskedQuery(query, {each.parameter: each.values[0] for each in bindings})

    def _read(self, tokens: tuple[Token, ...]) -> set[Reading]:
        """Return the ways to explain all of `tokens`, only the most specific ones."""
        return _most_specific(set(self._readings(QuestionWords(tokens, self._names))))

    def _readings(self, question: QuestionWords) -> Iterator[Reading]:
        """Yield each way to explain all words: the query, and the values sorted by parameter."""
        starts = {0, *(end for end, _ in self._grammar.before.match(question, 0))}
        for start in starts:
            if start >= len(question.tokens):
                continue
            for rule in self._grammar.beginning_with(question.tokens[start].folded):
                for end, bindings in rule.pattern.match(question, start):
                    if self._is_end(question, end) and (whole := _merge(rule, bindings)) is not None:
                        yield rule.query, whole

    def _is_end(self, question: QuestionWords, at: int) -> bool:
        length = len(question.tokens)
        return at == length or any(end == length for end, _ in self._grammar.after.match(question, at))


def _most_specific(readings: set[Reading]) -> set[Reading]:
    """Return those of `readings` whose rules know most of the words themselves: “the end” is no product."""
    named = {reading: sum(each.end - each.start for each in reading[1]) for reading in readings}
    return {reading for reading, count in named.items() if count == min(named.values())}


def _merge(rule: Rule, bindings: tuple[Binding, ...]) -> tuple[Binding, ...] | None:
    """Return the values of the rule and of the words, or None if one parameter has two."""
    fixed = tuple(Binding(name, (value,), 0, 0) for name, value in rule.fixed)
    whole = tuple(sorted((*fixed, *bindings)))
    return whole if len({each.parameter for each in whole}) == len(whole) else None
