"""Tests of identifiers, documents and pages of entities."""

import json

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse
from werkzeug.test import Client

from graph.backends.in_process import InProcess
from graph.build.pipeline import FACTS
from tests.web.cached import Cached
from web.app import create_app
from web.html.app_state import AppState

ID = "https://w3id.org/utsaga/id/"
FORMATS = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
    "nq": ("application/n-quads", RdfFormat.N_QUADS),
    "trig": ("application/trig", RdfFormat.TRIG),
    "n3": ("text/n3", RdfFormat.N3),
}


@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        ("text/html", ""),
        ("*/*", ""),
        ("text/html,application/xhtml+xml,*/*;q=0.8", ""),
        ("text/turtle", ".ttl"),
        ("application/ld+json", ".jsonld"),
        ("application/n-triples", ".nt"),
        ("application/rdf+xml", ".rdf"),
        ("application/json", ".json"),
        ("application/n-quads", ".nq"),
        ("application/trig", ".trig"),
        ("text/n3", ".n3"),
        ("application/xml", ".rdf"),
        ("text/plain", ".nt"),
        ("application/x-turtle", ".ttl"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", ""),
        ("text/html;q=0.3, text/turtle;q=0.9", ".ttl"),
    ],
)
def test_identifier_redirects_by_accept(pages: FlaskClient, accept: str, extension: str) -> None:
    answer = pages.get("/id/organisation/aby-kommun", headers={"Accept": accept})
    assert (answer.status_code, answer.location) == (303, f"/organisation/aby-kommun{extension}")
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("path", ["/id/organisation/aby-kommun", "/organisation/aby-kommun"])
def test_unsupported_accept(pages: FlaskClient, path: str) -> None:
    assert pages.get(path, headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    "path",
    [
        "/id/organisation/nobody",
        "/organisation/nobody",
        "/organisation/nobody.ttl",
        "/organisation/Not-A-Slug",
        "/organisation/aby-kommun.exe",
        "/nothing/aby-kommun",
        "/id/nothing/aby-kommun",
        "/code/adoption-status/nothing",
        "/resource",
        "/resource?iri=not an iri",
        "/resource?iri=https://example.org/unknown",
        "/resource/links?iri=https://example.org/unknown&property=x",
        f"/resource/links?iri={ID}person/eva-ek&property=https://example.org/unknown",
    ],
)
def test_unknown_entities_are_not_found(pages: FlaskClient, path: str) -> None:
    assert pages.get(path).status_code == 404


def test_not_found_takes_precedence_over_not_acceptable(pages: FlaskClient) -> None:
    assert pages.get("/id/organisation/nobody", headers={"Accept": "image/png"}).status_code == 404


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/id/organisation/aby-koping", "/id/organisation/aby-kommun"),
        ("/organisation/aby-koping", "/organisation/aby-kommun"),
        ("/organisation/aby-koping.ttl", "/organisation/aby-kommun.ttl"),
    ],
)
def test_retired_identifier_redirects_permanently(pages: FlaskClient, path: str, target: str) -> None:
    answer = pages.get(path)
    assert (answer.status_code, answer.location) == (308, target)


def test_every_retired_identifier_redirects(reader: FlaskClient) -> None:
    files = (yaml.safe_load(path.read_text("utf-8")) for path in (FACTS / "sources").glob("*.yaml"))
    retired = [each for source in files for each in source.get("retired", ())]
    assert retired
    for each in retired:
        answer = reader.get(f"/{each['id']}")
        assert (answer.status_code, answer.location) == (308, f"/{each['replacedBy']}")
        assert reader.get(f"/{each['replacedBy']}").status_code == 200


@pytest.mark.parametrize("extension", FORMATS)
def test_rdf_document(pages: FlaskClient, extension: str) -> None:
    media_type, form = FORMATS[extension]
    answer = pages.get(f"/person/eva-ek.{extension}")
    assert answer.mimetype == media_type
    triples = {(quad.subject, quad.predicate.value) for quad in parse(answer.data, format=form)}
    subjects = {getattr(subject, "value", "") for subject, _ in triples}
    assert f"{ID}person/eva-ek#it-chef" in subjects, "the office is part of the person's document"
    assert f"{ID}statement/bladet-2017-aby-stopp" in subjects, "so are the links that lead here"


def test_documents_include_blank_nodes(pages: FlaskClient) -> None:
    assert b'"000"' in pages.get("/product/molnet.nt").data
    assert "000" in json.dumps(pages.get("/product/molnet.json").json)
    assert "000" in pages.get("/product/molnet").text


