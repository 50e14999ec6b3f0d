"""The words of a question, with and without accents."""

import re
from typing import Final, NamedTuple

from graph.search.analysis import WORD, fold_accents, fold_foreign_accents, truncate

MAX_LENGTH: Final = 200  # characters of a question; longer texts are not read
_GENITIVE_MARK: Final = re.compile(r"(?<=\w)(?:['’`´]|:(?=s\b))")  # Anna's, IMY:s


class Token(NamedTuple):
    """A word in lower case: `exact` keeps å, ä and ö, `folded` has no accents."""

    exact: str
    folded: str


def tokenise(text: str) -> tuple[Token, ...]:
    """Return the words of `text`; the apostrophe or colon of a genitive is dropped, not its s."""
    plain = _GENITIVE_MARK.sub("", fold_foreign_accents(truncate(text, MAX_LENGTH)).lower())
    return tuple(Token(word, fold_accents(word)) for word in WORD.findall(plain))


def fold_words(text: str) -> tuple[str, ...]:
    """Return the words of `text` without accents."""
    return tuple(token.folded for token in tokenise(text))
