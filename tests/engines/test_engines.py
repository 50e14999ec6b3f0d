"""The same questions give the same answers, and the same pages, whatever engine holds the data."""

from collections import Counter

import pytest
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.backends.protocol import Backend
from graph.backends.remote import RemoteEndpoint
from graph.core.errors import Forbidden
from graph.core.iris import parse_entity_iri
from graph.core.namespaces import UTS
from graph.core.terms import Term, iri
from graph.query import stored
from graph.rdf.formats import Form
from graph.rdf.query_types import Dataset, QueryRequest
from web.app import create_app
from web.html.app_state import AppState

QUERIES = {name: query for name, query in stored.load_queries().items() if not query.services}
CHOICES: dict[Form, str | None] = {
    "bindings": "text/tab-separated-values",
    "boolean": "application/sparql-results+json",
    "graph": "application/n-triples",
}
SOURCE = "https://w3id.org/utsaga/id/source/ny-teknik-office-365"
ADDED = "<span><bdi>https://w3id.org/utsaga/graph/union</bdi></span>"
"""The origin of every value in Virtuoso, which has the union of the graphs as one graph more."""


@pytest.fixture(scope="module")
def browsers(embedded: InProcess, remote: Backend) -> tuple[FlaskClient, FlaskClient]:
    """A browser of the release's pages, and one of the same pages from another engine."""
    return create_app(AppState.of(embedded)).test_client(), create_app(AppState.of(remote)).test_client()


@pytest.mark.parametrize("name", QUERIES)
def test_every_stored_query_gives_the_same_rows_in_the_same_order(
    embedded: InProcess, remote: Backend, name: str
) -> None:
    rows = remote.select(QUERIES[name].text)
    assert rows == embedded.select(QUERIES[name].text)
    bounds = QUERIES[name].bounds
    assert bounds
    assert bounds.allow(len(rows)), f"{len(rows)} rows, not {bounds}"


@pytest.mark.parametrize("name", [name for name in QUERIES if "?asof" in QUERIES[name].text])
def test_what_held_at_a_time_is_the_same(embedded: InProcess, remote: Backend, name: str) -> None:
    text = stored.bind_parameters(QUERIES[name], {"asof": "2017-10"})
    rows = remote.select(text)
    assert rows == embedded.select(text)
    assert rows


@pytest.mark.parametrize("name", QUERIES)
def test_a_client_is_answered_the_same_bytes(embedded: InProcess, remote: Backend, name: str) -> None:
    question = QueryRequest(QUERIES[name].text, CHOICES)
    assert remote.answer(question).read() == embedded.answer(question).read()


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?statement a <ns#Statement> }",
        "ASK { ?statement a <ns#Nothing> }",
        "CONSTRUCT { ?law a <ns#LegalAct> } WHERE { ?law a <ns#LegalAct> }",
        "CONSTRUCT WHERE { <id/organisation/region-gotland> ?property ?value }",
        "SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o }",
        "SELECT (COUNT(*) AS ?triples) FROM <graph/register/regions> WHERE { ?s ?p ?o }",
        'SELECT ?region WHERE { ?region <ns#formerName> ?name FILTER(?name = "Gotlands kommun"@sv) }',
    ],
)
def test_every_form_of_query_is_answered_the_same(embedded: InProcess, remote: Backend, text: str) -> None:
    question = QueryRequest(text, CHOICES, base_iri="https://w3id.org/utsaga/")
    theirs, ours = remote.answer(question), embedded.answer(question)
    assert Counter(theirs.read().splitlines()) == Counter(ours.read().splitlines())
    assert theirs.media_type == ours.media_type


def test_the_dataset_of_the_protocol_is_passed_on(embedded: InProcess, remote: Backend) -> None:
    text = "SELECT ?g (COUNT(*) AS ?n) FROM <urn:none> WHERE "
    text += "{ { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } GROUP BY ?g"
    regions, counties = (f"https://w3id.org/utsaga/graph/register/{name}" for name in ("regions", "counties"))
    question = QueryRequest(text, CHOICES, Dataset((regions,), (counties,)))
    assert remote.answer(question).read() == embedded.answer(question).read()


