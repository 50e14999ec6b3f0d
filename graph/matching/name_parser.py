"""Takes the name of a body apart: what it is called, and which words say what kind of body it is.

“Göteborgs Stad”, “Göteborgs kommun” and “Municipality of Gothenburg” all say municipality; “Landstinget i
Värmland” and “Region Värmland” both say region. A word that says so counts with a slip of the pen too.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from rapidfuzz.distance import OSA

from graph.search.analysis import WORD, fold, shortened, strict

Form = Literal["municipality", "region", "county", ""]

LONGEST: Final = 300  # characters of a name that are read
_WORDS: Final[dict[str, Form]] = {
    **dict.fromkeys(("kommun", "kommuns", "kommunen", "kommunens", "kommuner", "kn"), "municipality"),
    **dict.fromkeys(
        ("stad", "stads", "staden", "stadens", "municipality", "municipal", "city"), "municipality"
    ),
    **dict.fromkeys(("region", "regions", "regionen", "regionens", "regional"), "region"),
    **dict.fromkeys(("landsting", "landstings", "landstinget", "landstingets"), "region"),
    **dict.fromkeys(("lan", "lans", "lanet", "county"), "county"),
}
_JOINED: Final = ("regionen", "landstinget", "region", "landsting", "kommun")  # where they end a longer word
_COUNCIL: Final = {"council", "councils"}
_IDLE: Final = {"of", "the", "i", "for", "den", "and", "och"}
_LEGAL: Final = {"ab", "publ", "inc", "ltd", "corp", "corporation", "gmbh", "limited", "llc", "aktiebolag"}
_SLIP: Final = 6  # letters from where on a word that says what kind of body it is may have a slip in it
_SLIPPED: Final = ("kommun", "landsting", "landstinget", "region", "municipality", "county")
_APOSTROPHE: Final = re.compile(r"['’`´]")


@dataclass(frozen=True)
class Name:
    """A name taken apart: `exact` and `folded` are its own words run together, with and without å, ä and ö.

    `words` are those words, folded; `forms` what kind of body it says to be.
    """

    exact: str
    folded: str
    words: tuple[str, ...]
    forms: frozenset[Form]


def take_apart(name: str) -> Name:
    """Return the parts of `name`; one that is nothing but words for a kind of body has none of its own."""
    return _take_apart(shortened(name, LONGEST))


@lru_cache(5_000)  # each of some kilobytes
def _take_apart(name: str) -> Name:
    found = WORD.findall(strict(_APOSTROPHE.sub("", name)).lower())
    forms: set[Form] = set()
    own: list[str] = []
    for word in found:
        rest, form = _split(word)
        if form:
            forms.add(form)
        if rest:
            own.append(rest)
    council = any(word in _COUNCIL for word in found) and forms & {"county", "region"}
    if council:
        own = [word for word in own if word not in _COUNCIL]
    if council or "region" in forms:  # Stockholms läns landsting, Region Kalmar län, Stockholm County Council
        forms = {"region"}
    if forms:
        own = [word for word in own if fold(word) not in _IDLE]
    own = [word for word in own if word not in _LEGAL] or own
    exact = "".join(own)
    return Name(exact, fold(exact), tuple(map(fold, own or found)), frozenset(forms))


def _split(word: str) -> tuple[str, Form]:
    """Return what is left of `word` without what says a kind of body, and which kind that is."""
    plain = fold(word)
    if plain in _WORDS:
        return "", _WORDS[plain]
    if len(plain) >= _SLIP - 1:
        for known in _SLIPPED:
            if len(known) >= _SLIP and OSA.distance(plain, known, score_cutoff=1) <= 1:
                return "", _WORDS[known]
    for tail in _JOINED:
        if plain.endswith(tail) and len(plain) > len(tail) + 3:
            return word[: -len(tail)], _WORDS[tail]
    return word, ""
