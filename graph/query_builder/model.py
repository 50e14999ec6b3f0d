"""What can be chosen in the query builder: classes, their properties, and the values of these."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from graph.core.iris import last_segment
from graph.core.terms import Term
from graph.read.entities import Ref

ValueKind = Literal["entity", "code", "choice", "date", "number", "text", "link"]
Option = Ref | Term
"""A code, a class or property, or a literal, of a list."""


@dataclass(frozen=True)
class PropertyGroup:
    """A group of properties (`sh:group`) and its place among the groups."""

    ref: Ref
    order: int


@dataclass(frozen=True)
class PropertyChoice:
    """A property of the things of a class, and what values it has.

    One that `is_inverse` is followed from its value back to the things of the class `owner`.
    """

    name: str  # in addresses
    ref: Ref  # its IRI, with the names that a shape gives it
    owner: Ref
    kind: ValueKind
    classes: tuple[str, ...] = ()  # the IRIs of the classes of its values; none where that may be any
    kinds: tuple[str, ...] = ()  # of the things that are its values, as in graph.core.iris; none for any
    options: tuple[Option, ...] = ()  # the values of a code list or an enumeration, in order
    has_languages: bool = False  # whether its values are texts with a language
    group: PropertyGroup | None = None
    order: int = 0
    is_inverse: bool = False

    def option(self, name: str) -> Option | None:
        """Return the option that `name` means in an address: a literal, an IRI or its last part; or None."""
        return next((each for each in self.options if name in (option_name(each), _value(each))), None)

    @property
    def only_kind(self) -> str | None:
        """The kind of the things that are its values, if they are of one kind."""
        return self.kinds[0] if len(self.kinds) == 1 else None

    @property
    def has_labels(self) -> bool:
        """Whether its values are things with labels."""
        return self.kind in ("entity", "code") or any(isinstance(each, Ref) for each in self.options)


@dataclass(frozen=True)
class ClassChoice:
    """A class, how deep it is below the other classes, and the properties of its things by name."""

    ref: Ref
    depth: int
    properties: Mapping[str, PropertyChoice] = field(repr=False)
    label_property: str  # the IRI of the property that names its things

    @property
    def name(self) -> str:
        """The name of the class in addresses."""
        return last_segment(self.ref.iri)


@dataclass(frozen=True)
class BuilderModel:
    """All classes that can be chosen, in order."""

    classes: tuple[ClassChoice, ...]
    in_both_languages: frozenset[str]  # the IRIs of the properties whose texts are always in both
    has_untagged: bool = False  # whether texts may be without a language, or in others than those of the site

    @cached_property
    def by_name(self) -> Mapping[str, ClassChoice]:
        """The classes by their names in addresses."""
        return {each.name: each for each in self.classes}

    @cached_property
    def _by_iri(self) -> Mapping[str, ClassChoice]:
        return {each.ref.iri: each for each in self.classes}

    def properties(self, classes: Iterable[str]) -> Mapping[str, PropertyChoice]:
        """Return by name the properties of things of any of the `classes`, which are IRIs."""
        known = [self._by_iri[name] for name in classes if name in self._by_iri]
        return {name: each for class_ in reversed(known) for name, each in class_.properties.items()}

    def label_properties(self, classes: Iterable[str]) -> tuple[str, ...]:
        """Return the IRIs of the properties that name things of the `classes`, if any is known."""
        known = (self._by_iri[name].label_property for name in classes if name in self._by_iri)
        return tuple(dict.fromkeys(known))


def option_name(option: Option) -> str:
    """Return the name of an option in addresses."""
    return last_segment(option.iri) if isinstance(option, Ref) else option.value


def _value(option: Option) -> str:
    return option.iri if isinstance(option, Ref) else option.value