def test_values_are_bound_as_they_are_in_the_store(embedded: InProcess, remote: Backend) -> None:
    for value in (
        Term("Åre kommun", "literal", "sv"),
        Term("1480", "literal"),
        # no year: Virtuoso takes 2017 and the first day of 2017 for one value
        Term("2018-05-25", "literal", datatype="http://www.w3.org/2001/XMLSchema#date"),
        Term('no "such" \\ value\n', "literal"),
        iri("https://w3id.org/utsaga/id/product/office-365"),
    ):
        query = "SELECT ?value ?subject (COUNT(*) AS ?n) WHERE { ?subject ?property ?value }"
        query += " GROUP BY ?value ?subject"
        ours = embedded.select(query, value=value)
        assert Counter(map(_frozen, remote.select(query, value=value))) == Counter(map(_frozen, ours))
        assert bool(ours) != value.value.startswith("no ")


def test_it_knows_what_it_holds(embedded: InProcess, remote: Backend) -> None:
    sizes = remote.graph_sizes
    assert {name: sizes[name] for name in embedded.graph_sizes} == embedded.graph_sizes
    assert remote.ready()


@pytest.mark.parametrize("kind", ["organisation", "person", "product", "law", "statement", "source"])
def test_every_page_of_the_articles_entities_is_the_same(
    embedded: InProcess, browsers: tuple[FlaskClient, FlaskClient], kind: str
) -> None:
    ours, theirs = browsers
    pages = [f"/{kind}/{slug}" for slug in _slugs(embedded, kind)]
    assert pages
    for page in [*pages, f"/{kind}"]:
        expected = ours.get(page, headers={"Accept": "text/html", "Accept-Language": "sv"})
        assert expected.status_code == 200
        found = theirs.get(page, headers={"Accept": "text/html", "Accept-Language": "sv"})
        text = found.get_data(as_text=True).replace(ADDED, "")
        assert text == expected.get_data(as_text=True), page


def test_nameless_nodes_are_found_again_where_they_have_names(embedded: InProcess, virtuoso: str) -> None:
    page = "/resource?iri=https://w3id.org/utsaga/shapes%23PersonShape"
    both = (create_app(AppState.of(each)).test_client() for each in (embedded, RemoteEndpoint(virtuoso)))
    expected, found = (each.get(page, headers={"Accept": "text/html"}) for each in both)
    assert found.get_data().count(b"<dd>") == expected.get_data().count(b"<dd>") > 9


@pytest.mark.parametrize(
    "call",
    [
        '<bif:http_get>("http://127.0.0.1:1/")',
        '<\\u0062if:http_get>("http://127.0.0.1:1/")',
        'b:f:http_get("http://127.0.0.1:1/")',
        '<java:java.lang.System>("x")',
        '<http://example.org/f>("x")',
    ],
)
def test_no_function_of_an_engine_is_called(remote: Backend, call: str) -> None:
    with pytest.raises(Forbidden):
        remote.answer(QueryRequest(f"PREFIX b: <bi> SELECT ({call} AS ?x) WHERE {{}}", CHOICES))


def _slugs(backend: InProcess, kind: str) -> list[str]:
    """Return the slugs of the article's entities of one kind; the organisations, those that are heard."""
    patterns = {
        "organisation": f"?statement <{UTS}onBehalfOf> ?entity",
        "person": f"?entity a <{UTS}Person>",
        "product": f"?entity a <{UTS}Product>",
        "law": f"?entity a <{UTS}LegalAct>",
        "statement": f"?entity <{UTS}saidIn> <{SOURCE}>",
        "source": f"?entity a <{UTS}Source>",
    }
    rows = backend.select(f"SELECT DISTINCT ?entity WHERE {{ {patterns[kind]} }} ORDER BY ?entity")
    return [name[1] for row in rows if (name := parse_entity_iri(row["entity"].value))]


def _frozen(row: dict[str, Term]) -> frozenset[tuple[str, Term]]:
    return frozenset(row.items())
