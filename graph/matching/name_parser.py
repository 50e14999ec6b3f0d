"""Parser of names of public bodies: their own words, and the type of body that the other words denote.

“Göteborgs Stad”, “Göteborgs kommun” and “Municipality of Gothenburg” denote a municipality; “Landstinget i
Värmland” and “Region Värmland” a region. Longer words for types of body may be misspelt by one edit.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from rapidfuzz.distance import OSA

from graph.search.analysis import WORD, fold_accents, fold_foreign_accents, truncate

BodyType = Literal["municipality", "region", "county", ""]

MAX_NAME_LENGTH: Final = 300  # characters; the rest of a name is ignored
_BODY_TYPE_WORDS: Final[dict[str, BodyType]] = {
    **dict.fromkeys(("kommun", "kommuns", "kommunen", "kommunens", "kn"), "municipality"),
    **dict.fromkeys(
        ("stad", "stads", "staden", "stadens", "municipality", "municipal", "city"), "municipality"
    ),
    **dict.fromkeys(("region", "regions", "regionen", "regionens", "regional"), "region"),
    **dict.fromkeys(("landsting", "landstings", "landstinget", "landstingets"), "region"),
    **dict.fromkeys(("lan", "lans", "lanet", "county"), "county"),
}
_BODY_TYPE_SUFFIXES: Final = ("regionen", "landstinget", "region", "landsting", "kommun")  # of longer words
_COUNCIL_WORDS: Final = {"council", "councils"}
_STOP_WORDS: Final = {"of", "the", "i", "for", "den", "and", "och"}
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
_PLURALS: Final = {"kommuner", "regioner"}  # of bodies that have joined, whose name is not that of one
_MIN_FUZZY_LENGTH: Final = 5  # letters of a word that may be a misspelt word for a type of body
_FUZZY_WORDS: Final = ("kommun", "landsting", "landstinget", "region", "municipality", "county")
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
    types: set[BodyType] = set()
    own: list[str] = []
    for word in all_words:
        rest, type_ = _split_body_type(word)
        if type_:
            types.add(type_)
        if rest:
            own.append(rest)
    council = any(word in _COUNCIL_WORDS for word in all_words) and types & {"county", "region"}
    if council:
        own = [word for word in own if word not in _COUNCIL_WORDS]
    if council or "region" in types:  # Stockholms läns landsting, Region Kalmar län, Stockholm County Council
        types = {"region"}
    if types:
        own = [word for word in own if fold_accents(word) not in _STOP_WORDS]
    own = [word for word in own if word not in _LEGAL_FORMS] or own
    exact, words = "".join(own), own or all_words
    return ParsedName(exact, fold_accents(exact), tuple(map(fold_accents, words)), frozenset(types))


def _split_body_type(word: str) -> tuple[str, BodyType]:
    """Return the rest of `word` without the part that denotes a type of body, and that type or ""."""
    plain = fold_accents(word)
    if plain in _PLURALS:
        return word, ""
    if plain in _BODY_TYPE_WORDS:
        return "", _BODY_TYPE_WORDS[plain]
    if len(plain) >= _MIN_FUZZY_LENGTH:
        for known in _FUZZY_WORDS:
            if OSA.distance(plain, known, score_cutoff=1) <= 1:
                return "", _BODY_TYPE_WORDS[known]
    for tail in _BODY_TYPE_SUFFIXES:
        if plain.endswith(tail) and len(plain) > len(tail) + 3:
            return word[: -len(tail)], _BODY_TYPE_WORDS[tail]
    return word, ""
