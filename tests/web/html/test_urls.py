"""URLs and targets of links."""

import pytest
from flask import Flask

from graph.core.terms import text
from graph.read.entities import Ref
from web.html import urls

BASE = "https://w3id.org/utsaga/"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (f"{BASE}id/person/eva-ek", "/person/eva-ek"),
        (f"{BASE}id/person/eva-ek#it-chef", "/person/eva-ek#it-chef"),
        (f"{BASE}code/deployment", "/code/deployment"),
        (f"{BASE}code/deployment/cloud", "/code/deployment/cloud"),
        (f"{BASE}query/evidence", "/queries/evidence"),
        (f"{BASE}ns#Person", "/ns#Person"),
        ("https://example.org/x", "https://example.org/x"),
        ("http://example.org/å", "http://example.org/å"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("mailto:a@example.org", None),
        ("https:///x", None),
        ("//example.org/x", None),
        ("https://user@example.org/", None),
        ("https://example.org/a'b", None),
        ('https://example.org/"b', None),
        ("https://example.org/\u202eb", None),
        ("https://[bad/", None),
        ("https://example.org/" + "x" * 2_000, None),
        ("", None),
    ],
)
def test_link_targets(pages_app: Flask, name: str, path: str | None) -> None:
    with pages_app.test_request_context():
        assert urls.link_target(Ref(name)) == path


def test_a_term_of_our_vocabulary_links_to_its_definition(pages_app: Flask) -> None:
    with pages_app.test_request_context("/law/osl?lang=en"):
        assert urls.link_target(Ref(f"{BASE}ns#Person")) == "/ns?lang=en#Person"
        assert (
            urls.link_target(Ref(f"{BASE}ns#NoSuchTerm"))
            == "/resource?iri=https://w3id.org/utsaga/ns%23NoSuchTerm&lang=en"
        )


def test_an_entity_with_a_label_has_a_page(pages_app: Flask) -> None:
    with pages_app.test_request_context():
        named = Ref("javascript:alert(1)", (text("harmless"),))
        assert urls.link_target(named) == "/resource?iri=javascript:alert(1)"


def test_urls_of_documents(pages_app: Flask) -> None:
    with pages_app.test_request_context("/?lang=en"):
        assert urls.entity_url(f"{BASE}id/law/osl", "ttl") == "/law/osl.ttl"
        assert urls.entity_url(f"{BASE}code/deployment/cloud", "nt") == "/code/deployment/cloud.nt"
        assert urls.entity_url(f"{BASE}id/law/osl") == "/law/osl?lang=en"
        assert urls.entity_url(f"{BASE}id/person/eva-ek#it-chef") == "/person/eva-ek?lang=en#it-chef"


@pytest.mark.parametrize(
    ("name", "site"),
    [
        ("http://www.wikidata.org/entity/Q1", "Wikidata"),
        ("https://data.riksdagen.se/dokument/x", "Riksdagen"),
        ("http://data.europa.eu/eli/reg/2016/679/oj", "EU (ELI)"),
        ("http://data.europa.eu/nuts", "NUTS"),
        ("http://data.europa.eu/nutshell", "data.europa.eu"),
        ("https://www.omg.org/spec/LCC/Countries/Regions/X/Y", "ISO 3166-2 (OMG LCC)"),
        ("https://www.example.org/x", "example.org"),
        ("https://notwikidata.org/x", "notwikidata.org"),
        ("javascript:alert(1)", ""),
    ],
)
def test_site_names(name: str, site: str) -> None:
    assert urls.site_name(name) == site


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("https://www.wikidata.org/entity/Q52502", "Q52502"),
        ("https://sws.geonames.org/2711533/", "2711533"),
        ("https://eur-lex.europa.eu/legal-content/SV/TXT/?uri=CELEX:32016R0679", "32016R0679"),
        ("http://data.europa.eu/eli/reg/2016/679/oj", "reg/2016/679/oj"),
    ],
)
def test_local_names(name: str, last: str) -> None:
    assert urls.local_name(name) == last


def test_short_iris() -> None:
    assert urls.short_iri(f"{BASE}id/person/eva-ek") == "eva-ek"
    assert urls.short_iri(f"{BASE}code/deployment/cloud") == "code:deployment/cloud"
    assert urls.short_iri("http://purl.org/dc/terms/source") == "dcterms:source"
    assert urls.short_iri("https://example.org/x") == "https://example.org/x"
