"""Killed without warning: a worker takes only its own query with it, and the server starts again at once."""

import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bench.client import free_port
from bench.hostile.attack import is_alive
from bench.hostile.exchange import Address
from bench.soak import served, tree
from graph.core.settings import DEFAULTS
from graph.release.release import Release
from tests.processes import is_low_priority, is_running, kill, query_workers, wait_until

pytestmark = pytest.mark.slow
LOOKUP = "SELECT ?p ?o {{ <https://w3id.org/utsaga/id/organisation/malmo-kommun> ?p ?o }} LIMIT {}"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
CLIENTS = 4
FULL = DEFAULTS.worker_count


def ask(address: Address, query: str) -> tuple[int, str | None]:
    """Return the status and the header Retry-After of the answer to `query`."""
    connection = HTTPConnection(*address, timeout=1500)
    try:
        connection.request("GET", f"/sparql?{urlencode({'query': query})}")
        response = connection.getresponse()
        response.read()
        return response.status, response.headers["Retry-After"]
    finally:
        connection.close()


@contextmanager
def load(address: Address) -> Iterator[list[int]]:
    """Look up on several connections while the block runs; the list gets every status."""
    statuses: list[int] = []
    numbers, over = count(1000), threading.Event()

    def client() -> None:
        while not over.is_set():
            statuses.append(ask(address, LOOKUP.format(next(numbers)))[0])

    clients = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for each in clients:
        each.start()
    try:
        yield statuses
    finally:
        over.set()
        for each in clients:
            each.join()


def start(home: Path, port: int) -> None:
    """Start the server, have it answer a query, and end it."""
    with served(home, port) as (address, _):
        assert ask(address, "ASK {}")[0] == 200


def test_a_killed_worker_takes_only_its_own_query_with_it(release: Release) -> None:
    home, settings = release.path.parent, {"UTSAGA_SECONDS": "1200", "UTSAGA_LONG_AFTER": "2"}
    with served(home, settings=settings) as (address, process), ThreadPoolExecutor(1) as client:
        endless = client.submit(ask, address, ENDLESS)
        wait_until(lambda: any(map(is_low_priority, query_workers(home, process.pid))))
        (victim,) = filter(is_low_priority, query_workers(home, process.pid))
        with load(address) as statuses:
            wait_until(lambda: len(statuses) >= 20)
            kill(victim)
            status, retry_after = endless.result()
            wait_until(lambda: len(statuses) >= 100)
        assert (status, retry_after) == (500, None)
        assert set(statuses) == {200}
        wait_until(lambda: len(query_workers(home, process.pid)) == FULL)
        assert victim not in query_workers(home, process.pid)


def test_kills_at_random_fail_no_request_but_those_on_the_killed(release: Release) -> None:
    home, kills, chance = release.path.parent, 6, random.Random(3)  # noqa: S311 (no secret)
    with served(home) as (address, process):
        wait_until(lambda: len(query_workers(home, process.pid)) == FULL)
        with load(address) as statuses:
            for place in range(kills):
                wait_until(lambda: len(statuses) >= 50 * place)  # noqa: B023 (it is called at once)
                kill(chance.choice(sorted(query_workers(home, process.pid))))
            wait_until(lambda: len(statuses) >= 50 * kills)
        failed = [status for status in statuses if status != 200]
        assert len(failed) <= kills
        assert set(failed) <= {500}
        wait_until(lambda: len(query_workers(home, process.pid)) == FULL)


def test_a_killed_server_leaves_no_process_and_its_port_is_free_again(release: Release) -> None:
    home, port = release.path.parent, free_port()
    with served(home, port) as (address, process):
        family = tree(process.pid)[1:]
        process.kill()
        process.wait()
    try:
        wait_until(lambda: not is_alive(address))
        start(home, port)
        wait_until(lambda: not any(map(is_running, family)))
    finally:
        for pid in filter(is_running, family):
            kill(pid)
