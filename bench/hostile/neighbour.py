"""A well-behaved client in a process of its own: a point lookup every few milliseconds, each timed.

Every other lookup is the same, which a cache may answer; those between are never asked twice.
"""

import json
import multiprocessing
import statistics
import time
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

from bench.hostile.exchange import Address

PAUSE = 0.005  # seconds between an answer and the next lookup
_ENTITIES = "SELECT DISTINCT ?s { ?s a ?type } LIMIT 500"
_JSON = {"Accept": "application/sparql-results+json"}


@dataclass(frozen=True)
class Lookup:
    """One lookup: when it began, how long it took, the status (0 for none), whether it was a repeated one."""

    start: float
    seconds: float
    status: int
    repeated: bool


class Neighbour:
    """Runs the client while the block runs; `lookups` has what it saw when the block has ended."""

    def __init__(self, address: Address, path: str = "/sparql") -> None:
        """Take the address of the server and the path of its endpoint."""
        self.lookups: list[Lookup] = []
        context = multiprocessing.get_context("spawn")
        self._here, self._there = context.Pipe()
        self._process = context.Process(target=_run, args=(address, path, self._there), daemon=True)

    def __enter__(self) -> Self:
        """Start, and return when the server has answered; raise ConnectionError if it does not."""
        self._process.start()
        self._there.close()
        try:
            self._here.recv()
        except EOFError as error:
            raise ConnectionError("the server does not answer a first lookup") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Stop, and collect the lookups."""
        self._here.send(None)
        self.lookups = self._here.recv()
        self._process.join()


@dataclass(frozen=True)
class Latency:
    """Of some lookups: how many there were, the times in milliseconds, how many failed."""

    count: int
    p50: float
    p99: float
    failed: int

    @classmethod
    def of(cls, lookups: Iterable[Lookup]) -> Self:
        """Sum up the lookups."""
        all_of_them = list(lookups)
        times = [lookup.seconds * 1000 for lookup in all_of_them] or [0.0]
        cuts = statistics.quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
        return cls(len(all_of_them), cuts[49], cuts[98], sum(each.status != 200 for each in all_of_them))


def _run(address: Address, path: str, main: Connection) -> None:
    """Look up, round after round, until `main` says to stop."""
    connection = HTTPConnection(*address, timeout=30)
    connection.request("GET", f"{path}?{urlencode({'query': _ENTITIES})}", headers=_JSON)
    rows = json.loads(connection.getresponse().read())["results"]["bindings"]
    entities = [row["s"]["value"] for row in rows if row["s"]["type"] == "uri"]
    lookups: list[Lookup] = []
    main.send(None)
    while not main.poll(PAUSE):
        number = len(lookups)
        repeated = number % 2 == 0
        entity, limit = (entities[0], 1000) if repeated else (entities[number % len(entities)], 1000 + number)
        target = f"{path}?{urlencode({'query': f'SELECT ?p ?o {{ <{entity}> ?p ?o }} LIMIT {limit}'})}"
        start, status = time.monotonic(), 0
        try:
            connection.request("GET", target, headers=_JSON)
            response = connection.getresponse()
            response.read()
            status = response.status
        except (OSError, HTTPException):
            connection.close()
        lookups.append(Lookup(start, time.monotonic() - start, status, repeated))
    main.recv()
    main.send(lookups)
