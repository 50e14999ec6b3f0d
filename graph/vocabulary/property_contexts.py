"""Where the properties of the vocabulary stand: on which classes, with values of which, for completion."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from graph.core.namespaces import OWL
from graph.query.store import ReleaseStore
from graph.rdf import ontology_files
from graph.read.entities import Entities
from graph.vocabulary.property_uses import read_uses
from graph.vocabulary.superclasses import superclasses


@dataclass(frozen=True)
class PropertyContext:
    """The classes that a property is used on, those of its values, and the lists of its codes, all by IRI."""

    classes: tuple[str, ...]
    ranges: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True)
class VocabularyContexts:
    """The contexts of properties, and the classes above each class, by IRI."""

    properties: Mapping[str, PropertyContext]
    superclasses: Mapping[str, tuple[str, ...]]


@cache
def read_contexts() -> VocabularyContexts:
    """Return the contexts in the project's own shapes and ontology, which are read once."""
    return contexts_of(Entities(ReleaseStore.of(ontology_files.read_ontology(), union=True)))


def contexts_of(entities: Entities) -> VocabularyContexts:
    """Return the contexts that the shapes and domains in `entities` state."""
    found: dict[str, PropertyContext] = {}
    for use in read_uses(entities):
        known = found.get(use.property, PropertyContext((), (), ()))
        found[use.property] = PropertyContext(
            _union(known.classes, (use.class_,)),
            _union(known.ranges, use.ranges),
            _union(known.codes, (use.codes,) if use.codes else ()),
        )
    classes = {name for use in found.values() for name in (*use.classes, *use.ranges)}
    classes |= set(entities.members(OWL + "Class"))
    return VocabularyContexts(found, {name: superclasses(entities, name) for name in sorted(classes)})


def _union(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))
