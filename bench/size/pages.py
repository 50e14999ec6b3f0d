"""Measures how soon a server answers, its pages of a hub and of typical entities, and suggestions."""

import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from random import Random
from typing import Any, Final
from urllib.parse import quote, urlencode

from bench.client import Endpoint, ask, free_port
from bench.data.registers import HUB
from bench.describe import Describe, Unavailable
from bench.pages import Asked, Timed, Trifid, choose_pages, quietly, time_pages
from bench.peers import Oxigraph, Peer, Running, Utsaga
from bench.size.builds import RELEASES

_REQUESTS: Final = 60
_TYPICAL: Final = 15  # entities of each kind
_REST_SECONDS: Final = 20  # that a server may take to come to rest before it is asked
_START_SECONDS: Final = 300
_TIMEOUT: Final = 60
_SUGGESTIONS: Final = 300
_NUMBERS: Final = count(1)
_SETTINGS: Final = {"UTSAGA_CACHE_BYTES": "0", "UTSAGA_WORKERS": "1"}
"""Every page is made anew; with one worker, the server answers no stored queries ahead meanwhile."""
_ENTITY: Final = "SELECT * {{ {{ <{0}> ?p ?o }} UNION {{ SELECT ?s ?q {{ ?s ?q <{0}> }} LIMIT 50 }} }} # {1}"
"""What a page of an entity has to ask of a SPARQL server: all that it says, and the first links to it."""


def ours(data: Path) -> dict[str, Any]:
    """Return the figures of our server on the release that `builds.build` has made."""
    home = data / RELEASES
    with serving(Utsaga(), home, "/readyz") as running:
        found = _pages(Utsaga.name, running, home)
        found |= _suggestions(running, Random(1))  # noqa: S311 (a sample, no secret)
    return found


def oxigraph(data: Path) -> dict[str, Any]:
    """Return the figures of the native server, which is asked what a page of an entity needs."""
    asked = choose_pages(data / RELEASES, 1, _TYPICAL)[:2]
    with serving(Oxigraph(), data / "oxigraph") as running:
        found: dict[str, Any] = {"start s": round(running.took, 2)}
        for each in asked:
            queries = [each.targets[number % len(each.targets)] for number in range(_REQUESTS)]
            for name in queries[:5]:
                ask(running.endpoint, _ENTITY.format(name, next(_NUMBERS)))
            times = [_elapsed(running.endpoint, name) for name in queries]
            found[f"{each.name} ms"] = round(statistics.median(times), 2)
    return found


def trifid(data: Path) -> dict[str, Any]:
    """Return the figures of Trifid on the native server."""
    with serving(Oxigraph(), data / "oxigraph") as below:
        peer = Trifid()
        peer.endpoint = f"http://127.0.0.1:{below.endpoint.port}{below.endpoint.path}"
        with quietly(), serving(peer, peer.load(data)) as running:
            return _pages(peer.name, running, data / RELEASES)


def virtuoso(data: Path) -> dict[str, Any]:
    """Return the figures of Virtuoso's `/describe`, or why it is left out."""
    try:
        peer = Describe()
        with serving(peer, peer.load(data)) as running:
            return _pages(peer.name, running, data / RELEASES)
    except Unavailable as error:
        return {"left out": str(error)}


@contextmanager
def serving(peer: Peer, home: Path, ready: str = "") -> Iterator[Running]:
    """Run a server on a free port until the block ends; give it once it answers and has come to rest.

    It is ready when `ready` is answered with 200, or else a query.
    """
    endpoint = Endpoint(free_port(), peer.path)
    log = (home.parent / f"size-{peer.name.lower()}.log").open("w")
    began = time.monotonic()
    with (
        log,
        subprocess.Popen(  # noqa: S603 (our own commands)
            peer.command(home, endpoint.port),
            stdout=log,
            stderr=log,
            cwd=home,
            start_new_session=True,
            env={**os.environ, **_SETTINGS},
        ) as process,
    ):
        try:
            while not _is_ready(endpoint, ready):
                if process.poll() is not None or time.monotonic() - began > _START_SECONDS:
                    raise RuntimeError(f"{peer.name} does not answer; see its log")
                time.sleep(0.01)
            running = Running(endpoint, process.pid, time.monotonic() - began)
            _rest(running)
            yield running
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(60)
            process.kill()


def _is_ready(endpoint: Endpoint, ready: str) -> bool:
    try:
        if not ready:
            ask(endpoint, "ASK {}")
            return True
        connection = HTTPConnection("127.0.0.1", endpoint.port, timeout=_TIMEOUT)
        connection.request("GET", ready)
        status = connection.getresponse().status
        connection.close()
    except (OSError, RuntimeError):
        return False
    return status == 200


def _rest(running: Running) -> None:
    end = time.monotonic() + _REST_SECONDS
    while time.monotonic() < end:
        before = running.cpu_seconds()
        time.sleep(1)
        if running.cpu_seconds() - before < 0.1:
            return


def _pages(server: str, running: Running, home: Path) -> dict[str, Any]:
    found: dict[str, Any] = {"start s": round(running.took, 2)}
    for asked in choose_pages(home, 1, _TYPICAL)[:2]:
        try:
            timed = time_pages(server, running, asked, _REQUESTS)
        except (OSError, RuntimeError) as error:
            found[f"{asked.name} failed"] = str(error)[:60]
            continue
        found |= _figures(asked, timed)
    return found


def _figures(asked: Asked, timed: Timed) -> dict[str, Any]:
    return {
        f"{asked.name} ms": round(timed.p50, 2),
        f"{asked.name} p95 ms": round(timed.p95, 2),
        f"{asked.name} CPU ms": round(timed.cpu, 2),
    }


def _suggestions(running: Running, random: Random) -> dict[str, Any]:
    """Return how long suggestions take for the beginnings of names, each of which is asked once."""
    names = ("Produkt", HUB.rpartition("/")[2], "Kommun", "Region", "Anna", "Erik", "Nytt om", "Lag", "Äppel")
    connection = HTTPConnection("127.0.0.1", running.endpoint.port, timeout=_TIMEOUT)
    times: list[float] = []
    for _ in range(_SUGGESTIONS):
        name = random.choice(names)
        prefix = name[: random.randrange(1, len(name) + 1)]
        began = time.perf_counter()
        connection.request("GET", f"/suggest?{urlencode({'prefix': prefix, 'x': next(_NUMBERS)})}")
        response = connection.getresponse()
        response.read()
        times.append(1000 * (time.perf_counter() - began))
        if response.status != 200:
            raise RuntimeError(f"{response.status} for {prefix}")
    connection.close()
    times = sorted(times[10:])
    return {
        "suggest ms": round(statistics.median(times), 2),
        "suggest p95 ms": round(times[len(times) * 95 // 100], 2),
    }


def _elapsed(endpoint: Endpoint, name: str) -> float:
    began = time.perf_counter()
    ask(endpoint, _ENTITY.format(quote(name, safe=":/#"), next(_NUMBERS)))
    return 1000 * (time.perf_counter() - began)
