"""Tests of the panel of facts from Wikidata on the pages of entities."""

import re

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from graph.backends.in_process import InProcess
from web.app import create_app
from web.html.app_state import AppState

TRIG = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix id: <https://w3id.org/utsaga/id/organisation/> .
@prefix p: <http://www.wikidata.org/prop/> .
@prefix pq: <http://www.wikidata.org/prop/qualifier/> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix ps: <http://www.wikidata.org/prop/statement/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix uts: <https://w3id.org/utsaga/ns#> .
@prefix wd: <http://www.wikidata.org/entity/> .
@prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix wkt: <http://www.opengis.net/ont/geosparql#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix record: <https://w3id.org/utsaga/graph/enrichment/wikidata#organisation/> .

id:aby a uts:Municipality ; rdfs:label "Åby"@sv .
id:oby a uts:Municipality ; rdfs:label "Öby"@sv ; wdt:P856 <https://oby.example/> .
id:zby a uts:Municipality ; rdfs:label "Zby"@sv .
<https://w3id.org/utsaga/graph/enrichment/wikidata> {
  record:aby foaf:primaryTopic id:aby ;
    prov:wasDerivedFrom wd:Q1 ; dcterms:created "2026-11-24"^^xsd:date .
  record:zby foaf:primaryTopic id:zby ;
    prov:wasDerivedFrom wd:Q3 ; dcterms:created "2026-11-24"^^xsd:date .
  id:aby wdt:P1082 12345 ; p:P1082 <http://www.wikidata.org/entity/statement/Q1-a> ;
    wdt:P625 "Point(13.5 55.25)"^^wkt:wktLiteral ; wdt:P159 wd:Q2 ;
    wdt:P94 <http://commons.wikimedia.org/wiki/Special:FilePath/Vapen.svg> ;
    wdt:P856 <https://aby.example/>, <javascript:alert(1)> .
  <http://www.wikidata.org/entity/statement/Q1-a> ps:P1082 12345 ; pq:P585 "2024-12-31"^^xsd:date .
  wd:Q2 rdfs:label "Storby"@sv .
}
"""


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    found = create_app(
        AppState.of(InProcess.of(parse(TRIG, format=RdfFormat.TRIG), union=True))
    ).test_client()
    found.environ_base |= {"HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_LANGUAGE": "sv"}
    return found


def panel(client: FlaskClient, path: str) -> str:
    """Return the HTML of the panel of the page at `path`, or nothing if it has none."""
    found = re.search('<section class="wikidata-facts">.*?</section>', client.get(path).text, re.DOTALL)
    return found[0] if found else ""


def test_facts_are_shown_with_their_item_and_date(client: FlaskClient) -> None:
    text = panel(client, "/organisation/aby")
    words = " ".join(re.sub("<[^>]*>", " ", text).replace("\xa0", " ").split())
    assert words.startswith("Från Wikidata 12 345 folkmängd 31 december 2024 Storby huvudkontor aby.example")
    assert "55,25° N, 13,5° Ö koordinater" in words
    assert words.endswith("Hämtat 24 november 2026 , Q1")
    assert '<a href="http://www.wikidata.org/entity/Q1" rel="external">' in text


def test_facts_are_shown_in_english(client: FlaskClient) -> None:
    text = panel(client, "/organisation/aby?lang=en")
    assert "From Wikidata" in text
    assert "official site" in text


def test_image_is_linked_and_not_embedded(client: FlaskClient) -> None:
    text = client.get("/organisation/aby").text
    assert (
        '<a href="http://commons.wikimedia.org/wiki/Special:FilePath/Vapen.svg" rel="external">Vapen</a>'
        in text
    )
    assert "<img" not in text


def test_value_that_is_no_url_is_no_link(client: FlaskClient) -> None:
    text = client.get("/organisation/aby").text
    assert 'href="javascript:' not in text


def test_facts_are_shown_in_their_panel_only(client: FlaskClient) -> None:
    text = client.get("/organisation/aby").text.replace(panel(client, "/organisation/aby"), "")
    assert "55,25" not in text
    assert "12\xa0345" not in text
    assert "primaryTopic" not in text


def test_facts_without_a_wikidata_record_are_ordinary_facts(client: FlaskClient) -> None:
    assert panel(client, "/organisation/oby") == ""
    assert "https://oby.example/" in client.get("/organisation/oby").text


def test_no_panel_without_facts(client: FlaskClient) -> None:
    assert panel(client, "/organisation/zby") == ""


def test_documents_include_the_facts(client: FlaskClient) -> None:
    assert "wdt:P1082 12345" in client.get("/organisation/aby.ttl").text
