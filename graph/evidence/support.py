"""The statements behind an entity: those that it rests on, or else those about it."""

from typing import Final

from graph.core.iris import parse_entity_iri
from graph.core.namespaces import UTS
from graph.core.terms import iri
from graph.index.protocol import EntitySet
from graph.read.entities import Entities

CLAIMS: Final = ("adoption", "assessment")
_ABOUT: Final = {
    kind: tuple(UTS + name for name in names)
    for kind, names in {
        "organisation": ("onBehalfOf", "speakerUnit", "about"),
        "person": ("speaker", "about"),
        "product": ("about", "keptOutOf", "carriedBy"),
        "law": ("cites", "about"),
        "source": ("saidIn",),
        "passage": ("evidence",),
    }.items()
}
"""By kind of entity, the properties by which statements lead to it."""


def has_statements(kind: str) -> bool:
    """Return whether there can be statements behind an entity of `kind`."""
    return kind in _ABOUT or kind in (*CLAIMS, "statement")


def statements_behind(entities: Entities, name: str) -> EntitySet:
    """Return the statements behind the entity with the IRI `name`, newest first.

    Those are the statement itself, those that a claim is derived from, and those about any other entity.
    """
    kind = (parse_entity_iri(name) or ("",))[0]
    if kind == "statement":
        return entities.index.filter_kind((name,), "statement")
    if kind in CLAIMS:
        return entities.index.filter_kind(entities.node(iri(name)).iris(UTS + "derivedFrom"), "statement")
    return entities.index.linking_to(name, *_ABOUT.get(kind, ()), kind="statement")
