"""The records of what was fetched from Wikidata for each entity: its facts, the day and the item."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from graph.core.iris import parse_entity_iri
from graph.core.namespaces import DCTERMS, FOAF, GRAPH, ID, PROV, RDF, RDFS, SCHEMA, XSD
from graph.core.terms import Term, iri
from graph.ingest.wikidata_properties import (
    ATTRIBUTES,
    COUNT,
    COUNTED,
    COUNTED_AT,
    HEAD_OFFICE,
    POPULATION,
    fits,
    is_item,
)

WIKIDATA: Final = GRAPH + "enrichment/wikidata"
TOPIC: Final = FOAF + "primaryTopic"
ITEM: Final = PROV + "wasDerivedFrom"
ON: Final = DCTERMS + "created"
ASKED: Final = SCHEMA + "variableMeasured"
_PARTS: Final = {COUNT: (COUNTED, COUNTED_AT), HEAD_OFFICE: (RDFS + "label",)}
"""What is said of the values of a property."""

Statement = tuple[str, str, Term]
"""What is said of an IRI: the IRI, a property and a value."""
BySubject = Mapping[str, list[Statement]]


@dataclass(frozen=True)
class Record:
    """What was fetched for an entity: the item, the day, the properties, and the facts."""

    entity: str
    item: str
    on: date
    asked: frozenset[str]
    facts: frozenset[Statement] = frozenset()

    def statements(self) -> Iterator[Statement]:
        """Yield the record's own triples and its facts."""
        name = record_iri(self.entity)
        yield name, RDF + "type", iri(PROV + "Entity")
        yield name, TOPIC, iri(self.entity)
        yield name, ITEM, iri(self.item)
        yield name, ON, Term(self.on.isoformat(), "literal", datatype=XSD + "date")
        for each in self.asked:
            yield name, ASKED, iri(each)
        yield from self.facts


def record_iri(entity: str) -> str:
    """Return the IRI of the record of the entity with the IRI `entity`."""
    return f"{WIKIDATA}#{entity.removeprefix(ID)}"


def may_have_facts(entity: str) -> bool:
    """Return whether facts may be fetched for the IRI `entity`: one of ours, and no person."""
    parts = parse_entity_iri(entity)
    return parts is not None and parts[0] != "person"


def by_subject(said: Iterable[Statement]) -> BySubject:
    """Return statements by subject."""
    found: dict[str, list[Statement]] = defaultdict(list)
    for each in said:
        found[each[0]].append(each)
    return found


def accepted(entity: str, asked: Iterable[str], said: BySubject) -> frozenset[Statement]:
    """Return the statements among `said` that are facts of `entity`, were asked for and have valid values."""
    wanted = {*asked, COUNT} if POPULATION in asked else {*asked}
    own = [each for each in said.get(entity, ()) if each[1] in wanted and fits(each[1], each[2])]
    if POPULATION not in {property_ for _, property_, _ in own}:  # a statement of it would say nothing
        own = [each for each in own if each[1] != COUNT]
    parts = (
        part
        for _, property_, value in own
        for part in said.get(value.value, ())
        if part[1] in _PARTS.get(property_, ()) and fits(part[1], part[2])
    )
    return frozenset([*own, *parts])


def records(said: BySubject) -> dict[str, Record]:
    """Return the complete records in statements, by entity."""
    names = (name for name in said if name.startswith(f"{WIKIDATA}#"))
    return {record.entity: record for name in names if (record := _record(name, said))}


def _record(name: str, said: BySubject) -> Record | None:
    values: dict[str, list[Term]] = defaultdict(list)
    for _, property_, value in said[name]:
        values[property_].append(value)
    try:
        (topic,), (item,), (on,) = values[TOPIC], values[ITEM], values[ON]
        day = date.fromisoformat(on.value)
    except ValueError:
        return None
    asked = frozenset(each.value for each in values[ASKED]) & set(ATTRIBUTES.values())
    whole = may_have_facts(topic.value) and name == record_iri(topic.value) and is_item(item) and asked
    return Record(topic.value, item.value, day, asked, accepted(topic.value, asked, said)) if whole else None
