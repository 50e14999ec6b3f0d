"""Envelopes as JSON keep to their schema, and are Web Annotation and PROV as JSON-LD."""

import json
from dataclasses import fields
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from rdflib import Graph, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF

from graph.core.namespaces import ID
from graph.evidence.envelope import Envelope
from web.evidence.documents import envelope_documents
from web.html.app_state import app_state

OA = Namespace("http://www.w3.org/ns/oa#")
UTS = Namespace("https://w3id.org/utsaga/ns#")
RDFLIB = pytest.mark.filterwarnings("ignore:ConjunctiveGraph")  # which its own parser makes
MALMO = f"{ID}statement/ny-teknik-office-365-malmo-annan-syn"


@pytest.fixture
def schema(reader: FlaskClient) -> dict[str, Any]:
    answer = reader.get("/ns/evidence.schema.json")
    assert answer.mimetype == "application/schema+json"
    found: dict[str, Any] = json.loads(answer.data)
    return found


@pytest.fixture
def every_envelope(release_app: Flask) -> list[dict[str, Any]]:
    with release_app.app_context():
        every = app_state().entities.index.of_kind("statement")
        documents = envelope_documents(every.page(0, len(every)))
    found: list[dict[str, Any]] = json.loads(json.dumps(documents))
    return found


def test_each_envelope_is_as_the_schema_says(
    every_envelope: list[dict[str, Any]], schema: dict[str, Any]
) -> None:
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert len(every_envelope) > 300
    for each in every_envelope:
        validator.validate(each)
    broken = every_envelope[0] | {"read": "yes"}
    assert not validator.is_valid(broken)


def test_the_schema_has_each_member_of_the_dataclass(schema: dict[str, Any]) -> None:
    extra = {"@context", "type", "attributedTo", "release", "cite"}
    assert set(schema["properties"]) == {each.name for each in fields(Envelope)} | extra


@RDFLIB
def test_an_envelope_is_an_annotation_and_an_entity_of_prov(
    every_envelope: list[dict[str, Any]], reader: FlaskClient
) -> None:
    graph = parse(every_envelope, reader)
    statement = URIRef(MALMO)
    assert {OA.Annotation, PROV.Entity, UTS.Statement} == set(graph.objects(statement, RDF.type))
    source = URIRef(f"{ID}source/ny-teknik-office-365")
    assert graph.value(statement, PROV.hadPrimarySource) == source
    assert graph.value(statement, PROV.wasAttributedTo) == URIRef("https://w3id.org/utsaga/dataset#publisher")
    target = graph.value(statement, OA.hasTarget)
    assert target == URIRef(f"{ID}passage/ny-teknik-office-365-1256-1325")
    assert graph.value(target, OA.hasSource) == source
    selector = graph.value(target, OA.hasSelector)
    assert graph.value(selector, RDF.type) == OA.TextPositionSelector
    bounds = [graph.value(selector, OA[each]) for each in ("start", "end")]
    assert [each and each.toPython() for each in bounds] == [1256, 1325]  # type: ignore[attr-defined]  # literals
    assert {each.language for each in graph.objects(statement, DCTERMS.bibliographicCitation)} == {"sv", "en"}  # type: ignore[attr-defined]


@RDFLIB
def test_only_what_has_passages_is_an_annotation(
    every_envelope: list[dict[str, Any]], reader: FlaskClient
) -> None:
    graph = parse(every_envelope, reader)
    annotated = set(graph.subjects(RDF.type, OA.Annotation))
    assert annotated == set(graph.subjects(OA.hasTarget, None))
    assert annotated == {URIRef(each["statement"]) for each in every_envelope if each["read"]}


def test_a_citation_is_in_both_languages_and_names_the_release(release_app: Flask) -> None:
    with release_app.app_context():
        [found] = envelope_documents([MALMO])
    assert found["cite"]["sv"].startswith("Enligt Utsaga, som sammanfattar vad Patrik Kron, it-chef")
    assert found["cite"]["en"].startswith("According to Utsaga's summary of what Patrik Kron, head of IT")
    assert "stycke 11, tecken 1256–1325" in found["cite"]["sv"]
    assert all(found["release"] in each for each in found["cite"].values())


def test_the_language_of_the_reader_does_not_matter(release_app: Flask) -> None:
    with release_app.test_request_context("/", headers={"Accept-Language": "en"}):
        english = envelope_documents([MALMO])
    with release_app.test_request_context("/?lang=sv"):
        assert envelope_documents([MALMO]) == english


def parse(envelopes: list[dict[str, Any]], reader: FlaskClient) -> Graph:
    """Return the triples of `envelopes`, whose context is read from the application and not from the web."""
    context = reader.get("/ns/evidence.jsonld")
    assert context.mimetype == "application/ld+json"
    graph = Graph()
    document = {"@context": json.loads(context.data)["@context"], "@graph": []}
    document["@graph"] = [{key: each[key] for key in each if key != "@context"} for each in envelopes]
    return graph.parse(data=json.dumps(document), format="json-ld")
