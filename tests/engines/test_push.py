"""A release is pushed into other engines: whole, resumed when it was interrupted, verified, served."""

import asyncio
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from werkzeug.test import Client

from bench.generate import quads
from bench.push import describe
from graph.backends.in_process import InProcess
from graph.backends.remote import RemoteEndpoint
from graph.core.namespaces import UNION_GRAPH
from graph.core.settings import Settings
from graph.curation.retry import RetryPolicy
from graph.rdf.query_types import QueryRequest
from graph.release.publication import Publication
from graph.release.release import DUMP, Release, write_dump
from graph.release.releases import Releases
from graph.replication.graph_store import GraphStore
from graph.replication.push_marker import MARKER, PushMarker
from graph.search.text_index import TextIndex
from tests.conftest import UTSAGA
from tests.engines.writable import WritableEngine
from web.app import create_app
from web.cli import main
from web.html.app_state import AppState
from web.http.metrics import Metrics
from web.http.rate_limit import Throttle
from web.runtime.endpoint import endpoint
from web.runtime.releases import ApplicationFactory, boundaries_of

QUADS = 6_000
SMALL = ("--piece-bytes", "20000", "--connections", "2")
PAGES = (
    "/",
    "/organisation/malmo-kommun",
    "/organisation?type=Region",
    "/product/office-365",
    "/statement/ny-teknik-office-365-malmo-annan-syn",
    "/search?q=office",
    "/dataset",
)
SYSTEM = ("http://www.openlinksw.com/", "http://www.w3.org/ns/ldp#", "urn:core:", "urn:activitystreams")
"""The beginnings of the names of Virtuoso's own graphs."""


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def writable(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[WritableEngine]:
    """Each engine in turn, which the tests of this module fill."""
    engine = WritableEngine.of(request.param, tmp_path_factory.mktemp(request.param))
    engine.start()
    yield engine
    engine.kill()


@pytest.fixture(scope="module")
def generated(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """Two releases of generated data, with other graphs each, and the project's own; the second is live."""
    releases = Releases(tmp_path_factory.mktemp("generated"))
    shutil.copytree(release.path, releases.home / release.path.name, copy_function=os.link)
    for seed in (1, 2):
        lines = sorted(line.encode() for line in quads(QUADS, seed))
        with releases.building() as place:
            write_dump(place / DUMP, lines)
            releases.activate(releases.adopt(place, describe(iter(lines), f"2026-01-0{seed}T00:00:00+00:00")))
    return releases


def push(engine: WritableEngine, releases: Releases, *words: str) -> Result:
    return CliRunner().invoke(main, command(engine, releases, *words)[1:], env=engine.environment)


def command(engine: WritableEngine, releases: Releases, *words: str) -> list[str]:
    return [str(UTSAGA), "--releases", str(releases.home), "push", "--endpoint", engine.url, *words]


def holds(engine: WritableEngine, release: Release) -> bool:
    """Return whether the engine has the graphs of a release, their union, the marker, and no others."""
    found = {name: count for name, count in engine.counts().items() if not name.startswith(SYSTEM)}
    expected = dict(release.manifest.graphs)
    if engine.name == "virtuoso":
        expected[UNION_GRAPH] = release.manifest.triples
    else:
        rows = engine.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        assert int(rows[0]["n"]) == release.manifest.triples
    assert found.pop(MARKER) == 4
    return found == expected


def union_of(engine: WritableEngine) -> str:
    return UNION_GRAPH if engine.name == "virtuoso" else ""


def test_a_release_is_there_as_it_is_here(
    writable: WritableEngine, release: Release, generated: Releases
) -> None:
    words = ("--release", release.manifest.id)
    result = push(writable, generated, *words)
    assert result.exit_code == 0, result.output
    assert f"holds {release.manifest.id}, as counted there" in result.output
    assert holds(writable, release)
    again = push(writable, generated, *words)
    assert "were sent" not in again.output


def test_blank_nodes_are_connected_as_in_the_release(
    writable: WritableEngine, release: Release, generated: Releases
) -> None:
    assert push(writable, generated, "--release", release.manifest.id).exit_code == 0
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(isBlank(?s) || isBlank(?o)) }"
    question = QueryRequest(query, {"graph": "application/n-triples"}, seconds=60)
    union = union_of(writable)
    url = f"{writable.url}?default-graph-uri={union}" if union else writable.url
    there = RemoteEndpoint(url, Settings(seconds=60)).answer(question).read()
    here = InProcess.open(release.store).answer(question).read()
    assert canonical(there) == canonical(here)
    assert len(canonical(here)) > 1000


def canonical(text: bytes) -> set[ox.Quad]:
    found = ox.Dataset(ox.parse(text, format=ox.RdfFormat.N_TRIPLES))
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return set(found)


def test_graphs_that_the_next_release_has_not_are_deleted(
    writable: WritableEngine, generated: Releases
) -> None:
    first, second, _ = generated.all()
    assert push(writable, generated, "--release", first.manifest.id).exit_code == 0
    assert holds(writable, first)
    result = push(writable, generated)
    assert result.exit_code == 0, result.output
    assert holds(writable, second)


def test_a_graph_that_was_changed_there_is_sent_again(writable: WritableEngine, generated: Releases) -> None:
    assert push(writable, generated).exit_code == 0
    graph = next(iter(generated.live().manifest.graphs))
    remove(writable, graph)
    result = push(writable, generated)
    assert "1 graphs had other counts and were sent again" in result.output
    assert holds(writable, generated.live())


def remove(engine: WritableEngine, graph: str) -> None:
    store_of(engine).delete(graph)


def store_of(engine: WritableEngine) -> GraphStore:
    user = ("dba", "dba") if engine.environment else None
    path = "/sparql-graph-crud-auth" if engine.name == "virtuoso" else "/store"
    return GraphStore(f"http://127.0.0.1:{engine.port}{path}", RetryPolicy(interval=0.0), user)


@pytest.mark.slow
def test_killed_at_any_point_a_push_is_completed_by_the_next(
    writable: WritableEngine, generated: Releases
) -> None:
    first, second, _ = generated.all()
    assert push(writable, generated, *SMALL, "--release", first.manifest.id).exit_code == 0
    reached = []
    for point in (0, 1, 10, 25, 40, 55, 70, 80):
        with running_push(writable, generated) as process:
            wait_for_progress(writable, second, point, process)
            process.kill()
        if is_whole(writable, second):  # before a busy machine had seen the progress, and killed it
            break
        assert process.returncode == -signal.SIGKILL
        reached.append(progress(writable, second))
    assert len(reached) > 3
    assert reached[-1] > reached[0]
    result = push(writable, generated, *SMALL)
    assert result.exit_code == 0, result.output
    assert holds(writable, second)
    assert is_whole(writable, second)
    assert not list((generated.home / "pushes").glob("*-*"))


@pytest.mark.slow
def test_an_engine_that_is_killed_in_the_middle_is_reported_and_the_push_goes_on_after_its_restart(
    writable: WritableEngine, generated: Releases
) -> None:
    first, second, _ = generated.all()
    assert push(writable, generated, *SMALL, "--release", first.manifest.id).exit_code == 0
    with running_push(writable, generated) as process:
        wait_for_progress(writable, second, 30, process)
        writable.kill()
        _, stderr = process.communicate(timeout=240)
    assert process.returncode == 1
    assert "out of reach" in stderr or "cannot be reached" in stderr
    assert "Traceback" not in stderr
    writable.start()
    result = push(writable, generated, *SMALL)
    assert result.exit_code == 0, result.output
    assert holds(writable, second)


@contextmanager
def running_push(engine: WritableEngine, releases: Releases) -> Iterator["subprocess.Popen[str]"]:
    environment = os.environ | engine.environment
    words = command(engine, releases, *SMALL)
    with subprocess.Popen(
        words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process


def wait_for_progress(
    engine: WritableEngine, release: Release, percent: int, process: "subprocess.Popen[str]"
) -> None:
    """Return when so much of a release is there, or its push has ended."""
    end = time.monotonic() + 240
    while percent and process.poll() is None and progress(engine, release) < percent:
        assert time.monotonic() < end


def progress(engine: WritableEngine, release: Release) -> int:
    """Return how much of a release is there, in percent."""
    rows = engine.select(f"SELECT ?o WHERE {{ GRAPH <{MARKER}> {{ ?s ?p ?o }} }}")
    if release.manifest.id not in {row["o"] for row in rows}:
        return 0
    counts = engine.counts()
    there = sum(min(count, counts.get(name, 0)) for name, count in release.manifest.graphs.items())
    if there < sum(release.manifest.graphs.values()):  # the union, which is the last, is that of another yet
        return 50 * there // sum(release.manifest.graphs.values())
    union = engine.select("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", union_of(engine))
    return 50 + 50 * int(union[0]["n"]) // release.manifest.triples


def is_whole(engine: WritableEngine, release: Release) -> bool:
    values = {row["o"] for row in engine.select(f"SELECT ?o WHERE {{ GRAPH <{MARKER}> {{ ?s ?p ?o }} }}")}
    return {release.manifest.id, "whole"} <= values


def test_data_of_others_are_not_replaced_unless_that_is_said(tmp_path: Path, generated: Releases) -> None:
    engine = WritableEngine.of("oxigraph", tmp_path)
    engine.start()
    try:
        store = GraphStore(f"http://127.0.0.1:{engine.port}/store", RetryPolicy(interval=0.0))
        store.put("", b"<urn:a> <urn:b> <urn:c> .\n")
        refused = push(engine, generated)
        assert refused.exit_code == 1
        assert "1 triples in its default graph that no push of utsaga has written" in refused.output
        assert list(engine.counts()) == []
        assert push(engine, generated, "--union-graph", "urn:union").exit_code == 0
        assert engine.counts()["urn:union"] == generated.live().manifest.triples
        assert len(engine.select("SELECT * WHERE { ?s ?p ?o }")) == 1
        assert push(engine, generated, "--overwrite", "--union-graph", "default").exit_code == 0
        assert holds(engine, generated.live())
    finally:
        engine.kill()


def test_a_user_who_may_not_write_is_refused(
    tmp_path: Path, writable: WritableEngine, generated: Releases
) -> None:
    if writable.name != "virtuoso":
        pytest.skip("the server of Oxigraph has no users")
    wrong = {"UTSAGA_PUSH_USER": "dba", "UTSAGA_PUSH_PASSWORD": "wrong"}
    nobody = {"UTSAGA_PUSH_USER": "", "NETRC": str(tmp_path / "none")}
    for environment in (wrong, nobody):
        result = CliRunner().invoke(main, command(writable, generated, "--restart")[1:], env=environment)
        assert result.exit_code == 1
        assert "--password-file" in result.output
        assert "wrong" not in result.output
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login dba password dba\n")
    netrc = {"NETRC": str(tmp_path / "netrc")}
    assert CliRunner().invoke(main, command(writable, generated)[1:], env=netrc).exit_code == 0


def test_pages_of_a_release_that_was_pushed_are_those_of_the_release(
    writable: WritableEngine, release: Release, generated: Releases
) -> None:
    words = ("--release", release.manifest.id)
    assert push(writable, generated, *words).exit_code == 0
    loop = asyncio.new_event_loop()
    factory = ApplicationFactory(Settings(seconds=60), Metrics(), Throttle.of(Settings()), loop)
    served = endpoint(writable.url, False, None, generated, factory)
    pages = Client(served().app)
    here = Client(
        create_app(
            AppState.of(
                InProcess.open(release.store),
                release=release.manifest,
                publication=Publication.of(release),
                boundaries=partial(boundaries_of, release.path),
                text_index=TextIndex.open_beside(release.store),
            )
        )
    )
    ready = pages.get("/readyz").text
    assert f"index: that of the release {release.manifest.id}, which the endpoint holds, is in use" in ready
    for path in PAGES:
        assert shown(pages, path) == shown(here, path), path
    set_pending(writable, release)
    end = time.monotonic() + 30
    while Client(served().app).get("/readyz").status_code == 200 and time.monotonic() < end:
        time.sleep(0.2)
    pages = Client(served().app)
    assert pages.get("/readyz").status_code == 503
    assert pages.get("/organisation/malmo-kommun").status_code == 503
    refused = pages.get("/sparql?query=ASK%7B%7D")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "60")
    assert push(writable, generated, *words).exit_code == 0
    while Client(served().app).get("/readyz").status_code != 200:
        assert time.monotonic() < end + 30
        time.sleep(0.2)
    assert shown(Client(served().app), PAGES[0]) == shown(here, PAGES[0])


def shown(pages: Client, path: str) -> str:
    """Return a page without what differs from one request to the next."""
    response = pages.get(path, headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "sv"})
    assert response.status_code == 200, path
    return response.text


def set_pending(engine: WritableEngine, release: Release) -> None:
    """Mark a release in the engine as one that is being pushed, as a push that was killed leaves it."""
    marker = PushMarker(
        release.manifest.id, UNION_GRAPH if union_of(engine) else "default", release.manifest.triples
    )
    store_of(engine).put(MARKER, marker.body())
