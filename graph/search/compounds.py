"""Splitting of Swedish compounds, so that “tjänst” finds “webbtjänster”.

A word is split where one that may begin a compound, by the flags of the Hunspell dictionary, is followed by
one that may end it. Splitting by the words of the data alone was tried too: it found a third fewer compounds,
and split “före|slagen” and “med|arbetare”. The filter of the engine for compounds cuts greedily, and knows no
linking letters. The splits are made at build and kept beside the index: searching needs no dictionary.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from graph.search.analysis import analyse, fold_accents
from graph.search.swedish_dictionary import SwedishDictionary, load_dictionary

COMPOUNDS_FILE: Final = "compounds.json"
_MIN_LENGTH: Final = 7  # letters of a word that is split
_MIN_HEAD, _MIN_TAIL = 3, 4  # letters of its parts
_SHORT_TAILS: Final = {"akt", "kod", "lag", "mål", "ord", "ort", "råd", "tal", "tid", "typ", "val"}
_SHORT_STEMS: Final = {fold_accents(tail) for tail in _SHORT_TAILS}
_LINKING: Final = "s"
_ENDINGS: Final = (
    "n",
    "ns",
    "et",
    "ets",
    "erna",
)  # of forms that the stemmer leaves as they are: skolan, namnet
# prefixes of verbs: överklaga is no kind of klaga
_PARTICLES: Final = {
    "bak",
    "efter",
    "fort",
    "fram",
    "före",
    "för",
    "genom",
    "med",
    "mellan",
    "mot",
    "åter",
    "under",
    "över",
}
# words that are also endings, by which words are derived and not compounded
_DERIVATIONAL: Final = re.compile(
    r"(?:ande|are|barhet|haltig|rade|stret|ör|skap|sikt|svar|trä[dt]|visning|ring|ning)(?:e?[nrt]|er|a|s)*"
)


class CompoundSplitter:
    """Splits words by a dictionary; `splits` are the parts of the compounds that it has met."""

    def __init__(self, load: Callable[[], SwedishDictionary] = load_dictionary) -> None:
        """Split by the dictionary that `load` returns, which is read when there is a word to split."""
        self._load = load
        self._cache: dict[str, tuple[str, ...]] = {}

    @cached_property
    def _dictionary(self) -> SwedishDictionary:
        return self._load()

    @property
    def splits(self) -> dict[str, tuple[str, ...]]:
        """The parts of each compound that has been split, by the word."""
        return {word: parts for word, parts in sorted(self._cache.items()) if parts}

    def split(self, word: str) -> tuple[str, ...]:
        """Return the parts of `word`, in lower case, and the parts of these; none if it is no compound.

        A first part without meaning by itself is returned as the word it is a form of: “affär” for “affärs”.
        """
        if word not in self._cache:
            self._cache[word] = tuple(dict.fromkeys(self._parts(word))) if len(word) >= _MIN_LENGTH else ()
        return self._cache[word]

    def _parts(self, word: str) -> Iterator[str]:
        found = self._best_split(word)
        if not found:
            return
        for part in found:
            yield part
            yield from self.split(part)

    def _best_split(self, word: str) -> tuple[str, str] | None:
        """Return the head of `word`, as a word of its own, and its tail; of several splits the likeliest."""
        if (
            not word.isalpha()
            or word in self._dictionary.names
            or word.removesuffix("s") in self._dictionary.names
        ):
            return None
        found = [
            (place, head, tail)
            for place in range(_MIN_HEAD, len(word) - _MIN_TAIL + 2)
            if (head := self._head(word[:place])) and (tail := self._tail(word[place:]))
        ]
        if not found:
            return None
        _, head, tail = max(found, key=lambda split: self._rank(word, split[0]))
        return head, tail

    def _rank(self, word: str, place: int) -> tuple[bool, int]:
        """Return the key of a split: no s after a word that needs none, then the longest head."""
        return not self._begins_without_s(word[:place]), place

    def _begins_without_s(self, form: str) -> bool:
        """Return whether `form` has an s that its word needs not: grund|skolor, not grunds|kolor."""
        bare = form.removesuffix(_LINKING)
        return bare != form and self._dictionary.heads.get(bare) == bare

    def _head(self, form: str) -> str:
        """Return the word that begins a compound as `form`, or "".

        A noun of which the dictionary does not say how begins one as it is, or with a linking s if it is a
        compound itself: moln|tjänst, dataskydds|lag.
        """
        if form in _PARTICLES:
            return ""
        if form in self._dictionary.heads:
            bare = form.removesuffix(
                _LINKING
            )  # “avtals” is made of “avtal”, also where the flags name “avtala”
            return next(
                (word for word in (form, bare) if word in self._dictionary.tails),
                self._dictionary.heads[form],
            )
        if form in self._dictionary.unmarked and not self.split(form):
            return form
        whole = form.removesuffix(_LINKING)
        return whole if whole != form and whole in self._dictionary.unmarked and self.split(whole) else ""

    def _tail(self, form: str) -> str:
        """Return `form`, or without a definite ending, if it ends compounds, or ""."""
        if _DERIVATIONAL.fullmatch(form):
            return ""
        stem = "".join(analyse(fold_accents(form), "sv"))
        if stem in self._dictionary.tail_stems and (len(stem) >= _MIN_TAIL or stem in _SHORT_STEMS):
            return form
        words = (form, *(form.removesuffix(ending) for ending in _ENDINGS if form.endswith(ending)))
        return next((word for word in words if len(word) >= _MIN_TAIL and word in self._dictionary.tails), "")


def write_compounds(place: Path, splits: Mapping[str, tuple[str, ...]]) -> None:
    """Write `splits` beside the index in the directory `place`."""
    text = json.dumps(splits, ensure_ascii=False, indent=0)
    (place / COMPOUNDS_FILE).write_text(f"{text}\n", encoding="utf-8")


def read_compounds(place: Path) -> dict[str, tuple[str, ...]]:
    """Return the splits beside the index in the directory `place`; none if it has no such file."""
    path = place / COMPOUNDS_FILE
    if not path.exists():
        return {}
    return {word: tuple(parts) for word, parts in json.loads(path.read_text(encoding="utf-8")).items()}
