"""The stored queries that ask Wikidata too, on the whole graph and a stand-in for Wikidata."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.backends.embedded import Embedded
from graph.core.namespaces import CODE, ID
from graph.core.settings import Settings
from graph.query.stored import load_queries
from graph.rdf.query_types import QueryRequest
from graph.rdf.results import QueryResults, parse_results
from graph.release.release import Release
from tests.endpoint import WIKIDATA_FACTS, Endpoint, serving
from web.app import create_app
from web.html.app_state import AppState
from web.html.request_args import known_arguments
from web.http.response_cache import ResponseCache
from web.runtime.live_application import ServedApplication
from web.runtime.warm_up import warm
from web.sparql.fast_path import FastPath

FEDERATED = {name: query for name, query in load_queries().items() if query.services}
COLUMNS = {
    "coats-of-arms": "organisation organisationLabel coatOfArms",
    "domain-and-official-site": "organisation organisationLabel domain website same",
    "status-and-population": "organisation organisationLabel product productLabel status asOf population "
    "populationAsOf",
}
MALMO, GOTEBORG = ID + "organisation/malmo-kommun", ID + "organisation/goteborgs-kommun"


@pytest.fixture(scope="module")
def wikidata() -> Iterator[Endpoint]:
    with serving(WIKIDATA_FACTS) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def settings(wikidata: Endpoint) -> Settings:
    return Settings(workers=1, services=(wikidata.url,))


@pytest.fixture(scope="module")
def backend(release: Release, settings: Settings) -> Iterator[Embedded]:
    backend = Embedded.start(release.store, settings)
    yield backend
    backend.close()


@pytest.fixture(scope="module")
def state(backend: Embedded, settings: Settings, wikidata: Endpoint) -> AppState:
    """The state of an application with the stand-in for Wikidata, which it may call, in its queries."""
    queries = {
        name: replace(query, text=asking(wikidata, name), services=(wikidata.url,))
        for name, query in FEDERATED.items()
    }
    return replace(AppState.of(backend, settings=settings), stored_queries=queries)


@pytest.fixture(scope="module")
def app(state: AppState) -> Flask:
    return create_app(state)


@pytest.fixture
def reader(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.environ_base |= {"HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_LANGUAGE": "sv"}
    return client


def asking(wikidata: Endpoint, name: str) -> str:
    """The text of a query with the stand-in in place of Wikidata."""
    (service,) = FEDERATED[name].services
    return FEDERATED[name].text.replace(service, wikidata.url)


def rows(backend: Embedded, wikidata: Endpoint, name: str) -> QueryResults:
    question = QueryRequest(asking(wikidata, name), {"bindings": "application/sparql-results+json"})
    return parse_results(backend.answer(question).read())


def test_each_has_a_test() -> None:
    assert set(FEDERATED) == set(COLUMNS)


@pytest.mark.parametrize("name", COLUMNS)
def test_it_is_answered_with_one_request(backend: Embedded, wikidata: Endpoint, name: str) -> None:
    before = len(wikidata.queries)
    found = rows(backend, wikidata, name)
    assert list(found.columns) == COLUMNS[name].split()
    assert found.rows
    assert len(wikidata.queries) == before + 1


def test_population_stands_beside_status(backend: Embedded, wikidata: Endpoint) -> None:
    found = rows(backend, wikidata, "status-and-population").rows
    told = {tuple(cell.value if cell else "" for cell in (row[0], row[4], *row[6:])) for row in found}
    assert (GOTEBORG, CODE + "adoption-status/paused", "600002", "2010-01-01T00:00:00Z") in told
    assert {row[2] for row in told if row[0] == MALMO} == {"350001"}, "not an older count"
    counts = [int(row[6].value) for row in found if row[6]]
    assert counts == sorted(counts, reverse=True)


def test_a_site_on_another_domain_comes_first(backend: Embedded, wikidata: Endpoint) -> None:
    found = rows(backend, wikidata, "domain-and-official-site").rows
    told = [tuple(cell.value if cell else "" for cell in row[2:]) for row in found]
    assert ("goteborg.se", "https://www.goteborg.example/", "false") in told
    assert ("malmo.se", "https://malmo.se/", "true") in told
    assert [row[2] for row in told] == sorted(row[2] for row in told)


@pytest.mark.parametrize("name", COLUMNS)
def test_its_page_shows_the_answer_where_it_may_run(reader: FlaskClient, name: str) -> None:
    page = reader.get(f"/queries/{name}")
    assert page.status_code == 200
    assert 'id="answer"' in page.text
    assert "UTSAGA_SERVICES" not in page.text
    assert reader.get(f"/queries/{name}.csv").status_code == 200


def test_a_new_release_does_not_ask_wikidata_by_itself(
    app: Flask, state: AppState, backend: Embedded, wikidata: Endpoint
) -> None:
    before, cache = len(wikidata.queries), ResponseCache(max_bytes=1 << 20)
    warm(ServedApplication(app, known_arguments(app, state), cache, FastPath(state, cache), backend.close))
    assert len(wikidata.queries) == before


def test_the_home_page_names_only_what_may_run_anywhere(reader: FlaskClient) -> None:
    assert 'href="/queries/coats-of-arms"' not in reader.get("/").text


def test_what_is_no_web_address_is_shown_as_text(reader: FlaskClient) -> None:
    page = reader.get("/queries/domain-and-official-site")
    assert "javascript:alert(2)" in page.text
    assert 'href="javascript:' not in page.text


@pytest.mark.slow
@pytest.mark.parametrize("trouble", ["fails", "busy", "page", "cut-off", "half", "csv", "truth", "elsewhere"])
def test_trouble_at_the_other_end_is_told_and_no_answer(
    reader: FlaskClient, wikidata: Endpoint, trouble: str
) -> None:
    wikidata.behave(trouble)
    answer = reader.get("/queries/coats-of-arms.csv", headers={"Accept": "*/*"})
    status = 422 if trouble == "cut-off" else 503  # a reply that never ends takes all the time of the query
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert "Traceback" not in answer.text
    assert reader.get("/queries/coats-of-arms.csv").status_code == 200


def test_a_function_that_there_is_none_of_has_no_value(backend: Embedded, wikidata: Endpoint) -> None:
    text = asking(wikidata, "coats-of-arms").replace("}\nORDER", "FILTER(<urn:f>(?coatOfArms)) }\nORDER")
    found = backend.answer(QueryRequest(text, {"bindings": "text/csv"}))
    assert found.unknown_functions == ("urn:f",)
    assert found.read().count(b"\n") == 1  # the names of the columns
