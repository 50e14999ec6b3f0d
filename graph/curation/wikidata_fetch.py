"""Fetches facts about our entities from Wikidata's query service, a batch of entities at a time."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from graph.core.namespaces import RDFS, XSD
from graph.core.terms import Term, iri
from graph.curation.sparql_client import Rows, SparqlClient, batches
from graph.ingest import sssom
from graph.ingest.wikidata_properties import (
    COUNT,
    COUNTED,
    COUNTED_AT,
    DATES,
    HEAD_OFFICE,
    LANGUAGES,
    POPULATION,
    is_item,
)
from graph.ingest.wikidata_records import Record, Statement, accepted, by_subject, may_have_facts
from graph.matching.identifiers import SAME_PROPERTIES
from graph.rdf.convert import to_term

BATCH: Final = 50
_VALUES: Final = "SELECT ?item ?property ?value WHERE { ?item ?property ?value }"
_COUNTS: Final = """
PREFIX p: <http://www.wikidata.org/prop/>
PREFIX pqv: <http://www.wikidata.org/prop/qualifier/value/>
PREFIX ps: <http://www.wikidata.org/prop/statement/>
PREFIX wikibase: <http://wikiba.se/ontology#>
SELECT ?item ?statement ?value ?at ?precision WHERE {
  ?item p:P1082 ?statement .
  ?statement a wikibase:BestRank ; ps:P1082 ?value .
  OPTIONAL { ?statement pqv:P585 ?node . ?node wikibase:timeValue ?at ; wikibase:timePrecision ?precision }
}"""
_NAMED: Final = ", ".join(f'"{tag}"' for tag in LANGUAGES)
_LABELS: Final = f"""
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?item ?label WHERE {{ ?item rdfs:label ?label FILTER(LANG(?label) IN ({_NAMED})) }}"""


@dataclass(frozen=True)
class FetchedBatch:
    """The result of one batch: a record for each of its entities, and the values that were not accepted."""

    records: tuple[Record, ...]
    refused: tuple[Statement, ...]


def linked(folder: Path) -> dict[str, str]:
    """Return the item of Wikidata of each entity, from the links in `folder`."""
    quads = (quad for path in sorted(folder.glob("links/*.sssom.tsv")) for quad in sssom.read(path).quads)
    said = ((quad.subject, quad.predicate.value, to_term(quad.object)) for quad in quads)
    pairs = {
        (getattr(subject, "value", ""), value.value)
        for subject, property_, value in said
        if property_ in SAME_PROPERTIES and is_item(value)
    }
    return {entity: item for entity, item in sorted(pairs, reverse=True) if may_have_facts(entity)}


def due(
    items: Mapping[str, str], known: Mapping[str, Record], asked: frozenset[str], oldest: date
) -> list[str]:
    """Return the entities to fetch: those without a record of their item and of all properties `asked`.

    A record from the day `oldest` or before counts as none.
    """

    def good(record: Record | None, item: str) -> bool:
        return record is not None and record.item == item and record.on > oldest and asked <= record.asked

    return [entity for entity, item in sorted(items.items()) if not good(known.get(entity), item)]


def fetch(
    endpoint: SparqlClient,
    items: Mapping[str, str],
    entities: Iterable[str],
    asked: frozenset[str],
    today: date,
) -> Iterator[FetchedBatch]:
    """Yield the endpoint's facts about `entities`, a batch at a time; raise what it raises."""
    for batch in batches(list(entities), BATCH):
        of = {entity: items[entity] for entity in batch}
        said = list(_ask(endpoint, of, asked))
        told = by_subject(said)
        made = [
            Record(entity, item, today, asked, accepted(entity, asked, told)) for entity, item in of.items()
        ]
        facts = {each for record in made for each in record.facts}
        yield FetchedBatch(tuple(made), tuple(sorted(set(said) - facts)))


def _ask(endpoint: SparqlClient, items: Mapping[str, str], asked: frozenset[str]) -> Iterator[Statement]:
    """Yield the endpoint's statements about `items` for the properties `asked`, whatever the values."""
    entities: dict[str, list[str]] = {}
    for entity, item in items.items():
        entities.setdefault(item, []).append(entity)
    terms = [iri(item) for item in entities]
    offices: set[Term] = set()
    for row in endpoint.select(_VALUES, item=terms, property=[iri(each) for each in asked - {POPULATION}]):
        for entity in entities.get(row["item"].value, ()):
            yield entity, row["property"].value, row["value"]
        if row["property"].value == HEAD_OFFICE and is_item(row["value"]):
            offices.add(row["value"])
    for row in endpoint.select(_LABELS, item=sorted(offices)):
        yield row["item"].value, RDFS + "label", row["label"]
    if POPULATION in asked:
        for item, row in _latest(endpoint.select(_COUNTS, item=terms)).items():
            for entity in entities.get(item, ()):
                yield from _population(entity, row)


def _latest(rows: Rows) -> dict[str, dict[str, Term]]:
    """Return the row of the latest count of each item; one without a time is the earliest."""
    order = sorted(rows, key=lambda row: (row["at"].value if "at" in row else "", row["statement"].value))
    return {row["item"].value: row for row in order}


def _population(entity: str, row: Mapping[str, Term]) -> Iterator[Statement]:
    """Yield a count and its date, as precise as Wikidata gives it."""
    digits = row["value"].value.removeprefix("+").removesuffix(".0")
    count = Term(digits, "literal", datatype=XSD + "integer")
    statement = row["statement"]
    yield entity, POPULATION, count
    yield entity, COUNT, statement
    yield statement.value, COUNTED, count
    datatype, length = DATES.get(row["precision"].value, ("", 0)) if "precision" in row else ("", 0)
    if datatype:
        yield statement.value, COUNTED_AT, Term(row["at"].value[:length], "literal", datatype=datatype)
