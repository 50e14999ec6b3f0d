"""The folder of the release is deleted under a running server: what it answers is right or 503."""

import shutil
from pathlib import Path

import pytest

from bench.hostile.exchange import Address
from bench.soak import served
from graph.release.releases import Releases
from tests.faults.client import assert_no_traceback, get, until
from tests.processes import kill, query_workers

pytestmark = pytest.mark.slow
SETTINGS = {"UTSAGA_PUBLIC_BASE": "https://utsaga.example", "UTSAGA_CACHE_BYTES": "0"}
EARLY = ("/", "/source.json", "/search?q=register", "/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D")
PAGES = (
    *EARLY,
    "/source",
    "/source.csv",
    "/source/register",
    "/source/register.ttl",
    "/source/register.jsonld",
    "/search?q=registret",
    "/search.json?q=register",
    "/suggest?prefix=reg",
    "/map",
    "/timeline",
    "/dataset",
    "/dataset.ttl",
    "/.well-known/void",
    "/download/SHA256SUMS",
    "/download/utsaga.nq.gz",
    "/download/utsaga.xlsx",
    "/feed.atom",
    "/sitemap.xml",
    "/releases",
    "/queries",
    "/queries/coverage.csv",
    "/query",
    "/query/terms.json",
    "/build",
    "/ns",
    "/ns/Source",
    "/graph/source/register",
    "/reconcile?queries=%7B%22q%22:%7B%22query%22:%22Register%22%7D%7D",
    "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20ORDER%20BY%20%3Fs%20%3Fp%20%3Fo%20LIMIT%20500",
)


def responses(address: Address) -> dict[str, tuple[int, str]]:
    """Return the response to each page."""
    return {path: get(address, path) for path in PAGES}


def test_each_response_is_right_or_503_and_the_server_recovers(one: Path, tmp_path: Path) -> None:
    folder, aside = Releases(one).live().path, tmp_path / "aside"
    log = one / "server.log"
    with served(one, settings=SETTINGS) as (address, _):
        right = responses(address)
    assert sum(status == 200 for status, _ in right.values()) > len(PAGES) * 0.8
    log.unlink()
    with served(one, settings=SETTINGS) as (address, process):
        assert {path: get(address, path) for path in EARLY} == {path: right[path] for path in EARLY}
        shutil.copytree(folder, aside)
        shutil.rmtree(folder)
        until(lambda: "is missing" in get(address, "/readyz")[1])
        for path, (status, text) in responses(address).items():
            assert (status, text) == right[path] or (status == 503 and "just now" in text), path
        for pid in query_workers(folder, process.pid):
            kill(pid)
        until(lambda: get(address, EARLY[-1])[0] == 503)
        aside.rename(folder)
        until(lambda: get(address, "/readyz") == (200, "ready\n"))
        assert responses(address) == right
        assert_no_traceback(log)


def test_another_release_is_taken_up_instead(two: Path) -> None:
    releases = Releases(two)
    first, second = releases.all()
    with served(two) as (address, _):
        shutil.rmtree(second.path)
        until(lambda: "is missing" in get(address, "/readyz")[1])
        assert f"activate {first.manifest.id}" in get(address, "/readyz")[1]
        releases.activate(first)
        until(lambda: first.manifest.id in get(address, "/dataset")[1])
        until(lambda: get(address, "/readyz") == (200, "ready\n"))
        assert_no_traceback(two / "server.log")