def test_page_shows_the_items_of_an_rdf_list(pages: FlaskClient) -> None:
    text = pages.get("/product/molnet").text
    assert text.index("<bdi>ett</bdi>") < text.index("<bdi>två</bdi>")
    assert "rdf:rest" not in text


def test_json_document(pages: FlaskClient) -> None:
    document = pages.get("/organisation/aby-kommun.json").json
    assert document is not None
    assert document["id"] == f"{ID}organisation/aby-kommun"
    assert document["labels"] == {"sv": "Åby kommun", "en": "Åby Municipality"}
    assert document["values"]["uts:population"] == [
        {"value": "12345", "datatype": "http://www.w3.org/2001/XMLSchema#integer"}
    ]
    assert document["incoming"]["uts:onBehalfOf"] == 1


def test_document_is_negotiated_at_the_page(pages: FlaskClient) -> None:
    answer = pages.get("/law/osl", headers={"Accept": "text/turtle"})
    assert answer.mimetype == "text/turtle"
    assert answer.headers["Content-Location"] == "/law/osl.ttl"
    assert set(answer.vary) == {"Accept"}


def test_link_headers_to_the_other_documents(pages: FlaskClient) -> None:
    answer = pages.get("/law/osl")
    assert '</law/osl.ttl>; rel="alternate"; type="text/turtle"' in answer.headers.getlist("Link")
    assert '<link rel="alternate" type="application/ld+json" href="/law/osl.jsonld">' in answer.text


def test_conditions(pages_app: Flask) -> None:
    client = Client(Cached(pages_app, max_bytes=1 << 20))
    for path in ("/law/osl", "/law/osl.ttl", "/law/osl"):  # the last one from the cache
        tag = client.get(path).headers["ETag"]
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200
        assert client.get(path, headers={"If-Match": '"other"'}).status_code == 412
        assert client.get(path, headers={"If-Match": "*"}).status_code == 200


def test_validators(pages: FlaskClient) -> None:
    first = pages.get("/law/osl")
    assert pages.get("/law/osl").headers["ETag"] == first.headers["ETag"]
    assert first.headers["Last-Modified"] == "Tue, 24 Nov 2026 09:00:00 GMT"
    other = pages.get("/law/osl?lang=en")
    assert other.headers["ETag"] != first.headers["ETag"]


