"""Where links lead."""

import pytest
from flask import Flask

from graph.describe import Ref
from graph.terms import text
from web import links

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
        ("", None),
    ],
)
def test_href(pages_app: Flask, name: str, path: str | None) -> None:
    with pages_app.test_request_context():
        assert links.href(Ref(name)) == path


def test_a_term_of_ours_leads_to_its_explanation_and_keeps_the_language(pages_app: Flask) -> None:
    with pages_app.test_request_context("/law/osl?lang=en"):
        assert links.href(Ref(f"{BASE}ns#Person")) == "/ns?lang=en#Person"
        assert (
            links.href(Ref(f"{BASE}ns#NoSuchTerm"))
            == "/resource?iri=https://w3id.org/utsaga/ns%23NoSuchTerm&lang=en"
        )


def test_what_has_a_name_has_a_page_here(pages_app: Flask) -> None:
    with pages_app.test_request_context():
        named = Ref("javascript:alert(1)", (text("harmless"),))
        assert links.href(named) == "/resource?iri=javascript:alert(1)"


def test_documents(pages_app: Flask) -> None:
    with pages_app.test_request_context("/?lang=en"):
        assert links.page(f"{BASE}id/law/osl", "ttl") == "/law/osl.ttl"
        assert links.page(f"{BASE}code/deployment/cloud", "nt") == "/code/deployment/cloud.nt"
        assert links.page(f"{BASE}id/law/osl") == "/law/osl?lang=en"
        assert links.page(f"{BASE}id/person/eva-ek#it-chef") == "/person/eva-ek?lang=en#it-chef"


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
def test_site(name: str, site: str) -> None:
    assert links.site(name) == site


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("https://www.wikidata.org/entity/Q52502", "Q52502"),
        ("https://sws.geonames.org/2711533/", "2711533"),
        ("https://eur-lex.europa.eu/legal-content/SV/TXT/?uri=CELEX:32016R0679", "32016R0679"),
        ("http://data.europa.eu/eli/reg/2016/679/oj", "reg/2016/679/oj"),
    ],
)
def test_tail(name: str, last: str) -> None:
    assert links.tail(name) == last


def test_short() -> None:
    assert links.short(f"{BASE}id/person/eva-ek") == "eva-ek"
    assert links.short(f"{BASE}code/deployment/cloud") == "code:deployment/cloud"
    assert links.short("http://purl.org/dc/terms/source") == "dcterms:source"
    assert links.short("https://example.org/x") == "https://example.org/x"
