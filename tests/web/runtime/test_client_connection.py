"""A client that goes away ends its query, on the fast path and on a page."""

import socket
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from urllib.parse import urlencode

import pytest

from graph.release.release import Release

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
SECONDS = 600  # that a query may take here: much longer than the test


@pytest.fixture(scope="module")
def one_worker(release: Release, serving: Callable[..., AbstractContextManager[str]]) -> Iterator[str]:
    """A server with one worker, which an endless query keeps from all others until it is cancelled."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("UTSAGA_WORKERS", "1")
        environment.setenv("UTSAGA_SECONDS", str(SECONDS))
        environment.setenv("UTSAGA_QUEUE_SECONDS", "30")
        with serving(release.path.parent) as address:
            yield address


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=60) as response:  # noqa: S310 (the loopback address of a test)
        return str(response.read().decode())


def cancelled(address: str) -> float:
    """Return how many workers were ended because their clients had gone."""
    name = 'utsaga_workers_ended_total{cause="cancelled"} '
    (line,) = (line for line in fetch(f"{address}/metrics").splitlines() if line.startswith(name))
    return float(line.removeprefix(name))


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("path", ["/sparql", "/query"])
def test_a_client_that_goes_away_frees_the_worker(one_worker: str, path: str) -> None:
    before = cancelled(one_worker)
    host, _, port = one_worker.removeprefix("http://").partition(":")
    target = f"{path}?{urlencode({'query': f'{ENDLESS} # {path}'})}"
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        until(lambda: 'utsaga_workers{state="busy"} 1.0' in fetch(f"{one_worker}/metrics"))
        time.sleep(0.5)
        assert cancelled(one_worker) == before, "while the client waits, its query runs"
    began = time.monotonic()
    query = urlencode({"query": f"SELECT ('{path}' AS ?x) {{}}", "format": "csv"})
    assert fetch(f"{one_worker}/sparql?{query}") == f"x\r\n{path}\r\n"
    assert time.monotonic() - began < 10, "the only worker was free again at once"
    until(lambda: cancelled(one_worker) == before + 1)
