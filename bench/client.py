"""Asks a server: one question with its answer, or as many as it can answer in some seconds (with wrk)."""

import json
import resource
import socket
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from bench.commands import output_of

_SCRIPT = Path(__file__).with_name("wrk.lua")
_TIMEOUT = 60
_JSON = "application/sparql-results+json"

Row = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Measured:
    """What a load came to; `client_share` is how much of one core the client itself took."""

    requests: int
    seconds: float
    bytes: int
    p50_us: int
    p99_us: int
    max_us: int
    errors: int
    client_share: float

    @property
    def rate(self) -> float:
        """Requests answered in a second."""
        return self.requests / self.seconds


@dataclass(frozen=True)
class Endpoint:
    """Where a server on the loopback interface answers queries."""

    port: int
    path: str

    def target(self, query: str) -> str:
        """Return the path and query of the URL that asks `query`."""
        return f"{self.path}?{urlencode({'query': query})}"


def free_port() -> int:
    """Return a port of the loopback interface that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def ask(endpoint: Endpoint, query: str) -> list[Row]:
    """Return the rows of the answer, names and values only; the one row of an ASK says what it says."""
    connection = HTTPConnection("127.0.0.1", endpoint.port, timeout=_TIMEOUT)
    try:
        connection.request("GET", endpoint.target(query), headers={"Accept": _JSON})
        response = connection.getresponse()
        body = response.read()
    finally:
        connection.close()
    if response.status != 200:
        raise RuntimeError(f"{response.status} for {query}: {body[:500].decode(errors='replace')}")
    answer = json.loads(body)
    if "boolean" in answer:
        return [(("ask", str(answer["boolean"])),)]
    return [
        tuple(sorted((name, term["value"]) for name, term in row.items()))
        for row in answer["results"]["bindings"]
    ]


def fire(
    endpoint: Endpoint, queries: Iterable[str], *, connections: int, seconds: int, salt: str = ""
) -> Measured:
    """Send the queries over and over for `seconds`; with a `salt`, every request is another query."""
    with tempfile.NamedTemporaryFile("w", prefix="bench-", suffix=".txt") as file:
        file.writelines(f"{endpoint.target(query)}\n" for query in queries)
        file.flush()
        command = ["wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s"]
        command += [
            "--timeout",
            f"{_TIMEOUT}s",
            "--script",
            str(_SCRIPT),
            f"http://127.0.0.1:{endpoint.port}",
        ]
        command += ["--", file.name, *([salt] if salt else [])]
        before = _children_seconds()
        printed = output_of(*command)
        spent = _children_seconds() - before
    found = json.loads(printed.rpartition("\n")[2])
    return Measured(**found, client_share=spent / found["seconds"])


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
