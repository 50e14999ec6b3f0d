"""What pages tell of the facts that were fetched from Wikidata: the facts, the item and the day."""

from dataclasses import dataclass
from typing import Final

from graph.core.terms import Coordinates, Term, iri
from graph.ingest import wikidata_records
from graph.ingest.wikidata_properties import (
    ATTRIBUTES,
    COAT_OF_ARMS,
    COORDINATES,
    COUNT,
    COUNTED_AT,
    HEAD_OFFICE,
    OFFICIAL_SITE,
    POPULATION,
    point,
)
from graph.ingest.wikidata_records import ITEM, ON, has_facts, record_of
from graph.read.entities import Entities, Ref

PROPERTIES: Final = frozenset({*ATTRIBUTES.values(), COUNT})
TOPIC: Final = wikidata_records.TOPIC
"""The property that leads from the record of what was fetched to the entity that it is of."""
_MOST: Final = 5  # values of one property


@dataclass(frozen=True)
class Retrieved:
    """The facts of one entity, of which there is at least one."""

    item: Ref
    on: Term
    population: Term | None
    counted: Term | None  # when the population was counted
    point: Coordinates | None
    head_offices: tuple[Ref, ...]
    sites: tuple[str, ...]
    coats_of_arms: tuple[str, ...]


def retrieved(entities: Entities, name: str) -> Retrieved | None:
    """Return what was fetched of the entity with the IRI `name`, or None if nothing is known from there."""
    if not has_facts(name):
        return None
    record = entities.node(iri(record_of(name)))
    item, on = record.iri(ITEM), record.literal(ON)
    node = entities.node(iri(name))
    if not item or not on or record.iri(TOPIC) != name or PROPERTIES.isdisjoint(node.values):
        return None
    statement, place = node.iri(COUNT), node.literal(COORDINATES)
    return Retrieved(
        item=entities.ref(item),
        on=on,
        population=node.literal(POPULATION),
        counted=entities.node(iri(statement)).literal(COUNTED_AT) if statement else None,
        point=point(place) if place else None,
        head_offices=entities.refs(node.iris(HEAD_OFFICE)[:_MOST]),
        sites=node.iris(OFFICIAL_SITE)[:_MOST],
        coats_of_arms=node.iris(COAT_OF_ARMS)[:_MOST],
    )
