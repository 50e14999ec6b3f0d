"""Documents about one entity: its triples in every RDF format, and the same as plain JSON.

A document holds the triples of the entity and of its parts (blank nodes and fragments of its IRI), a limited
number of incoming links, the names of what these lead to and come from, and what it says of itself. The JSON
document has `document`, `id`, `types`, `labels` by language, `values` by property and `incoming` counts by
property; its context makes JSON-LD 1.1 of it: https://www.w3.org/TR/json-ld11/#nested-properties.
"""

from collections.abc import Iterator
from typing import Final

from graph.core.namespaces import DCTERMS, FOAF, OWL, PREFIXES, RDFS, TYPE, VOID, compact_iri
from graph.core.terms import Term, iri
from graph.documents.document_source import DocumentSource, name_triples
from graph.rdf.convert import Triple, to_term, to_triple
from graph.rdf.formats import Format
from graph.rdf.writer import write_graph
from graph.read.entities import Entities

MAX_INCOMING_LINKS: Final = 500
_MAX_DEPTH = 4
_PREFIXES: Final = {name: full for name, full in PREFIXES.items() if name != "id"}  # which is @id here
_NO_LANGUAGE: Final = "@none"  # what JSON-LD calls a text without a language
_CONTEXT: Final[dict[str, object]] = {
    "@version": 1.1,
    "id": "@id",
    "types": "@type",
    "labels": {"@id": RDFS + "label", "@container": "@language"},
    "values": "@nest",
    "value": "@value",
    "language": "@language",
    "datatype": "@type",
    "incoming": None,
    "document": {"@reverse": FOAF + "primaryTopic"},
    "license": {"@id": DCTERMS + "license", "@type": "@id"},
    "dataset": {"@id": VOID + "inDataset", "@type": "@id"},
    "release": OWL + "versionInfo",
}


def rdf_document(entities: Entities, name: str, format_: Format, source: DocumentSource) -> bytes:
    """Return the document about the IRI `name`, which is at `source`, in a format of graphs."""
    stated = [*_own_triples(entities, iri(name), name), *_incoming_triples(entities, name)]
    return write_graph(
        (*source.triples(name), *stated, *_names_of_neighbours(entities, name, stated)), format_
    )


def json_document(entities: Entities, name: str, source: DocumentSource) -> dict[str, object]:
    """Return the document about the IRI `name`, which is at `source`, as values for `json.dumps`."""
    node = entities.node(iri(name))
    return {
        "@context": _CONTEXT | _PREFIXES,
        "document": source.members(),
        "id": name,
        "types": list(node.iris(TYPE)),
        "labels": _labels(entities, name),
        "values": {
            compact_iri(property_, _PREFIXES): [_json_value(entities, name, value, 0) for value in values]
            for property_, values in node.values.items()
            if property_ != TYPE
        },
        "incoming": {
            compact_iri(property_, _PREFIXES): count
            for property_, count in entities.link_counts(name).items()
        },
    }


def _own_triples(entities: Entities, subject: Term, name: str, depth: int = 0) -> Iterator[Triple]:
    """Yield the triples of `subject` and of its parts; `name` is the IRI of the entity."""
    for property_, values in entities.node(subject).values.items():
        for value in values:
            yield to_triple(subject, property_, value)
            if _is_part(value, name) and depth < _MAX_DEPTH:
                yield from _own_triples(entities, value, name, depth + 1)


def _incoming_triples(entities: Entities, name: str) -> Iterator[Triple]:
    left = MAX_INCOMING_LINKS
    for property_ in entities.link_counts(name):
        subjects = entities.subjects(name, property_, limit=left)
        left -= len(subjects)
        for subject in subjects:
            yield to_triple(iri(subject), property_, iri(name))


def _names_of_neighbours(entities: Entities, name: str, triples: list[Triple]) -> Iterator[Triple]:
    """Return the names of the IRIs in `triples` that are neither `name` nor a part of it."""
    nodes = (node for triple in triples for node in (triple.subject, triple.object))
    names = (term.value for node in nodes if (term := to_term(node)).kind == "iri")
    return name_triples(
        entities, (each for each in names if each != name and not each.startswith(f"{name}#"))
    )


def _is_part(value: Term, name: str) -> bool:
    return value.kind == "blank" or (value.kind == "iri" and value.value.startswith(f"{name}#"))


def _labels(entities: Entities, name: str) -> dict[str, str]:
    return {label.language or _NO_LANGUAGE: label.value for label in entities.labels(name)}


def _json_value(entities: Entities, name: str, value: Term, depth: int) -> object:
    if value.kind == "literal":
        extra = {"language": value.language} if value.language else {"datatype": value.datatype}
        return {"value": value.value} | {key: each for key, each in extra.items() if each}
    content: dict[str, object] = {} if value.kind == "blank" else {"id": value.value}
    if value.kind == "iri":
        content["labels"] = _labels(entities, value.value)
    if _is_part(value, name) and depth < _MAX_DEPTH:
        content["values"] = {
            compact_iri(property_, _PREFIXES): [
                _json_value(entities, name, each, depth + 1) for each in values if each.value != name
            ]
            for property_, values in entities.node(value).values.items()
        }
    return content
