"""Parser of names of bodies: their own words, and the types of body that the other words denote."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from graph.matching.body_names import BodyType, body_names
from graph.search.analysis import WORD, fold_accents, fold_foreign_accents, truncate

MAX_NAME_LENGTH: Final = 300  # characters; the rest of a name is ignored
_LEGAL_FORMS: Final = {
    "ab",
    "publ",
    "inc",
    "ltd",
    "corp",
    "corporation",
    "gmbh",
    "limited",
    "llc",
    "aktiebolag",
}
_APOSTROPHE: Final = re.compile(r"['’`´]")


@dataclass(frozen=True)
class ParsedName:
    """A parsed name: `exact` and `folded` are its own words joined, with and without å, ä and ö.

    `words` are its own words, folded; `body_types` the types of body that its other words denote.
    """

    exact: str
    folded: str
    words: tuple[str, ...]
    body_types: frozenset[BodyType]


def parse_name(name: str) -> ParsedName:
    """Return `name` parsed; a name of nothing but words for a type of body has no own words."""
    return _parse_name(truncate(name, MAX_NAME_LENGTH))


@lru_cache(5_000)  # each of some kilobytes
def _parse_name(name: str) -> ParsedName:
    all_words = WORD.findall(fold_foreign_accents(_APOSTROPHE.sub("", name)).lower())
    own, types = body_names().split(all_words)
    own = [word for word in own if word not in _LEGAL_FORMS] or own
    exact, words = "".join(own), own or all_words
    return ParsedName(exact, fold_accents(exact), tuple(map(fold_accents, words)), types)
