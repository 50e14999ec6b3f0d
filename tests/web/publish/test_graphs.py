"""The pages and documents of named graphs."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse
from rdflib import DCTERMS, PROV, RDF, SDO, VOID, Graph, Literal, URIRef

from graph.backends.in_process import InProcess
from graph.release.release import Release
from web.app import create_app
from web.html.app_state import AppState

GRAPHS = "https://w3id.org/utsaga/graph/"
ID = "https://w3id.org/utsaga/id/"
SOURCE = f"{GRAPHS}source/ny-teknik-office-365"


@pytest.fixture
def client(published_app: Flask) -> FlaskClient:
    """A browser on the built release that prefers Swedish."""
    client = published_app.test_client()
    client.environ_base |= {"HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_LANGUAGE": "sv"}
    return client


def path(graph: str) -> str:
    return "/graph/" + graph.removeprefix(GRAPHS)


def read(client: FlaskClient, graph: str) -> Graph:
    return Graph().parse(data=client.get(f"{path(graph)}.ttl").text, format="turtle")


def test_every_named_graph_has_a_page_and_a_document(client: FlaskClient, release: Release) -> None:
    assert len(release.manifest.graphs) > 100
    for graph, size in release.manifest.graphs.items():
        page = client.get(path(graph))
        assert page.status_code == 200, graph
        assert graph in re.sub("<[^>]+>", "", page.text)
        assert read(client, graph).value(URIRef(graph), VOID.triples) == Literal(size)


def test_a_page_says_who_says_what(client: FlaskClient) -> None:
    text = client.get(path(SOURCE)).text
    assert "<h1><bdi>Kommunerna som väljer Office 365</bdi></h1>" in text
    assert 'href="/source/ny-teknik-office-365"' in text
    assert 'href="/organisation/ny-teknik"' in text
    assert "Utsaga, med egna ord, ur källan" in text
    assert 'href="/download/source.ny-teknik-office-365.nt.gz"' in text
    assert 'href="/statement/' in text
    assert 'href="/graph/source/ny-teknik-office-365?kind=statement"' in text
    assert "GRAPH" in text, "its triples can be asked for"
    assert "What one source says" in client.get(f"{path(SOURCE)}?lang=en").text


def test_a_document_says_the_same(client: FlaskClient) -> None:
    graph, found = URIRef(SOURCE), read(client, SOURCE)
    source = URIRef(f"{ID}source/ny-teknik-office-365")
    assert (graph, RDF.type, VOID.Dataset) in found
    assert found.value(graph, PROV.wasDerivedFrom) == source
    assert found.value(source, DCTERMS.publisher) == URIRef(f"{ID}organisation/ny-teknik")
    assert found.value(graph, DCTERMS.license) == URIRef("https://creativecommons.org/publicdomain/zero/1.0/")
    assert (
        str(found.value(graph, VOID.dataDump))
        == "http://localhost/download/source.ny-teknik-office-365.nt.gz"
    )
    statement = URIRef(f"{ID}statement/ny-teknik-office-365-malmo-annan-syn")
    assert (graph, SDO.about, statement) in found
    assert found.value(statement, URIRef("https://w3id.org/utsaga/ns#text"))
    counts = {
        str(found.value(part, VOID["class"])): found.value(part, VOID.entities)
        for part in found.objects(graph, VOID.classPartition)
    }
    about = {str(each) for each in found.objects(graph, SDO.about)}
    statements = len(set(found.subjects(URIRef("https://w3id.org/utsaga/ns#text"))))
    assert counts["https://w3id.org/utsaga/ns#Statement"] == Literal(statements)
    assert found.value(graph, VOID.distinctSubjects) == Literal(len(about))


def test_what_a_graph_is_about_is_paged_by_kind(client: FlaskClient) -> None:
    seen = set[str]()
    for number in (1, 2, 3):
        text = client.get(f"/graph/register/municipalities?kind=organisation&page={number}").text
        main = text[text.index("<main") : text.index("</main>")]
        seen |= set(re.findall(r'<li><a href="/organisation/([a-z-]+)"', main))
        assert '<meta name="robots" content="noindex">' in text
    assert len(seen) == 290
    assert client.get("/graph/register/municipalities?kind=organisation&page=4").status_code == 404
    assert client.get("/graph/register/municipalities?kind=statement").status_code == 404
    assert client.get("/graph/register/municipalities?kind=nothing").status_code == 400


@pytest.mark.parametrize(
    ("accept", "media_type", "location"),
    [
        ("text/html", "text/html", None),
        ("text/turtle", "text/turtle", "/graph/links/wikidata.ttl"),
        ("application/trig", "application/trig", "/graph/links/wikidata.trig"),
    ],
)
def test_a_graph_is_negotiated(
    client: FlaskClient, accept: str, media_type: str, location: str | None
) -> None:
    answer = client.get("/graph/links/wikidata", headers={"Accept": accept})
    assert (answer.status_code, answer.mimetype) == (200, media_type)
    assert answer.headers.get("Content-Location") == location


@pytest.mark.parametrize(
    "name", ["/graph/source/nothing", "/graph/nothing", "/graph/inferred/x", "/graph/inferred.exe"]
)
def test_no_such_graph(client: FlaskClient, name: str) -> None:
    assert client.get(name).status_code == 404


def test_the_graph_view_is_another_page(client: FlaskClient) -> None:
    assert client.get("/graph").status_code == 400
    assert client.get(f"/graph?iri={ID}law/osl").status_code == 200


def test_pages_lead_to_the_graphs_of_values_and_of_the_data_set(client: FlaskClient) -> None:
    assert 'href="/graph/register/municipalities"' in client.get("/organisation/eda-kommun").text
    assert 'href="/graph/source/ny-teknik-office-365"' in client.get("/dataset").text


def test_a_graph_of_other_data_has_its_size_and_no_licence_of_ours() -> None:
    name = URIRef(f"{GRAPHS}register/x")
    quads = parse(f"<{name}> {{ <{ID}law/x> <x:n> 1 , 2 }}", format=RdfFormat.TRIG)
    client = create_app(AppState.of(InProcess.of(quads))).test_client()
    found = Graph().parse(data=client.get(f"{path(name)}.ttl").text, format="turtle")
    assert found.value(name, VOID.triples) == Literal(2)
    assert (name, SDO.about, URIRef(f"{ID}law/x")) in found
    assert found.value(None, DCTERMS.license) is None
    page = client.get(path(name), headers={"Accept": "text/html"})
    assert page.status_code == 200
    assert "CC0" not in page.text[page.text.index("<main") : page.text.index("</main>")]