def test_no_validators_without_a_release(sample: InProcess) -> None:
    answer = create_app(AppState.of(sample)).test_client().get("/law/osl", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "ETag" not in answer.headers


def test_organisation(pages: FlaskClient) -> None:
    text = pages.get("/organisation/aby-kommun").text
    listed = "/adoption?status=halted&amp;product=molnet"
    assert f'<span class="status halted"><a href="{listed}"><bdi>stoppat</bdi></a>' in text
    assert "hela kommunen" in text
    assert "Åby köping" in text
    assert "En mätning av domänens DNS, inget beslut." in text
    assert "Domänens MX pekar på leverantören." in text
    assert 'class="assessment obstacle highlighted"' in text
    assert 'class="assessment no-obstacle"' in text
    assert "Eva Ek" in text
    assert "Öbys jurister ser inget hinder." in text, "what others say about it"
    assert '<a href="http://www.wikidata.org/entity/Q1" rel="external">Wikidata</a>' in text
    assert "12 345" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_organisation_without_claims(pages: FlaskClient) -> None:
    assert "ingen uppgift" in pages.get("/organisation/zby-kommun").text


def test_person(pages: FlaskClient) -> None:
    answer = pages.get("/person/eva-ek")
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in answer.text
    assert "it-chef" in answer.text
    assert "ordförande" in answer.text
    assert "Åby stoppar Molnet." in answer.text
    assert "/report?about=https://w3id.org/utsaga/id/person/eva-ek" in answer.text
    assert "/about#persons" in answer.text


def test_speaker_is_shown_with_the_office_of_the_source(pages: FlaskClient) -> None:
    text = pages.get("/statement/bladet-2017-aby-stopp").text
    speaker = text[text.index('<p class="attribution">') :].split("</p>")[0]
    assert "it-chef" in speaker
    assert "ordförande" not in speaker


def test_product(pages: FlaskClient) -> None:
    text = pages.get("/product/molnet").text
    assert '<th scope="row"><a href="/organisation/aby-kommun">' in text
    assert text.count('<article class="assessment') == 2
    assert text.count('<article class="statement">') == 3


def test_law(pages: FlaskClient) -> None:
    text = pages.get("/law/osl").text
    assert "SFS 2009:400" in text
    assert '<time datetime="2009-06-30">30 juni 2009</time>' in text
    assert "Åby stoppar Molnet." in text
    assert text.count('<article class="assessment') == 2


def test_statement(pages: FlaskClient) -> None:
    text = pages.get("/statement/bladet-2017-aby-stopp").text
    assert '<blockquote lang="sv"><bdi>Åby stoppar Molnet.</bdi></blockquote>' in text
    assert '<blockquote lang="en"><bdi>Åby halts Molnet.</bdi></blockquote>' in text
    assert 'href="/passage/bladet-2017-50-90"' in text
    assert 'href="/source/bladet-2017"' in text
    assert "def456" in text
    assert "stycke 2, tecken 50–90" in text
    assert 'href="/adoption/aby-kommun-molnet-2017"' in text
    assert 'href="/assessment/aby-molnet-osl-2017"' in text
    assert "Besvaras av" in text
    assert "Står mot" in text


def test_statement_reported_by_a_register_names_it(reader: FlaskClient) -> None:
    unread = reader.get("/statement/imy-region-uppsala-sanktionsavgift").text
    assert "Vi har inte läst källan i sin helhet" in unread
    assert 'href="/source/uppfoljningar"' in unread
    read = reader.get("/statement/ny-teknik-office-365-goteborg-stopp").text
    assert "Vi har inte läst källan" not in read


def test_source_shows_statements_in_reading_order(pages: FlaskClient) -> None:
    text = pages.get("/source/bladet-2017").text
    assert text.index("Öbys jurister ser inget hinder.") < text.index("Åby stoppar Molnet.")
    assert '<time datetime="2017-10">oktober 2017</time>' in text
    assert "Datum saknas i trycket." in text


def test_passage(pages: FlaskClient) -> None:
    text = pages.get("/passage/bladet-2017-0-40").text
    assert "abc123" in text
    assert "0–40" in text
    assert 'href="/source/bladet-2017/verify"' in text
    assert "Öbys jurister ser inget hinder." in text


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/adoption/aby-kommun-molnet-2017", ["stoppat", "Åby stoppar Molnet.", "hela kommunen"]),
        ("/assessment/oby-molnet-osl-2017", ["inget hinder", "Inga känsliga uppgifter.", "Åby kommun"]),
        ("/observation/mail-0001-2026-04-23", ["Microsoft", "inget beslut", "23 april 2026"]),
        ("/place/mellanlan", ["Mellanlän", "Åby kommun", "Öby kommun"]),
        ("/code/adoption-status", ["läge", "stoppat"]),
        ("/code/adoption-status/halted", ["Infört men avbrutet.", "Åby: Molnet"]),
        ("/resource?iri=https://w3id.org/utsaga/ns%23Municipality", ["kommun", "Zby kommun"]),
    ],
)
def test_other_pages(pages: FlaskClient, path: str, words: list[str]) -> None:
    text = pages.get(path).text
    assert [word for word in words if word not in text] == []


def test_implied_links_are_not_shown_twice(pages: FlaskClient) -> None:
    text = pages.get("/statement/bladet-2017-aby-stopp").text
    assert "uts:derivedFrom" in text
    assert "prov:wasDerivedFrom" not in text


def test_backlinks(pages: FlaskClient) -> None:
    text = pages.get(
        f"/resource/links?iri={ID}product/molnet&property=https://w3id.org/utsaga/ns%23about"
    ).text
    assert text.count('href="/statement/') == 3


@pytest.mark.parametrize("page", ["0", "2", "-1", "x", "٣", "9" * 30])
def test_page_out_of_range(pages: FlaskClient, page: str) -> None:
    path = f"/resource/links?iri={ID}product/molnet&property=https://w3id.org/utsaga/ns%23about&page={page}"
    assert pages.get(path).status_code == 404


def test_hostile_values_are_escaped(pages: FlaskClient) -> None:
    for path in ("/product/hostile", "/organisation/aby-kommun", "/product"):
        text = pages.get(path).text
        assert "<script>" not in text
        assert 'href="javascript:' not in text
        assert 'href="data:' not in text
        assert ' onclick="' not in text
        assert 'href="http://user@' not in text


def test_entity_without_a_label_is_named_by_its_slug(pages: FlaskClient) -> None:
    assert "<h1><bdi>nameless</bdi></h1>" in pages.get("/product/nameless").text


def test_other_language_has_its_lang_attribute(pages: FlaskClient) -> None:
    assert '<bdi lang="he">' in pages.get("/product/hostile").text
    assert '<bdi lang="sv">Öby kommun</bdi>' in pages.get("/organisation/oby-kommun?lang=en").text
