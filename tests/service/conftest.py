"""A server behind the nginx of `utsaga gen-config nginx`."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from pathlib import Path

import pytest

from bench.hostile.exchange import Address
from bench.soak import served
from bench.strangers.proxy import proxied
from graph.release.release import Release

PROXY_SETTINGS = {"UTSAGA_TRUSTED_HOPS": "1", "UTSAGA_PUBLIC_BASE": "https://utsaga.example"}


@dataclass(frozen=True)
class Site:
    """Where nginx answers, the port of the server behind it, and the server's log."""

    address: Address
    upstream: int
    log: Path
    _numbers: Iterator[int]

    def paths(self) -> Counter[str]:
        """Return how often the server was asked for which path until now."""
        last = f"/last-{next(self._numbers)}"
        connection = HTTPConnection("127.0.0.1", self.upstream, timeout=30)
        connection.request("GET", last)
        connection.getresponse().read()
        connection.close()
        end = time.monotonic() + 30
        while time.monotonic() < end:
            lines = self.log.read_text(encoding="utf-8").splitlines()
            found = Counter(json.loads(line).get("path") for line in lines if line.startswith("{"))
            if last in found:
                return found
            time.sleep(0.05)
        pytest.fail("the server does not log its requests")


@pytest.fixture(scope="package")
def site(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server of the project's own facts behind nginx."""
    place = tmp_path_factory.mktemp("nginx")
    log = place / "server.log"
    with (
        served(release.path.parent, settings=PROXY_SETTINGS, log=log) as (server, _),
        proxied(place, server[1]) as (address, _),
    ):
        yield Site(address, server[1], log, count())
