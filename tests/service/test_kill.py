"""Killed without warning: a worker takes only its own query with it, and the server starts again at once."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
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
from graph.release.releases import Release

pytestmark = pytest.mark.slow
LOOKUP = "SELECT ?p ?o {{ <https://w3id.org/utsaga/id/organisation/malmo-kommun> ?p ?o }} LIMIT {}"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
CLIENTS = 4
FULL = DEFAULTS.worker_count


def ask(address: Address, query: str) -> tuple[int, str | None]:
    """Return the status and the header Retry-After of the answer to `query`."""
    connection = HTTPConnection(*address, timeout=30)
    try:
        connection.request("GET", f"/sparql?{urlencode({'query': query})}")
        response = connection.getresponse()
        response.read()
        return response.status, response.headers["Retry-After"]
    finally:
        connection.close()


def workers(server: int, home: Path) -> set[int]:
    """Return the processes under `server` that have a store open and no children: the query workers."""
    pids = tree(server)
    return {pid for pid in pids if len(tree(pid)) == 1 and has_open(pid, home)}


def has_open(pid: int, home: Path) -> bool:
    try:
        links = list(Path(f"/proc/{pid}/fd").iterdir())
        return any(
            link.readlink().is_relative_to(home) and "store" in link.readlink().parts for link in links
        )
    except OSError:  # it has ended, or closed a file, meanwhile
        return False


def busy(server: int, home: Path) -> int:
    """Return the worker that computes without a pause for a second."""
    always: set[int] = set()
    while len(always) != 1:
        always = workers(server, home)
        for _ in range(20):
            time.sleep(0.05)
            always = {pid for pid in always if computes(pid)}
    return always.pop()


def computes(pid: int) -> bool:
    try:
        stats = [stat.read_text() for stat in Path(f"/proc/{pid}/task").glob("*/stat")]
    except OSError:  # it has ended meanwhile
        return False
    return any(stat.rpartition(")")[2].split()[0] == "R" for stat in stats)


def lives(pid: int) -> bool:
    """Tell whether the process runs; one that only waits for its parent to take note of its end does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(true: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


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


def test_a_killed_worker_takes_only_its_own_query_with_it(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UTSAGA_SECONDS", "60")
    home = release.path.parent
    with served(home) as (address, process):
        answers: list[tuple[int, str | None]] = []
        endless = threading.Thread(target=lambda: answers.append(ask(address, ENDLESS)))
        endless.start()
        victim = busy(process.pid, home)
        with load(address) as statuses:
            time.sleep(0.5)
            os.kill(victim, signal.SIGKILL)
            endless.join(5)
            assert not endless.is_alive()
            time.sleep(1)
        assert answers[0][0] == 503
        assert (answers[0][1] or "").isdigit()
        assert set(statuses) == {200}
        assert wait_until(lambda: len(workers(process.pid, home)) == FULL)
        assert victim not in workers(process.pid, home)


def test_kills_at_random_fail_no_request_but_those_on_the_killed(release: Release) -> None:
    home, kills, chance = release.path.parent, 6, random.Random(3)  # noqa: S311 (no secret)
    with served(home) as (address, process):
        assert wait_until(lambda: len(workers(process.pid, home)) == FULL)
        with load(address) as statuses:
            for _ in range(kills):
                time.sleep(0.3)
                os.kill(chance.choice(sorted(workers(process.pid, home))), signal.SIGKILL)
            time.sleep(1)
        failed = [status for status in statuses if status != 200]
        assert len(failed) <= kills
        assert set(failed) <= {503}
        assert wait_until(lambda: len(workers(process.pid, home)) == FULL)


def test_a_killed_server_leaves_nothing_behind_and_starts_again_at_once(release: Release) -> None:
    home, port = release.path.parent, free_port()
    with served(home, port) as (address, process):
        family = tree(process.pid)[1:]
        process.kill()
        process.wait()
    try:
        assert wait_until(lambda: not is_alive(address), 2)
        start(home, port)
        assert wait_until(lambda: not any(map(lives, family)))
    finally:
        for pid in filter(lives, family):
            os.kill(pid, signal.SIGKILL)
