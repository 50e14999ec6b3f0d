"""Names of public bodies in Sweden: the words in them that denote a municipality, a region or a county.

“Göteborgs Stad”, “Göteborgs kommun” and “Municipality of Gothenburg” denote a municipality; “Landstinget i
Värmland” and “Region Värmland” a region. Longer words for types of body may be misspelt by one edit.
"""

from collections.abc import Container, Iterator, Sequence
from typing import Final

from rapidfuzz.distance import OSA

from graph.matching.body_names import BodyNames
from graph.search.analysis import fold_accents

_TYPE_WORDS: Final = {
    **dict.fromkeys(("kommun", "kommuns", "kommunen", "kommunens", "kn"), "municipality"),
    **dict.fromkeys(
        ("stad", "stads", "staden", "stadens", "municipality", "municipal", "city"), "municipality"
    ),
    **dict.fromkeys(("region", "regions", "regionen", "regionens", "regional"), "region"),
    **dict.fromkeys(("landsting", "landstings", "landstinget", "landstingets"), "region"),
    **dict.fromkeys(("lan", "lans", "lanet", "county"), "county"),
}
_TYPE_SUFFIXES: Final = ("regionen", "landstinget", "region", "landsting", "kommun")  # of longer words
_COUNCIL_WORDS: Final = {"council", "councils"}
_STOP_WORDS: Final = {"of", "the", "i", "for", "den", "and", "och"}
_PLURALS: Final = {"kommuner", "regioner"}  # of bodies that have joined, whose name is not that of one
_MIN_FUZZY_LENGTH: Final = 5  # letters of a word that may be a misspelt word for a type of body
_FUZZY_WORDS: Final = ("kommun", "landsting", "landstinget", "region", "municipality", "county")


def split_types(words: Sequence[str]) -> tuple[list[str], frozenset[str]]:
    """Return the own words of a name, and the types of body that the others of its `words` denote."""
    types: set[str] = set()
    own: list[str] = []
    for word in words:
        rest, type_ = _split_type(word)
        if type_:
            types.add(type_)
        if rest:
            own.append(rest)
    council = any(word in _COUNCIL_WORDS for word in words) and types & {"county", "region"}
    if council:
        own = [word for word in own if word not in _COUNCIL_WORDS]
    if council or "region" in types:  # Stockholms läns landsting, Region Kalmar län, Stockholm County Council
        types = {"region"}
    if types:
        own = [word for word in own if fold_accents(word) not in _STOP_WORDS]
    return own, frozenset(types)


def types_of(kind: str, codes: Container[str]) -> Iterator[str]:
    """Yield the types of body of an entity of `kind` that has the code properties `codes`."""
    if kind == "organisation" and "municipalityCode" in codes:
        yield "municipality"
    if kind == "organisation" and "countyCode" in codes:
        yield "region"
    if kind == "place" and "countyCode" in codes:
        yield "county"


def _split_type(word: str) -> tuple[str, str]:
    """Return the rest of `word` without the part that denotes a type of body, and that type or ""."""
    plain = fold_accents(word)
    if plain in _PLURALS:
        return word, ""
    if plain in _TYPE_WORDS:
        return "", _TYPE_WORDS[plain]
    if len(plain) >= _MIN_FUZZY_LENGTH:
        for known in _FUZZY_WORDS:
            if OSA.distance(plain, known, score_cutoff=1) <= 1:
                return "", _TYPE_WORDS[known]
    for tail in _TYPE_SUFFIXES:
        if plain.endswith(tail) and len(plain) > len(tail) + 3:
            return word[: -len(tail)], _TYPE_WORDS[tail]
    return word, ""


BODIES: Final = BodyNames(
    split=split_types,
    types_of=types_of,
    shared_code="countyCode",
    group_codes=frozenset(("countyCode", "nuts3")),
    place_type="region",  # county councils were often named after the county
    untyped_penalty={"municipality": 0.0, "region": 1.0, "county": 2.0},
)
GENERAL_WORDS: Final = frozenset(
    ("kommun", "kommuns", "stad", "stads", "region", "landsting", "läns", "nämnd", "myndigheten")
) | {"municipality", "city", "county", "council", "board", "agency", "swedish"}
"""Words in names of bodies that do not say which body it is."""
