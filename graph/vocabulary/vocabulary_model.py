"""The classes of the vocabulary and the relations between them, as the diagram of the model shows them.

Subclasses are listed with the uppermost class of the model above them, whose relations are theirs too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from graph.core.namespaces import OWL, RDFS, UTS
from graph.core.terms import iri
from graph.query.store import ReleaseStore
from graph.rdf import ontology_files
from graph.read.entities import Entities, Ref
from graph.vocabulary.property_uses import PropertyUse, read_uses

_ABOVE: Final = RDFS + "subClassOf"
_INVERSE: Final = OWL + "inverseOf"
_End = tuple[str, str, str]  # the IRIs of a property and of the classes that it leads from and to


@dataclass(frozen=True)
class ModelProperty:
    """A property whose values are codes of the list `codes`, or anything at all if that is None."""

    ref: Ref
    codes: Ref | None


@dataclass(frozen=True)
class ModelClass:
    """An uppermost class with what stands in its box."""

    ref: Ref
    foreign: tuple[str, ...]  # the IRIs of the superclasses, or of the class itself, in other vocabularies
    subclasses: tuple[tuple[Ref, int], ...]  # each with its depth, 1 for a direct subclass
    properties: tuple[ModelProperty, ...]


@dataclass(frozen=True)
class ModelRelation:
    """A property from one uppermost class to another or itself, and the property that says it backwards."""

    ref: Ref
    source: str
    target: str
    inverse: Ref | None


@dataclass(frozen=True)
class VocabularyModel:
    """The uppermost classes and the relations between them, each in the order of IRIs."""

    classes: tuple[ModelClass, ...]
    relations: tuple[ModelRelation, ...]

    def class_ref(self, name: str) -> Ref:
        """Return the class with the IRI `name`, with its labels."""
        return next(each.ref for each in self.classes if each.ref.iri == name)


@cache
def read_model() -> VocabularyModel:
    """Return the model of the project's own ontology, which is read from its files once."""
    return model_of(Entities(ReleaseStore.of(ontology_files.read_ontology(), union=True)))


def model_of(entities: Entities) -> VocabularyModel:
    """Return the model of the ontology in `entities`: its own classes, and those that they are related to."""
    uses = read_uses(entities)
    own = {name for name in entities.members(OWL + "Class") if name.startswith(UTS)}
    known = own | {name for use in uses for name in (use.class_, *use.ranges)}
    tops = {name: _top(entities, name, known) for name in sorted(known)}
    ends = {(use.property, tops[use.class_], tops[each]) for use in uses for each in use.ranges}
    with_own = {tops[name] for name in own}
    ends = {end for end in ends if with_own.intersection(end[1:])}
    drawn = sorted(with_own.union(*(end[1:] for end in ends)))
    return VocabularyModel(
        tuple(_class(entities, name, own, tops, uses) for name in drawn),
        tuple(relation for end in sorted(ends) for relation in _relation(entities, end, ends)),
    )


def _top(entities: Entities, name: str, known: set[str]) -> str:
    """Return the uppermost of the classes above `name` that are `known`, the first of several."""
    passed: list[str] = []
    while name not in passed:
        passed.append(name)
        above = (each for each in entities.node(iri(name)).iris(_ABOVE) if each in known)
        name = next(above, name)
    return name


def _class(
    entities: Entities, name: str, own: set[str], tops: dict[str, str], uses: Sequence[PropertyUse]
) -> ModelClass:
    above = entities.node(iri(name)).iris(_ABOVE)
    mine = [use for use in uses if tops[use.class_] == name]
    return ModelClass(
        entities.ref(name),
        above if name in own else (name,),
        tuple(_subclasses(entities, name, own)),
        tuple(_unrelated_properties(entities, mine)),
    )


def _subclasses(entities: Entities, name: str, own: set[str], depth: int = 1) -> Iterator[tuple[Ref, int]]:
    for each in sorted(own.intersection(entities.subjects(name, _ABOVE))):
        yield entities.ref(each), depth
        yield from _subclasses(entities, each, own - {name}, depth + 1)


def _unrelated_properties(entities: Entities, uses: Sequence[PropertyUse]) -> Iterator[ModelProperty]:
    """Yield the properties of a class that lead to no other class: to codes, or to anything."""
    related = {use.property for use in uses if use.ranges}
    codes = {use.property: use.codes for use in uses if use.codes}
    objects = set(entities.members(OWL + "ObjectProperty"))
    for name in sorted({use.property for use in uses} & objects - related):
        yield ModelProperty(entities.ref(name), entities.optional_ref(codes.get(name)))


def _relation(entities: Entities, end: _End, ends: set[_End]) -> Iterator[ModelRelation]:
    """Yield the relation `end`, unless it is shown with the one that it is declared to be the inverse of."""
    name, source, target = end
    declared = entities.node(iri(name)).iris(_INVERSE)
    if not any((each, target, source) in ends for each in declared):
        inverses = (*entities.subjects(name, _INVERSE), *declared)
        yield ModelRelation(
            entities.ref(name), source, target, entities.optional_ref(next(iter(inverses), None))
        )
