"""Identifiers of other registers are resolved to entities."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.core.namespaces import ID

LCC = "https://www.omg.org/spec/LCC/Countries/Regions/ISO3166-2-SubdivisionCodes-SE/"


@pytest.fixture
def client(release_app: Flask) -> FlaskClient:
    return release_app.test_client()


@pytest.mark.parametrize(
    ("asked", "entity"),
    [
        ("wikidata=Q52502", "organisation/goteborgs-kommun"),
        ("wikidata=wd:q52502", "organisation/goteborgs-kommun"),
        ("wikidata=https://www.wikidata.org/wiki/Q52502", "organisation/goteborgs-kommun"),
        ("iri=http://www.wikidata.org/entity/Q52502", "organisation/goteborgs-kommun"),
        ("iri=https://wikidata.org/wiki/Q52502", "organisation/goteborgs-kommun"),
        ("iri=https://w3id.org/utsaga/id/law/osl", "law/osl"),
        ("iri=http://localhost/law/osl", "law/osl"),
        ("iri=http://localhost/id/law/osl", "law/osl"),
        ("iri=https://sws.geonames.org/2708794/", "place/"),
        ("iri=http://sws.geonames.org/2708794", "place/"),
        ("orgnr=212000-1355", "organisation/goteborgs-kommun"),
        ("orgnr=2120001355", "organisation/goteborgs-kommun"),
        ("orgnr=SE212000135501", "organisation/goteborgs-kommun"),
        ("municipality=1480", "organisation/goteborgs-kommun"),
        ("municipality=180", "organisation/stockholms-kommun"),
        ("sfs=2009:400", "law/osl"),
        ("sfs=SFS%202009:400", "law/osl"),
        ("celex=32016R0679", "law/gdpr"),
        ("celex=celex:32016r0679", "law/gdpr"),
        ("iso3166=SE-O", "place/vastra-gotalands-lan"),
        ("iso3166=se-o", "place/vastra-gotalands-lan"),
        ("nuts=SE232", "place/vastra-gotalands-lan"),
        ("iri=http://data.europa.eu/nuts/code/SE232", "place/vastra-gotalands-lan"),
        ("iri=https://data.europa.eu/nuts/code/SE232", "place/vastra-gotalands-lan"),
        (f"iri={LCC}VastraGotalandsLan", "place/vastra-gotalands-lan"),
        ("domain=goteborg.se", "organisation/goteborgs-kommun"),
        ("domain=https://www.Goteborg.se/hem", "organisation/goteborgs-kommun"),
    ],
)
def test_an_identifier_redirects_to_its_entity(client: FlaskClient, asked: str, entity: str) -> None:
    answer = client.get(f"/resolve?{asked}")
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith(f"/id/{entity}")
    assert client.get(answer.headers["Location"]).status_code == 303


def test_a_retired_identifier_redirects_to_the_successor(client: FlaskClient) -> None:
    first = client.get("/resolve?iri=https://w3id.org/utsaga/id/organisation/gotlands-kommun")
    assert client.get(first.headers["Location"]).headers["Location"] == "/id/organisation/region-gotland"


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("wikidata=Q1", "wikidata.org/entity/Q1"),
        ("orgnr=123456-7890", "123456-7890"),
        ("municipality=9999", "9999"),
        ("iri=https://w3id.org/utsaga/id/law/ingen", "law/ingen"),
        ("iri=http://example.org/%3Cx%3E%22", "example.org"),
        ("iso3166=SE-Q", "SE-Q"),
        ("nuts=SE999", "nuts/code/SE999"),
        ("domain=example.org", "example.org"),
    ],
)
def test_an_unknown_identifier_is_in_the_message(client: FlaskClient, asked: str, words: str) -> None:
    answer = client.get(f"/resolve?{asked}")
    assert answer.status_code == 404
    assert words in json.loads(answer.text)["detail"]


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "q=1480",
        "orgnr=",
        "orgnr=212000-1355&municipality=1480",
        "orgnr=212000-1355&orgnr=212000-1124",
        "orgnr=21",
        "wikidata=52502",
        "municipality=14800",
        "sfs=OSL",
        "celex=2016/679",
        "iso3166=DE-BY",
        "nuts=SE23",
        "domain=a b",
        "iri=javascript:alert(1)",
        "iri=" + "x" * 5000,
    ],
)
def test_no_several_and_malformed_identifiers_are_errors(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"/resolve?{asked}")
    assert answer.status_code == 400
    assert answer.content_type == "application/problem+json"


def test_sparql_finds_the_same_entities(client: FlaskClient) -> None:
    item = "http://www.wikidata.org/entity/Q52502"
    stored = client.get("/queries/same-as.json", query_string={"external": item})
    own = f"SELECT ?entity WHERE {{ ?entity <http://www.w3.org/2002/07/owl#sameAs> <{item}> }}"
    asked = client.get("/sparql", query_string={"query": own}, headers={"Accept": "application/json"})
    for answer in (stored, asked):
        rows = json.loads(answer.text)["results"]["bindings"]
        assert [row["entity"]["value"] for row in rows] == [f"{ID}organisation/goteborgs-kommun"]
