"""The query builder's model of a site whose ontology has no shapes for it: the kinds and what they have.

The classes are those of the kinds of entities, and the properties those that a sample of their instances has.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from graph.core.entity_types import EntityKind
from graph.core.iris import last_segment
from graph.core.namespaces import NAME_PROPERTIES, RDF, RDFS, TYPE, XSD, compact_iri
from graph.index.derived_columns import PropertyUse, property_uses, sample
from graph.query_builder.model import BuilderModel, ClassChoice, PropertyChoice, ValueKind
from graph.read.entities import Entities

_NUMBERS: Final = frozenset(XSD + each for each in ("integer", "decimal", "double", "float"))
_DATES: Final = frozenset(XSD + each for each in ("date", "gYear", "gYearMonth"))
Links = dict[str, dict[str, tuple[str, ...]]]
"""By class and property, the IRIs of the classes of the values."""


def complete_model(model: BuilderModel, entities: Entities) -> BuilderModel:
    """Return `model`, which shapes describe, with the kinds of the data in `entities` that it lacks.

    Where the kinds are derived, classes without instances are left out.
    """
    kinds, described = entities.index.kinds, model.classes
    if kinds.derived:
        used = {name for kind in kinds.values() for name in kind.classes}
        described = tuple(each for each in described if each.ref.iri in used)
    known = {each.ref.iri for each in described}
    lacking = [kind for kind in kinds.values() if kind.menu and known.isdisjoint(kind.classes)]
    if not lacking:
        return replace(model, classes=described)
    found = (*described, *_derive(entities, lacking))
    return BuilderModel(found, model.in_both_languages, has_untagged=True)


def _derive(entities: Entities, kinds: Iterable[EntityKind]) -> tuple[ClassChoice, ...]:
    """Return the classes of `kinds`, the one that names a kind above the others."""
    classes = [(name, min(place, 1)) for kind in kinds for place, name in enumerate(kind.classes)]
    known = {name for name, _ in classes}
    links = {name: _links(entities, name, known) for name, _ in classes}
    choices = [_class(entities, name, depth, links[name]) for name, depth in classes]
    backwards = _inverses(entities, choices, links)
    return tuple(replace(each, properties={**each.properties, **backwards[each.ref.iri]}) for each in choices)


def _class(entities: Entities, name: str, depth: int, links: dict[str, tuple[str, ...]]) -> ClassChoice:
    uses = {use.iri: use for use in property_uses(entities.select, (name,)) if use.iri != TYPE}
    properties: dict[str, PropertyChoice] = {}
    for use in sorted(uses.values(), key=lambda each: (-each.subjects, each.iri)):
        if use.has_values:
            choice = _property(entities, name, use, links.get(use.iri, ()))
            short = choice.name if choice.name not in properties else compact_iri(use.iri)
            properties[short] = replace(choice, name=short)
    label = next((each for each in NAME_PROPERTIES if each in uses), RDFS + "label")
    return ClassChoice(entities.ref(name), depth, properties, label)


def _property(entities: Entities, owner: str, use: PropertyUse, classes: tuple[str, ...]) -> PropertyChoice:
    return PropertyChoice(
        name=last_segment(use.iri),
        ref=entities.ref(use.iri),
        owner=entities.ref(owner),
        kind=_value_kind(use, classes),
        classes=classes,
        kinds=_kinds(entities, classes),
        has_languages=RDF + "langString" in use.datatypes,
    )


def _value_kind(use: PropertyUse, classes: Iterable[str]) -> ValueKind:
    if use.iris:
        return "entity" if classes else "link"
    if use.datatypes & _NUMBERS:
        return "number"
    return "date" if use.datatypes & _DATES else "text"


def _links(entities: Entities, class_: str, known: set[str]) -> dict[str, tuple[str, ...]]:
    """Return by property the classes of `known` that values of the instances of `class_` are of."""
    rows = entities.select(
        f"SELECT DISTINCT ?property ?of WHERE {{ {sample((class_,))} ?entity ?property ?value . "
        "?value a ?of FILTER(isIRI(?value)) }"
    )
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["of"].value in known and row["property"].value != TYPE:
            found[row["property"].value].add(row["of"].value)
    return {name: tuple(sorted(classes)) for name, classes in found.items()}


def _inverses(
    entities: Entities, choices: Iterable[ClassChoice], links: Links
) -> dict[str, dict[str, PropertyChoice]]:
    """Return by class the properties that lead to its things, by name."""
    found: dict[str, dict[str, PropertyChoice]] = defaultdict(dict)
    for owner in choices:
        for choice in owner.properties.values():
            for end in links[owner.ref.iri].get(choice.ref.iri, ()):
                name = f"{owner.name}.{choice.name}"
                kinds = _kinds(entities, (owner.ref.iri,))
                found[end][name] = PropertyChoice(
                    name, choice.ref, owner.ref, "entity", (owner.ref.iri,), kinds, is_inverse=True
                )
    return found


def _kinds(entities: Entities, classes: tuple[str, ...]) -> tuple[str, ...]:
    kinds = entities.index.kinds.items()
    return tuple(name for name, kind in kinds if not {*classes}.isdisjoint(kind.classes))
