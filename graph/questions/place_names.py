"""How a site's places are called in questions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from graph.core.extensions import extension


def _no_forms(place: str, names: Sequence[str]) -> Iterable[str]:
    return ()


@dataclass(frozen=True)
class PlaceNames:
    """What people make of the names of places.

    `classes` are the types of place by the IRI of the class, `sources` those types that are sources
    of values in the patterns of rules by themselves. `forms` takes a type and names in lower case, and gives
    more names.
    """

    classes: Mapping[str, str] = field(default_factory=dict)
    sources: frozenset[str] = frozenset()
    forms: Callable[[str, Sequence[str]], Iterable[str]] = _no_forms


@cache
def place_names() -> PlaceNames:
    """Return how places are called on this site."""
    return extension("place_names", PlaceNames())
