"""Documents about one entity: its triples in every RDF format, and the same as plain JSON.

A document holds the triples of the entity and of its parts (blank nodes and fragments of its IRI), and a
limited number of incoming links. The JSON document has `id`, `types`, `labels` by language, `values` by
property and `incoming` counts by property.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Final

from graph.core.namespaces import TYPE, compact_iri
from graph.core.terms import Term, iri
from graph.rdf import formats
from graph.rdf.convert import Triple, to_triple
from graph.rdf.writer import write_graph
from graph.read.entities import Entities

MAX_INCOMING_LINKS: Final = 500
_MAX_DEPTH = 4


def rdf_document(entities: Entities, name: str, media_type: str) -> bytes:
    """Return the document about the IRI `name` in the graph format `media_type`."""
    format_ = formats.by_media_type("graph")[media_type]
    return write_graph(
        chain(_own_triples(entities, iri(name), name), _incoming_triples(entities, name)), format_
    )


def json_document(entities: Entities, name: str) -> dict[str, object]:
    """Return the document about the IRI `name` as values for `json.dumps`."""
    node = entities.node(iri(name))
    return {
        "id": name,
        "types": list(node.iris(TYPE)),
        "labels": {label.language: label.value for label in entities.labels(name)},
        "values": {
            compact_iri(property_): [_json_value(entities, name, value, 0) for value in values]
            for property_, values in node.values.items()
            if property_ != TYPE
        },
        "incoming": {
            compact_iri(property_): count for property_, count in entities.link_counts(name).items()
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


def _is_part(value: Term, name: str) -> bool:
    return value.kind == "blank" or (value.kind == "iri" and value.value.startswith(f"{name}#"))


def _json_value(entities: Entities, name: str, value: Term, depth: int) -> object:
    if value.kind == "literal":
        extra = {"language": value.language} if value.language else {"datatype": value.datatype}
        return {"value": value.value} | {key: each for key, each in extra.items() if each}
    content: dict[str, object] = {} if value.kind == "blank" else {"id": value.value}
    if value.kind == "iri":
        content["labels"] = {label.language: label.value for label in entities.labels(value.value)}
    if _is_part(value, name) and depth < _MAX_DEPTH:
        content["values"] = {
            compact_iri(property_): [
                _json_value(entities, name, each, depth + 1) for each in values if each.value != name
            ]
            for property_, values in entities.node(value).values.items()
        }
    return content
