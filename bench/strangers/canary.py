"""A well-behaved client at an address and in a process of its own: how long its requests take.

Point lookups that were never made before, on a connection that is kept, and /healthz, each on a new one.
They are sent at a fixed rate. One that takes longer stands for those that would have been sent meanwhile
too: otherwise a server that stands still for ten seconds would spoil a single time of hundreds.
"""

import json
import math
import multiprocessing
import time
from collections.abc import Iterable, Iterator
from http.client import HTTPConnection, HTTPException
from itertools import count
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Final, NamedTuple, Self
from urllib.parse import urlencode

from bench.hostile.exchange import Address

RATE: Final = 20.0  # lookups a second
HEALTH_RATE: Final = 2.0  # requests for /healthz a second
_TIMEOUT = 30
_ENTITIES = "SELECT DISTINCT ?s { ?s a ?type } LIMIT 500"
_LOOKUP = "SELECT ?p ?o {{ <{}> ?p ?o }} LIMIT {}"
_JSON = {"Accept": "application/sparql-results+json"}


class Sample(NamedTuple):
    """One request: whether it was a lookup, how long it took, and its status or the error there was."""

    is_lookup: bool
    seconds: float
    outcome: str


class Canary:
    """Sends requests while the block runs."""

    def __init__(self, address: Address, source: str) -> None:
        """Take the address of the server, and the one to connect from."""
        context = multiprocessing.get_context("spawn")
        self._here, self._there = context.Pipe()
        self._process = context.Process(target=_run, args=(address, source, self._there), daemon=True)

    def __enter__(self) -> Self:
        """Start, and return when the server has answered; raise ConnectionError if it does not."""
        self._process.start()
        self._there.close()
        try:
            self._here.recv()
        except EOFError as error:
            raise ConnectionError("the server does not answer a first query") from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        """Stop."""
        self._here.close()
        self._process.join()

    def samples(self) -> list[Sample]:
        """Return the requests answered since the last time, when the one under way is over."""
        self._here.send(None)
        found: list[Sample] = self._here.recv()
        return found


def percentile(samples: Iterable[Sample], rate: float, part: float) -> float:
    """Return within how many milliseconds `part` of the requests were answered, of so many sent a second.

    Those that would have been sent while another waited are counted too. Return 0 if there are none.
    """
    found = [sample.seconds for sample in samples]
    for seconds in tuple(found):
        found += [seconds - missed / rate for missed in range(1, math.ceil(seconds * rate))]
    found.sort()
    return found[min(int(len(found) * part), len(found) - 1)] * 1000 if found else 0.0


def _run(address: Address, source: str, main: Connection) -> None:
    """Send requests and give their samples to `main` each time it wants them, until it closes."""
    kept = HTTPConnection(*address, timeout=_TIMEOUT, source_address=(source, 0))
    kept.request("GET", f"/sparql?{urlencode({'query': _ENTITIES})}", headers=_JSON)
    rows = json.loads(kept.getresponse().read())["results"]["bindings"]
    entities = [row["s"]["value"] for row in rows if row["s"]["type"] == "uri"]
    samples: list[Sample] = []
    main.send(None)
    try:
        for number, lookup in enumerate(_lookups(entities)):
            if main.poll(max(0.0, 1 / RATE - (samples[-1].seconds if samples else 0))):
                main.recv()
                main.send(samples)
                samples = []
            samples.append(_timed(kept, lookup, is_lookup=True))
            if number % int(RATE / HEALTH_RATE) == 0:
                fresh = HTTPConnection(*address, timeout=_TIMEOUT, source_address=(source, 0))
                samples.append(_timed(fresh, "/healthz", is_lookup=False))
                fresh.close()
    except EOFError:
        kept.close()


def _lookups(entities: list[str]) -> Iterator[str]:
    """Yield targets of lookups, each of another query."""
    for number in count():
        text = _LOOKUP.format(entities[number % len(entities)], 1000 + number)
        yield f"/sparql?{urlencode({'query': text})}"


def _timed(connection: HTTPConnection, target: str, *, is_lookup: bool) -> Sample:
    start = time.monotonic()
    try:
        connection.request("GET", target, headers=_JSON)
        response = connection.getresponse()
        response.read()
        outcome = str(response.status)
    except (OSError, HTTPException) as error:
        connection.close()
        outcome = type(error).__name__
    return Sample(is_lookup, time.monotonic() - start, outcome)
