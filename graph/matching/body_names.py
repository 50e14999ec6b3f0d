"""How a site reads names of bodies: the words that denote a type of body, and codes that are shared."""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from graph.core.extensions import extension

BodyType = str
"""A type of body that names denote, a word of the site's choice."""


def _without_types(words: Sequence[str]) -> tuple[list[str], frozenset[BodyType]]:
    return list(words), frozenset()


def _no_types(kind: str, codes: Container[str]) -> Iterator[BodyType]:
    return iter(())


@dataclass(frozen=True)
class BodyNames:
    """How the names of bodies are read; by default no word denotes a type of body."""

    split: Callable[[Sequence[str]], tuple[list[str], frozenset[BodyType]]] = _without_types
    """Takes the words of a name, in lower case; returns its own words, and the types the others denote."""

    types_of: Callable[[str, Container[str]], Iterator[BodyType]] = _no_types
    """Yields the types of an entity of a kind with code properties of these local names."""

    shared_code: str = ""
    """The local name of the code property that a body shares with the place it is named after."""

    group_codes: frozenset[str] = frozenset()
    """The local names of code properties that several bodies share: they identify none."""

    place_type: str = ""
    """The type of body that is called by the name of the place with the same `shared_code`."""

    untyped_penalty: Mapping[BodyType, float] = field(default_factory=dict)
    """What a name without a type of body loses for each type: it denotes the type that loses least."""


@cache
def body_names() -> BodyNames:
    """Return how the site reads the names of bodies."""
    return extension("bodies", BodyNames())
