"""RDF and JSON documents about one entity."""

import json
from typing import Any
from unittest.mock import Mock

import pytest
from pyoxigraph import RdfFormat, parse
from rdflib import DCTERMS, FOAF, RDF, RDFS, Graph, Literal, URIRef

from graph.documents import entity_documents
from graph.documents.document_source import DocumentSource
from graph.query.store import ReleaseStore
from graph.rdf.formats import by_media_type
from graph.read.entities import Entities

N_TRIPLES = by_media_type("graph")["application/n-triples"]
ID = "https://w3id.org/utsaga/id/"


DOCUMENT = "https://example.org/law/x.nt"
NO_RELEASE = DocumentSource(DOCUMENT)
RELEASE = DocumentSource(DOCUMENT, "abc123def456")
ABOUT_ITSELF = 2  # triples of a document that is from no release


def lines(entities: Entities, name: str, source: DocumentSource = NO_RELEASE) -> list[str]:
    written = entity_documents.rdf_document(entities, name, N_TRIPLES, source)
    return written.decode().splitlines()


def as_json(entities: Entities, name: str, source: DocumentSource = RELEASE) -> dict[str, Any]:
    return entity_documents.json_document(entities, name, source)


def entities(data: str) -> Entities:
    return Entities(ReleaseStore.of(parse(f"@base <{ID}> .\n{data}", format=RdfFormat.TURTLE)))


def test_a_document_contains_the_parts_of_the_entity_only() -> None:
    read = entities(
        """<person/p> <x:has> <person/p#boss>, [ <x:in> [ <x:in> "deep" ] ], <person/q> .
        <person/p#boss> <x:in> "office" . <person/q> <x:in> "elsewhere" ."""
    )
    document = "\n".join(lines(read, f"{ID}person/p"))
    assert '"office"' in document
    assert '"deep"' in document
    assert '"elsewhere"' not in document


def test_incoming_links_are_limited() -> None:
    count = entity_documents.MAX_INCOMING_LINKS + 10
    read = entities(
        "<law/x> <x:is> 1 .\n" + "\n".join(f"<statement/{n}> <x:cites> <law/x> ." for n in range(count))
    )
    assert len(lines(read, f"{ID}law/x")) == entity_documents.MAX_INCOMING_LINKS + 1 + ABOUT_ITSELF
    assert as_json(read, f"{ID}law/x")["incoming"] == {"x:cites": count}


def test_the_names_of_all_neighbours_are_read_by_a_few_queries(monkeypatch: pytest.MonkeyPatch) -> None:
    count = 450
    read = entities(
        "\n".join(
            f'<law/x> <x:cites> <law/{n}> . <law/{n}> <{RDFS.label}> "law {n}"@en .' for n in range(count)
        )
    )
    select = Mock(side_effect=read.select)
    monkeypatch.setattr(read, "select", select)
    document = "\n".join(lines(read, f"{ID}law/x"))
    assert all(f'<{ID}law/{n}> <{RDFS.label}> "law {n}"@en .' in document for n in range(count))
    assert select.call_count == 3


def test_cyclic_blank_nodes_terminate() -> None:
    read = entities("<law/x> <x:a> _:b . _:b <x:a> _:c . _:c <x:a> _:b .")
    assert len(lines(read, f"{ID}law/x")) == 3 + ABOUT_ITSELF
    assert as_json(read, f"{ID}law/x")["values"]


def test_json_document() -> None:
    read = entities('<law/x> <http://www.w3.org/2000/01/rdf-schema#label> "Lagen"@sv ; <x:n> 1 .')
    document = as_json(read, f"{ID}law/x")
    assert document.pop("@context")
    assert document == {
        "document": {
            "id": DOCUMENT,
            "license": "https://creativecommons.org/publicdomain/zero/1.0/",
            "dataset": "https://w3id.org/utsaga/dataset#utsaga",
            "release": "abc123def456",
        },
        "id": f"{ID}law/x",
        "types": [],
        "labels": {"sv": "Lagen"},
        "values": {
            "rdfs:label": [{"value": "Lagen", "language": "sv"}],
            "x:n": [{"value": "1", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}],
        },
        "incoming": {},
    }


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own use of it
def test_json_is_read_as_json_ld() -> None:
    read = entities(
        """@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        <law/x> a <https://w3id.org/utsaga/ns#LegalAct> ; rdfs:label "Lagen"@sv , "X" ; <x:n> 1 ;
            <https://w3id.org/utsaga/ns#about> <law/y> ; <x:part> [ <x:deep> "deep"@en ] .
        <law/y> rdfs:label "Y"@sv . <statement/s> <x:cites> <law/x> ."""
    )
    graph = Graph().parse(data=json.dumps(as_json(read, f"{ID}law/x")), format="json-ld")
    law, other = URIRef(f"{ID}law/x"), URIRef(f"{ID}law/y")
    assert (law, URIRef("https://w3id.org/utsaga/ns#about"), other) in graph
    assert set(graph.objects(law, RDFS.label)) == {Literal("Lagen", lang="sv"), Literal("X")}
    assert graph.value(other, RDFS.label) == Literal("Y", lang="sv")
    assert graph.value(law, URIRef("x:n")) == Literal(1)
    assert graph.value(law, RDF.type) == URIRef("https://w3id.org/utsaga/ns#LegalAct")
    part = graph.value(law, URIRef("x:part"))
    assert graph.value(part, URIRef("x:deep")) == Literal("deep", lang="en")
    assert graph.value(URIRef(DOCUMENT), FOAF.primaryTopic) == law
    licence = URIRef("https://creativecommons.org/publicdomain/zero/1.0/")
    assert graph.value(URIRef(DOCUMENT), DCTERMS.license) == licence


def test_a_document_names_what_the_entity_links_to_and_what_links_to_it() -> None:
    read = entities(
        """<law/x> <x:about> <law/y> . <law/y> <http://xmlns.com/foaf/0.1/name> "Y" ; <x:other> "not here" .
        <statement/s> <x:cites> <law/x> ; <http://www.w3.org/2000/01/rdf-schema#label> "S"@sv ."""
    )
    document = "\n".join(lines(read, f"{ID}law/x"))
    assert f'<{ID}law/y> <http://xmlns.com/foaf/0.1/name> "Y"' in document
    assert f'<{ID}statement/s> <http://www.w3.org/2000/01/rdf-schema#label> "S"@sv' in document
    assert "not here" not in document


def test_only_a_document_of_a_release_has_its_licence_and_data_set() -> None:
    read = entities("<law/x> <x:n> 1 .")
    assert "creativecommons" not in "".join(lines(read, f"{ID}law/x"))
    written = "".join(lines(read, f"{ID}law/x", RELEASE))
    licence = "<https://creativecommons.org/publicdomain/zero/1.0/>"
    assert f"<{DOCUMENT}> <http://purl.org/dc/terms/license> {licence}" in written
    data_set = "<https://w3id.org/utsaga/dataset#utsaga>"
    assert f"<{DOCUMENT}> <http://rdfs.org/ns/void#inDataset> {data_set}" in written
    assert '"abc123def456"' in written
