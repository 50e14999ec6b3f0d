"""One entity as somebody else knows it: what a reconciliation service is asked."""

from dataclasses import dataclass
from typing import Literal

from graph.core.namespaces import UTS, expand_curie
from graph.matching.identifiers import THINGS
from graph.matching.properties import Trait

Quantifier = Literal["any", "all", "none"]
Strict = Literal["any", "all", "should"]


@dataclass(frozen=True)
class Value:
    """A value to compare with: as text, and the identifier of an entity if it is known to be one."""

    text: str
    id: str = ""


@dataclass(frozen=True)
class Condition:
    """What a property should be; an entity where it is not is no candidate if it is `required`."""

    trait: Trait
    values: tuple[Value, ...]
    required: bool = False
    quantifier: Quantifier = "any"


@dataclass(frozen=True)
class Asked:
    """One entity as somebody else knows it: by names, by identifiers, by types and by properties."""

    names: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    strict: Strict = "any"
    conditions: tuple[Condition, ...] = ()
    limit: int = 10


def expanded(name: str) -> str:
    """Return the IRI that `name` stands for: whole, with a prefix of ours, or a term of our vocabulary."""
    if ":" in name:
        return expand_curie(name)
    return name if name in THINGS or not name else UTS + name
