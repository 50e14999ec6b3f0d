"""The Swedish word list for Hunspell, as far as it says which words may begin or end a compound.

Its flags are described in its file of affixes: words with X, U and Y may begin, be inside and end one. A
suffix rule with X or U makes the form of a word that begins one, such as “skol” of “skola”.
https://github.com/yeager/hunspell-sv (LGPL 3; read at build only), https://linux.die.net/man/5/hunspell
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, files
from typing import Final

from graph.core.errors import Unavailable
from graph.search.analysis import analyse, fold_accents

_PACKAGE: Final = "hunspell-sv"
_NAME: Final = "sv_SE"
_BEGINS, _ENDS, _EXCLUDED = (
    frozenset("XU"),
    "Y",
    frozenset("%!"),
)  # forbidden words, and those never suggested
_EMPTY: Final = "0"  # stands for no letters in a rule
_RULE_LENGTH: Final = 5  # fields of a rule; the head of a table of rules has four


@dataclass(frozen=True)
class SwedishDictionary:
    """The words that take part in compounds.

    `heads` has each form that begins one, with the word that it is a form of; `unmarked` are nouns of which
    the dictionary does not say how they begin one. `tails` end compounds, and `tail_stems` are their stems.
    `names` are proper names, in lower case, which are no compounds.
    """

    heads: dict[str, str]
    unmarked: frozenset[str]
    tails: frozenset[str]
    tail_stems: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True)
class _Rule:
    strip: str
    add: str
    condition: re.Pattern[str]

    def apply(self, word: str) -> str:
        """Return the form of `word` that begins a compound, or "" if the rule is not for it."""
        if not (word.endswith(self.strip) and self.condition.search(word)):
            return ""
        return word.removesuffix(self.strip) + self.add


@lru_cache(1)
def load_dictionary() -> SwedishDictionary:
    """Return the installed dictionary, of some 30 MB; raise Unavailable if it is missing or incomplete."""
    heads: dict[str, str] = {}
    words, names, tails, marked = set(), set(), set(), set()
    rules = _head_rules(_read(f"{_NAME}.aff"))
    for word, flags in _entries(_read(f"{_NAME}.dic")):
        if not word.islower():
            names.add(word.lower())
            continue
        words.add(word)
        for head in _heads(word, flags, rules):
            marked.add(word)
            if len(word) < len(heads.get(head, word + " ")):  # “avtals” is a form of “avtal”, not of “avtala”
                heads[head] = word
        if _ENDS in flags:
            tails.add(word)
    stems = {stem for tail in tails for stem in analyse(fold_accents(tail), "sv")}
    return SwedishDictionary(
        heads, frozenset(tails - marked), frozenset(tails), frozenset(stems), frozenset(names - words)
    )


def _heads(word: str, flags: str, rules: dict[str, list[_Rule]]) -> Iterator[str]:
    """Yield the forms of `word` that begin a compound, by its flags."""
    if not _BEGINS.isdisjoint(flags):
        yield word
    yield from filter(None, (rule.apply(word) for flag in flags for rule in rules.get(flag, ())))


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """Yield the words of letters alone that the dictionary holds, each with its flags."""
    for line in text.splitlines():
        word, _, flags = line.partition("/")
        if word.isalpha() and _EXCLUDED.isdisjoint(flags):
            yield word, flags


def _head_rules(text: str) -> dict[str, list[_Rule]]:
    """Return by flag the suffix rules that make the beginning of a compound."""
    rules: dict[str, list[_Rule]] = {}
    for fields in map(str.split, text.splitlines()):
        if len(fields) >= _RULE_LENGTH and fields[0] == "SFX":
            _, flag, strip, form, condition = fields[:_RULE_LENGTH]
            add, _, flags = form.partition("/")
            if not _BEGINS.isdisjoint(flags):
                pattern = re.compile(f"(?:{condition})$")
                rules.setdefault(flag, []).append(_Rule(strip.strip(_EMPTY), add.strip(_EMPTY), pattern))
    return rules


def _read(name: str) -> str:
    try:
        for each in files(_PACKAGE) or ():
            if each.name == name:
                return each.read_text(encoding="utf-8")
    except (PackageNotFoundError, FileNotFoundError):
        pass  # told below
    raise Unavailable(
        f"{name} of the package {_PACKAGE} is not installed",
        rule="dictionary",
        remedy="install the locked environment anew",
    )
