"""Tests of the documentation of the vocabulary, the usage of its terms, and its files."""

import json
import re
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse, serialize

from graph.backends.in_process import InProcess
from graph.core.errors import Unavailable
from graph.core.namespaces import OWL, REPLACED_BY, SH, SHAPES, UTS, XSD
from graph.rdf import ontology_files
from graph.release.release import Release
from graph.vocabulary.vocabulary import DOCUMENTS, EXAMPLES, read_vocabulary
from web.app import create_app
from web.html.app_state import AppState


def quads_of(document: str) -> list[Any]:
    text = serialize(ontology_files.read_document(document), format=RdfFormat.N_TRIPLES)
    return [*parse(text, format=RdfFormat.N_TRIPLES)]


ONTOLOGY = quads_of("ns")
TERMS = sorted({quad.subject.value for quad in ONTOLOGY if quad.subject.value.startswith(UTS)})
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
}


def visible(text: str) -> str:
    """Return the text of HTML."""
    return re.sub(r"\s+", " ", re.sub("<[^>]*>", "", text)).replace("&#39;", "'").replace("&#34;", '"')


def articles(text: str) -> dict[str, str]:
    """Return the articles of a page by their anchors."""
    found = re.findall(r'<article class="term" id="([^"]*)">(.*?)</article>', text, re.DOTALL)
    return dict(found)


@pytest.fixture(scope="module")
def page(release_app: Flask) -> str:
    answer = release_app.test_client().get("/ns", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert answer.status_code == 200
    return answer.text


def test_every_term_is_documented_in_both_languages_at_its_anchor(page: str) -> None:
    explained = articles(page)
    assert len(TERMS) > 70
    for term in TERMS:
        words = visible(explained[term.removeprefix(UTS)])
        told = [quad.object for quad in ONTOLOGY if quad.subject.value == term]
        labels = [each for each in told if hasattr(each, "language") and each.language]
        assert {label.language for label in labels} == {"sv", "en"}
        assert all(label.value in words for label in labels), term


def test_every_fragment_link_has_a_target(page: str) -> None:
    anchors = re.findall(r'id="([^"]*)"', page)
    assert len(anchors) == len(set(anchors))
    inside = {unquote(anchor) for anchor in re.findall(r'href="#([^"]*)"', page)}
    assert len(inside) > 100
    assert inside <= set(anchors)


def test_every_shape_with_a_target_is_documented_at_its_anchor(page: str) -> None:
    quads = quads_of("shapes")
    aimed = {quad.subject.value for quad in quads if quad.predicate.value.startswith(SH + "target")}
    anchors = set(re.findall(r'id="([^"]*)"', page))
    assert len(aimed) > 30
    assert {name.removeprefix(SHAPES) for name in aimed} <= anchors


def test_rules_are_in_the_language_of_the_interface(release_app: Flask, page: str) -> None:
    assert "written NNNNNN-NNNN, for example 212000-1355." in visible(articles(page)["PublicBody"])
    assert "exactly one · string xsd:string ^[0-9]{4}$" in visible(articles(page)["Municipality"])
    headers = {"Accept": "text/html", "Accept-Language": "sv"}
    swedish = release_app.test_client().get("/ns", headers=headers).text
    assert "Kommunen saknar län; skriv inCounty" in visible(articles(swedish)["Municipality"])


def test_relations_link_to_their_terms(page: str) -> None:
    explained = articles(page)
    assert 'href="#PublicBody"' in explained["Municipality"]
    assert 'href="#Municipality"' in explained["PublicBody"]
    assert 'href="#hasStatement"' in explained["saidIn"]
    assert 'href="#schema%3Aauthor"' in explained["speaker"].replace("#schema:", "#schema%3A")
    assert 'href="#LegalAct"' in explained["sfsNumber"]


def test_boxes_of_the_diagram_link_to_the_definitions(page: str) -> None:
    drawing = page[page.index('<svg xmlns="http://www.w3.org/2000/svg" class="model-diagram"') :]
    drawing = drawing[: drawing.index("</svg>")]
    assert {"#Statement", "#Passage", "#org%3AFormalOrganization"} <= {
        link.replace("#org:", "#org%3A") for link in re.findall(r'<a href="([^"]*)"', drawing)
    }


def test_relations_of_the_diagram_are_a_table_too(page: str) -> None:
    rows = [
        visible(row)
        for row in re.findall(r'<tr><th scope="row"><a href="#Statement">.*?</tr>', page, re.DOTALL)
    ]
    assert any("said in" in row and "source" in row and "has statement" in row for row in rows)
    assert any("kind" in row and "Statement kinds" in row for row in rows)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["on behalf of → Region Stockholm", "no obstacle", "characters 3287–3350"]),
        ("sv", ["för → Region Stockholm", "inget hinder", "tecken 3287–3350"]),
    ],
)
def test_a_statement_of_the_release_is_the_example(
    release_app: Flask, language: str, words: list[str]
) -> None:
    text = release_app.test_client().get(f"/ns?lang={language}", headers={"Accept": "text/html"}).text
    start = text.index('<ol class="worked-example">')
    example = text[start : text.index("</ol>", start)]
    told = visible(example)
    assert all(word in told for word in words)
    paths = {link.partition("?")[0] for link in re.findall(r'href="(/[^"]*)"', example)}
    assert {
        "/source/ny-teknik-office-365",
        "/passage/ny-teknik-office-365-3154-3286",
        "/statement/ny-teknik-office-365-stockholm-uppfyller-osl",
        "/person/stefan-schildt-region-stockholm",
        "/assessment/region-stockholm-office-365-osl-2017",
        "/product/office-365",
        "/law/osl",
    } <= paths


