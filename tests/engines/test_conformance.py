"""The same questions give the same answers, and the same pages, whatever engine holds the data."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from graph.backends.engine_probe import probe
from graph.backends.in_process import InProcess
from graph.backends.protocol import Backend
from graph.backends.remote import RemoteEndpoint
from graph.core.errors import Forbidden
from graph.core.iris import parse_entity_iri
from graph.core.namespaces import UTS
from graph.core.terms import Term, iri
from graph.index import INDEX_FILE
from graph.query import stored
from graph.rdf.formats import Form
from graph.rdf.query_types import Dataset, QueryRequest
from graph.release.release import Release
from graph.search.text_index import TextIndex
from tests.engines.conftest import IndexedEndpoint
from web.app import create_app
from web.html.app_state import AppState

QUERIES = {name: query for name, query in stored.load_queries().items() if not query.services}
CHOICES: dict[Form, str | None] = {
    "bindings": "text/tab-separated-values",
    "boolean": "application/sparql-results+json",
    "graph": "application/n-triples",
}
SOURCE = "https://w3id.org/utsaga/id/source/ny-teknik-office-365"
FACETS = {"organisation": ("type=Municipality",), "statement": ("kind=safeguard",)}
"""Facets of lists, which without an index take an engine too long."""

COMPUTED = ("/law", "/product", "/law/osl", "/product/office-365")
LACKS = {"Oxigraph": set(), "Virtuoso": {"MINUS of VALUES", "empty graphs", "N-Quads"}}


@pytest.mark.parametrize("name", QUERIES)
def test_every_stored_query_gives_the_same_rows_in_the_same_order(
    expected: InProcess, engine: Backend, name: str
) -> None:
    question = QueryRequest(QUERIES[name].text, CHOICES, seconds=60)
    rows = engine.answer(question).read()
    assert rows == expected.answer(question).read()
    bounds, count = QUERIES[name].bounds, rows.count(b"\n") - 1
    assert bounds
    assert bounds.allow(count), f"{count} rows, not {bounds}"


@pytest.mark.parametrize("name", [name for name in QUERIES if "?asof" in QUERIES[name].text])
def test_what_held_at_a_time_is_the_same(expected: InProcess, engine: Backend, name: str) -> None:
    text = stored.bind_parameters(QUERIES[name], {"asof": "2017-10"})
    rows = engine.select(text)
    assert rows == expected.select(text)
    assert rows


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
def test_every_form_of_query_is_answered_the_same(expected: InProcess, engine: Backend, text: str) -> None:
    question = QueryRequest(text, CHOICES, base_iri="https://w3id.org/utsaga/")
    theirs, ours = engine.answer(question), expected.answer(question)
    assert Counter(theirs.read().splitlines()) == Counter(ours.read().splitlines())
    assert theirs.media_type == ours.media_type


def test_the_dataset_of_the_protocol_is_passed_on(expected: InProcess, engine: Backend) -> None:
    text = "SELECT ?g (COUNT(*) AS ?n) FROM <urn:none> WHERE "
    text += "{ { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } } GROUP BY ?g"
    regions, counties = (f"https://w3id.org/utsaga/graph/register/{name}" for name in ("regions", "counties"))
    question = QueryRequest(text, CHOICES, Dataset((regions,), (counties,)))
    assert engine.answer(question).read() == expected.answer(question).read()


def test_values_are_bound_as_they_are_in_the_store(expected: InProcess, engine: Backend) -> None:
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
        ours = expected.select(query, value=value)
        assert Counter(map(_frozen, engine.select(query, value=value))) == Counter(map(_frozen, ours))
        assert bool(ours) != value.value.startswith("no ")


def test_it_knows_what_it_holds(expected: InProcess, engine: Backend) -> None:
    sizes = engine.graph_sizes
    assert {name: sizes[name] for name in expected.graph_sizes} == expected.graph_sizes
    engine.check_ready()


@pytest.mark.parametrize("kind", ["organisation", "person", "product", "law", "statement", "source"])
def test_every_page_of_the_articles_entities_is_the_same_with_an_index(
    release: Release, expected: InProcess, remote: IndexedEndpoint, kind: str
) -> None:
    ours = _browser(expected, TextIndex.open_beside(release.store))
    theirs = _browser(remote.backend(), remote.index.text_index)
    facets = [f"/{kind}?{name}" for name in FACETS.get(kind, ())]
    for page in [*(f"/{kind}/{slug}" for slug in _slugs(expected, kind)), f"/{kind}", *facets]:
        assert _page(theirs, page) == _page(ours, page), page


@pytest.mark.parametrize("page", COMPUTED)
def test_pages_are_the_same_without_an_index(expected: InProcess, remote: IndexedEndpoint, page: str) -> None:
    theirs = _browser(remote.backend(indexed=False))
    assert _page(theirs, page) == _page(_browser(expected), page)


def test_search_finds_the_same(release: Release, expected: InProcess, remote: IndexedEndpoint) -> None:
    ours = _browser(expected, TextIndex.open_beside(release.store))
    theirs = _browser(remote.backend(), remote.index.text_index)
    for words in ("sekretess", "malmo", "O365", "molntjänst kommun", "2009:400"):
        for page in (f"/search.json?q={words}", f"/suggest?prefix={words}"):
            found = theirs.get(page).json
            assert found == ours.get(page).json
            assert found


def test_the_index_is_the_same_as_that_of_the_release(release: Release, remote: IndexedEndpoint) -> None:
    theirs, ours = map(_tables, (remote.index.path / INDEX_FILE, release.store.with_name(INDEX_FILE)))
    assert theirs == ours
    assert {"node", "choice", "link", "span"} < ours.keys()


def test_what_an_engine_lacks_is_known_at_the_start(remote: IndexedEndpoint) -> None:
    report = probe(remote.backend())
    assert report.lacks == LACKS[report.dialect.name]


def test_nameless_nodes_are_found_again_where_they_have_names(expected: InProcess, virtuoso: str) -> None:
    page = "/resource?iri=https://w3id.org/utsaga/shapes%23PersonShape"
    ours, theirs = (_page(_browser(each), page) for each in (expected, RemoteEndpoint(virtuoso)))
    assert theirs.count("<dd>") == ours.count("<dd>") > 9


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
def test_no_function_of_an_engine_is_called(remote: IndexedEndpoint, call: str) -> None:
    with pytest.raises(Forbidden):
        remote.backend().answer(QueryRequest(f"PREFIX b: <bi> SELECT ({call} AS ?x) WHERE {{}}", CHOICES))


def _browser(backend: Backend, text_index: TextIndex | None = None) -> FlaskClient:
    return create_app(AppState.of(backend, text_index=text_index)).test_client()


def _page(browser: FlaskClient, address: str) -> str:
    """Return the page at `address`, without the origin that only one engine has."""
    page = browser.get(address, headers={"Accept": "text/html", "Accept-Language": "sv"})
    assert page.status_code == 200, address
    return page.get_data(as_text=True)


def _tables(file: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows of every table in the index `file`, by its name."""
    with closing(sqlite3.connect(file)) as connection:
        names = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        ]
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr)  # noqa: S608 (a table's name)
            for name in names
        }


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
