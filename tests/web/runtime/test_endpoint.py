"""An endpoint that is served with an index: what works then, and what is said when the index does not fit."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from werkzeug.test import Client

from graph.backends.endpoint_index import build_index
from graph.core.errors import NotFound
from graph.core.settings import Settings
from tests.endpoint import Clock, Endpoint, serving
from web.cli import main
from web.http.metrics import Metrics
from web.http.rate_limit import Throttle
from web.runtime.endpoint import WITHOUT_INDEX, FittingIndex, ProbedEngine, endpoint
from web.runtime.releases import ApplicationFactory

SETTINGS = Settings()
Start = Callable[[str, Path | None], Client]
DATA = """
@prefix uts: <https://w3id.org/utsaga/ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<https://w3id.org/utsaga/id/organisation/ale-kommun> a uts:Municipality ; rdfs:label "Ale kommun"@sv .
<https://w3id.org/utsaga/id/organisation/orebro-kommun> a uts:Municipality ; rdfs:label "Örebro kommun"@sv .
"""
MORE = ox.Quad(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode("urn:c"))


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Endpoint]:
    """An endpoint with two municipalities."""
    (tmp_path / "data.ttl").write_text(DATA)
    with serving(tmp_path / "data.ttl") as engine:
        yield engine


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A loop that no application uses, since an endpoint needs no workers."""
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture
def client(loop: asyncio.AbstractEventLoop) -> Start:
    """What returns a client of what is served of the endpoint at a URL, with an index."""

    def start(url: str, home: Path | None) -> Client:
        factory = ApplicationFactory(SETTINGS, Metrics(), Throttle.of(SETTINGS), loop)
        return Client(endpoint(url, False, home, factory)().app)

    return start


def test_search_lists_and_facets_work_with_an_index(client: Start, engine: Endpoint, tmp_path: Path) -> None:
    build_index(engine.url, tmp_path / "index", SETTINGS)
    pages = client(engine.url, tmp_path / "index")
    found = pages.get("/search?q=orebro", headers={"Accept": "application/json"})
    assert "orebro-kommun" in found.text
    engine.queries.clear()
    listed = pages.get("/organisation?lang=sv", headers={"Accept": "text/html"})
    assert listed.status_code == 200
    assert listed.text.index("Ale kommun") < listed.text.index("Örebro kommun")
    assert not [query for query in engine.queries if "LIMIT 20000" in query]
    ready = pages.get("/readyz").text.splitlines()
    assert ready[0] == "ready"
    assert ready[-1].startswith("index: in use, of 4 triples, made 20")


def test_without_an_index_it_is_said_at_start_what_does_not_work(
    client: Start, engine: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        pages = client(engine.url, None)
    assert WITHOUT_INDEX in caplog.text
    assert pages.get("/readyz").text.splitlines()[-1] == WITHOUT_INDEX
    assert pages.get("/search?q=orebro").status_code == 503


def test_an_index_of_other_data_is_not_used_and_that_is_said(
    client: Start, engine: Endpoint, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    build_index(engine.url, tmp_path / "index", SETTINGS)
    engine.store.add(MORE)
    pages = client(engine.url, tmp_path / "index")
    assert "other data than the endpoint holds: of 4 triples" in caplog.text
    assert "where there are 5 now" in pages.get("/readyz").text
    assert pages.get("/search?q=orebro").status_code == 503
    assert pages.get("/organisation", headers={"Accept": "text/html"}).status_code == 200


def test_whether_the_index_fits_is_looked_at_again(engine: Endpoint, tmp_path: Path) -> None:
    made = build_index(engine.url, tmp_path / "index", SETTINGS)
    clock = Clock()
    index = FittingIndex(engine.url, tmp_path / "index", SETTINGS, clock)
    assert index.current() == made
    engine.store.add(MORE)
    clock.now += 599
    assert index.current() == made
    clock.now += 1
    assert index.current() is None
    engine.store.remove(MORE)
    clock.now += 59
    assert index.current() is None
    clock.now += 1
    assert index.current() == made
    engine.store.add(MORE)
    again = build_index(engine.url, tmp_path / "index", SETTINGS)
    assert index.current() == again != made


def test_an_endpoint_that_is_not_there_yet_is_asked_again(engine: Endpoint, tmp_path: Path) -> None:
    made = build_index(engine.url, tmp_path / "index", SETTINGS)
    engine.behave("fails")
    clock = Clock()
    index = FittingIndex(engine.url, tmp_path / "index", SETTINGS, clock)
    assert index.current() is None
    assert "status 500" in index.note
    clock.now += 60
    assert index.current() == made


def test_an_engine_that_is_not_there_yet_is_asked_again_what_it_is(
    engine: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    probed = ProbedEngine(engine.url, SETTINGS, union=True)
    engine.behave("fails")
    (note,) = probed.current().notes
    assert note.startswith("engine: cannot be asked what it is")
    found = probed.current()
    assert found.lacks == {"CONSTRUCT", "default-graph-uri", "N-Quads"}
    assert found.notes[0] in caplog.text
    engine.queries.clear()
    assert probed.current() is found
    assert not engine.queries


def test_what_the_engine_lacks_is_said_where_operators_look(client: Start, engine: Endpoint) -> None:
    lines = client(engine.url, None).get("/readyz").text.splitlines()
    assert [line.split()[0] for line in lines[1:3]] == ["store", "workers"]
    assert "engine: an engine that is not known here" in lines[3]
    assert "engine: lacks CONSTRUCT: clients' CONSTRUCT and DESCRIBE queries fail" in lines


def test_an_index_that_is_not_there_is_no_index(client: Start, engine: Endpoint, tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="utsaga index --endpoint"):
        client(engine.url, tmp_path / "none")


def test_the_command_makes_an_index(engine: Endpoint, tmp_path: Path) -> None:
    told = CliRunner().invoke(main, ["index", "--endpoint", engine.url, "--out", str(tmp_path / "made")])
    assert told.exit_code == 0, told.output
    assert "The index of 4 triples is in" in told.output
    assert (tmp_path / "made" / "current" / "index.json").is_file()


def test_an_index_needs_an_endpoint(tmp_path: Path) -> None:
    told = CliRunner().invoke(main, ["serve", "--index", str(tmp_path)])
    assert told.exit_code == 1
    assert "--index" in told.output
