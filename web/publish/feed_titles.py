"""Titles of a feed's entries: who says it, unless the words say so, and the beginning of the words."""

import re
from collections.abc import Sequence
from typing import Final

from graph.core.extensions import extension

MAX_LENGTH: Final = 100  # characters
_GENERAL: Final = frozenset(("i", "och", "the", "of", "and", "for")) | extension("general_words", frozenset())
_WORD: Final = re.compile(r"\w+")


def entry_title(text: str, names: Sequence[str]) -> str:
    """Return the beginning of `text`, after the first of `names` unless the text has it already.

    “Skatteverket: Skatteverket säger …” says it twice.
    """
    short = shorten(text)
    return short if not names or _says(short, names[0]) else f"{names[0]}: {short}"


def shorten(title: str) -> str:
    """Return `title`, if it is longer than `MAX_LENGTH` only the whole words that fit, with an ellipsis."""
    if len(title) <= MAX_LENGTH:
        return title
    start = title[:MAX_LENGTH]
    return (start.rpartition(" ")[0].rstrip(" ·,;:") or start[:-1]) + "…"


def _says(text: str, name: str) -> bool:
    """Return whether `text` has a word of its own that `name` is known by, in whatever case."""
    words = {_stem(each) for each in _WORD.findall(text.casefold())}
    own = [_stem(each) for each in _WORD.findall(name.casefold()) if each not in _GENERAL]
    return bool(own) and all(each in words for each in own)


def _stem(word: str) -> str:
    return word.removesuffix("s") if len(word) > 3 else word