def test_no_example_without_its_statement(pages: FlaskClient) -> None:
    assert "worked-example" not in pages.get("/ns").text


def test_usage_is_counted_with_at_most_five_examples(page: str, release: Release) -> None:
    for class_, count in release.manifest.classes.items():
        shown = articles(page)[class_.removeprefix(UTS)]
        listed = re.findall(r'href="/(?:organisation|place|statement|passage)/[^"]*"', shown)
        assert len(listed) <= 5
        assert count <= 5 or f"Show all {count}" in visible(shown)
    speaker = visible(articles(page)["speaker"])
    store = Store.read_only(str(release.store))
    said = sum(1 for _ in store.quads_for_pattern(None, NamedNode(UTS + "speaker"), None, None)) // 2
    assert f"{said} times" in speaker


def test_terms_of_others_are_shown_by_their_display_names(page: str) -> None:
    explained = articles(page)
    for term in ("org:Membership", "oa:TextPositionSelector", "skos:Concept", "skos:ConceptScheme"):
        assert "Rules" in visible(explained[term]) or "rules" in visible(explained[term]), term
    assert "office uppdrag org:Membership" in visible(explained["org:Membership"])
    rows = dict(re.findall(r'<tr id="([^"]*)">(.*?)</tr>', page, re.DOTALL))
    assert visible(rows["eli:repeals"]).strip() == "eli:repeals repeals upphäver"
    assert 'href="#foaf%3AAgent"' in rows["org:Organization"].replace("#foaf:", "#foaf%3A")
    assert not {"rdfs:", "dcterms:"} & set(rows), "a vocabulary is no term"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Deprecated: use statement"), ("sv", "Ska inte längre användas: skriv i stället utsaga")],
)
def test_a_deprecated_term_says_what_to_use_instead(
    release_app: Flask, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    term, one = NamedNode(UTS + "Person"), Literal("1", datatype=NamedNode(XSD + "boolean"))
    retired = [
        Quad(term, NamedNode(OWL + "deprecated"), one),
        Quad(term, NamedNode(REPLACED_BY), NamedNode(UTS + "Statement")),
        Quad(NamedNode(UTS + "County"), NamedNode(OWL + "deprecated"), one),
    ]
    quads = [*ontology_files.read_ontology(), *retired]
    monkeypatch.setattr(ontology_files, "read_ontology", lambda: quads)
    vocabulary = read_vocabulary.__wrapped__()
    monkeypatch.setattr("graph.vocabulary.vocabulary.read_vocabulary", lambda: vocabulary)
    headers = {"Accept": "text/html", "Accept-Language": language}
    explained = articles(release_app.test_client().get("/ns", headers=headers).text)
    assert words in visible(explained["Person"])
    assert 'href="#Statement"' in explained["Person"]
    assert words.partition(":")[0] in visible(explained["County"])
    assert words not in visible(explained["County"])
    assert words.partition(":")[0] not in visible(explained["Statement"])


def test_codes_have_definitions_and_usage_counts(page: str) -> None:
    words = visible(articles(page)["code:adoption-status"])
    assert "The organisation uses the product." in words
    assert "Organisationen använder produkten." in words


def test_no_usage_for_data_without_our_terms() -> None:
    quad = Quad(NamedNode("urn:a"), NamedNode("urn:b"), NamedNode("urn:c"))
    app = create_app(AppState.of(InProcess.of([quad])))
    text = app.test_client().get("/ns", headers={"Accept": "text/html"}).text
    assert "I data" not in visible(text)
    assert "Municipality" in articles(text)


def test_vocabulary_is_documented_when_the_data_are_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    store = InProcess.of([])
    app = create_app(AppState.of(store))

    def fail(*_: object, **__: object) -> None:
        raise Unavailable("The endpoint does not answer")

    monkeypatch.setattr(store, "select", fail)
    answer = app.test_client().get("/ns", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "Municipality" in articles(answer.text)


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("document", DOCUMENTS)
def test_each_document_as_rdf(pages: FlaskClient, document: str, extension: str) -> None:
    """The vocabulary is in OWL 2 RL: what is published has no more triples than its files."""
    answer = pages.get(f"/{document}.{extension}")
    parsed = parse(answer.data, format=FORMATS[extension], base_iri="https://w3id.org/utsaga/")
    found = {quad.triple for quad in parsed}
    told = {*ontology_files.read_document(document)}
    assert len(told) > 50
    assert len(found) == len(told)
    assert {triple for triple in told if "_:" not in str(triple)} <= found


def test_the_iri_of_this_version_leads_to_the_vocabulary(pages: FlaskClient) -> None:
    version = next(quad.object for quad in ONTOLOGY if quad.predicate.value == OWL + "versionIRI")
    assert isinstance(version, NamedNode)
    answer = pages.get(version.value.removeprefix("https://w3id.org/utsaga"))
    assert (answer.status_code, answer.location) == (303, "/ns")
    assert pages.get("/ns/0.0.1").status_code == 404


def test_vocabulary_is_negotiated(pages: FlaskClient) -> None:
    html = pages.get("/ns", headers={"Accept": "text/html"})
    assert html.mimetype == "text/html"
    assert "Accept" in html.vary
    turtle = pages.get("/ns", headers={"Accept": "text/turtle"})
    assert turtle.mimetype == "text/turtle"
    assert turtle.headers["Content-Location"] == "/ns.ttl"
    assert '</ns.jsonld>; rel="alternate"; type="application/ld+json"' in turtle.headers.getlist("Link")
    assert pages.get("/ns", headers={"Accept": "image/png"}).status_code == 406
    shapes = pages.get("/shapes", headers={"Accept": "text/html"})
    assert (shapes.status_code, shapes.location) == (303, "/ns")
    assert pages.get("/shapes", headers={"Accept": "application/rdf+xml"}).mimetype == "application/rdf+xml"


def test_context_and_examples_are_served_unchanged(pages: FlaskClient) -> None:
    context = pages.get("/ns/context.jsonld")
    assert context.mimetype == "application/ld+json"
    assert context.headers["Access-Control-Allow-Origin"] == "*"
    assert json.loads(context.data)["@context"]["Statement"] == "uts:Statement"
    files = sorted(EXAMPLES.glob("*.ttl"))
    assert len(files) > 40
    for file in files:
        assert pages.get(f"/ns/examples/{file.name}").data == file.read_bytes()


@pytest.mark.parametrize(
    "name", ["x.ttl", "../utsaga.ttl", "..%2Futsaga.ttl", "%2Fetc%2Fpasswd.ttl", "Statement"]
)
def test_other_files_are_not_served_as_examples(pages: FlaskClient, name: str) -> None:
    assert pages.get(f"/ns/examples/{name}").status_code == 404
