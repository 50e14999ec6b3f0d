"""What is probably wrong with a query, found in its text alone, and how to mend it.

The texts are left to whoever shows them: a hint has a code, and the values for its text.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rapidfuzz.distance import OSA

from graph.core.errors import BadInput
from graph.core.namespaces import PREFIXES
from graph.query.lexer import Token, tokenize
from graph.query.triple_scanner import Scan, scan

_SHORT_NAME: Final = 4  # letters, from which on one may be wrong
_LONG_NAME: Final = 7  # letters, from which on two may be wrong


@dataclass(frozen=True)
class TextEdit:
    """The replacement of a part of a text."""

    start: int
    end: int
    text: str

    def apply(self, text: str) -> str:
        """Return `text` with the part replaced."""
        return text[: self.start] + self.text + text[self.end :]


@dataclass(frozen=True)
class Hint:
    """What is probably wrong between two offsets, and the edit that mends it, if one does."""

    code: str
    start: int
    end: int
    values: Mapping[str, str] = field(default_factory=dict)
    fix: TextEdit | None = None

    def line(self, text: str) -> int:
        """Return the number of its line in `text`, from 1."""
        return text.count("\n", 0, self.start) + 1


@dataclass(frozen=True)
class ParsedQuery:
    """The tokens of a query, the prefixes it declares, and what is found in it."""

    text: str
    tokens: tuple[Token, ...]
    prefixes: Mapping[str, str]
    scan: Scan


def parse(text: str) -> ParsedQuery | None:
    """Return the tokens of a query and what they are, or None if it has an invalid token or open bracket."""
    try:
        tokens = tokenize(text)
    except BadInput:
        return None
    return ParsedQuery(text, tuple(tokens), dict(_declarations(tokens)), scan(tokens))


def lint(query: ParsedQuery) -> list[Hint]:
    """Return what is probably wrong with `query`, in the order of the text."""
    found = [*_gaps(query), *_prefixes(query), *_variables(query)]
    return sorted(found, key=lambda hint: hint.start)


def closest(word: str, choices: Iterable[str]) -> str | None:
    """Return the one of `choices` that `word` is probably a misspelling of, or None."""
    allowed = (len(word) >= _SHORT_NAME) + (len(word) >= _LONG_NAME)
    near = ((OSA.distance(word.lower(), each.lower(), score_cutoff=allowed), each) for each in choices)
    found = [pair for pair in near if pair[0] <= allowed]
    return min(found)[1] if found else None


def expand(token: Token, prefixes: Mapping[str, str]) -> str | None:
    """Return the IRI that a token stands for, or None if it is none or its prefix is not declared."""
    if token.kind == "IRI":
        return token.text[1:-1]
    prefix, _, local = token.text.partition(":")
    return prefixes[prefix] + local.replace("\\", "") if token.kind == "NAME" and prefix in prefixes else None


def _declarations(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    for keyword, name, iri in zip(tokens, tokens[1:], tokens[2:], strict=False):
        is_declaration = keyword.kind == "WORD" and keyword.text.upper() == "PREFIX"
        if is_declaration and name.kind == "NAME" and iri.kind == "IRI":
            yield name.text.rstrip(":"), iri.text[1:-1]


def _gaps(query: ParsedQuery) -> Iterator[Hint]:
    for gap in query.scan.gaps:
        end = gap.after.start + len(gap.after.text)
        at_end = "\n" in query.text[end : gap.before.start]
        mark = {"dot": " .", "semicolon": " ;"}[gap.missing]
        code = f"missing_{gap.missing}" if at_end else f"missing_{gap.missing}_before"
        yield Hint(code, gap.after.start, end, {"name": gap.before.text}, TextEdit(end, end, mark))


def _prefixes(query: ParsedQuery) -> Iterator[Hint]:
    seen = set(query.prefixes)
    for token in query.tokens:
        prefix = token.text.partition(":")[0]
        if token.kind != "NAME" or prefix in seen:
            continue
        seen.add(prefix)
        end = token.start + len(token.text)
        if prefix in PREFIXES:
            fix = TextEdit(0, 0, f"PREFIX {prefix}: <{PREFIXES[prefix]}>\n")
            yield Hint("undeclared_prefix", token.start, end, {"name": prefix}, fix)
        elif meant := closest(prefix, (*query.prefixes, *PREFIXES)):
            fix = TextEdit(token.start, token.start + len(prefix), meant)
            yield Hint("unknown_prefix_meant", token.start, end, {"name": prefix, "meant": meant}, fix)
        else:
            yield Hint("unknown_prefix", token.start, end, {"name": prefix})


def _variables(query: ParsedQuery) -> Iterator[Hint]:
    """Yield hints of variables that nothing gives a value, and of those that occur once by mistake.

    Triples within triples are not read, and neither are the variables of a query with any.
    """
    if any(token.text == "<<" for token in query.tokens):
        return
    tokens = [token for token in query.tokens if token.kind == "VARIABLE"]
    counts = Counter(token.text[1:] for token in tokens)
    seen: set[str] = set()
    for token in tokens:
        name, end = token.text[1:], token.start + len(token.text)
        if name in seen:
            continue
        if name not in query.scan.bound:
            seen.add(name)
            meant = closest(name, sorted(query.scan.bound))
            code = "unbound_variable_meant" if meant else "unbound_variable"
        else:
            meant = _twin(name, counts) if counts[name] == 1 else None
            code = "lone_variable"
            if not meant:
                continue
        fix = TextEdit(token.start + 1, end, meant) if meant else None
        values = {"name": f"?{name}"} | ({"meant": f"?{meant}"} if meant else {})
        yield Hint(code, token.start, end, values, fix)


def _twin(name: str, counts: Counter[str]) -> str | None:
    """Return the variable that one which occurs once is a misspelling of: it occurs more often.

    Names that are numbered or lettered at their end, or of which one contains the other, are not meant.
    """
    if len(name) <= 3:
        return None
    others = [each for each, count in counts.items() if count > 1 and each[:-1] != name[:-1]]
    return closest(name, sorted(each for each in others if not _contains(each.lower(), name.lower())))


def _contains(first: str, second: str) -> bool:
    """Return whether one of two names is within the other."""
    return first in second or second in first
