"""The facts fetched from Wikidata for an entity, with the item and the date of retrieval."""

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
from graph.ingest.wikidata_records import ITEM, ON, may_have_facts, record_iri
from graph.read.entities import Entities, Ref

WIKIDATA_PROPERTIES: Final = frozenset({*ATTRIBUTES.values(), COUNT})
TOPIC: Final = wikidata_records.TOPIC
"""The property that links the record of a retrieval to its entity."""
_MAX_VALUES: Final = 5  # values of one property


@dataclass(frozen=True)
class WikidataFacts:
    """The facts fetched for one entity, of which there is at least one."""

    item: Ref
    on: Term
    population: Term | None
    counted: Term | None  # the date of the population count
    point: Coordinates | None
    head_offices: tuple[Ref, ...]
    sites: tuple[str, ...]
    coats_of_arms: tuple[str, ...]


def read_wikidata_facts(entities: Entities, name: str) -> WikidataFacts | None:
    """Return the facts fetched for the entity with the IRI `name`, or None if there are none."""
    if not may_have_facts(name):
        return None
    record = entities.node(iri(record_iri(name)))
    item, on = record.iri(ITEM), record.literal(ON)
    node = entities.node(iri(name))
    if not item or not on or record.iri(TOPIC) != name or WIKIDATA_PROPERTIES.isdisjoint(node.values):
        return None
    statement, place = node.iri(COUNT), node.literal(COORDINATES)
    return WikidataFacts(
        item=entities.ref(item),
        on=on,
        population=node.literal(POPULATION),
        counted=entities.node(iri(statement)).literal(COUNTED_AT) if statement else None,
        point=point(place) if place else None,
        head_offices=entities.refs(node.iris(HEAD_OFFICE)[:_MAX_VALUES]),
        sites=node.iris(OFFICIAL_SITE)[:_MAX_VALUES],
        coats_of_arms=node.iris(COAT_OF_ARMS)[:_MAX_VALUES],
    )
