"""A SPARQL endpoint with data in Wikidata's shape, on the loopback, that misbehaves on command."""

import json
import socket
import struct
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pyoxigraph as ox

from tests.loopback import listening

RESULTS = "application/sparql-results+json"
WIKIDATA = Path(__file__).with_name("wikidata.ttl")
WIKIDATA_FACTS = Path(__file__).with_name("wikidata-facts.ttl")
LABELLED = "SELECT ?item ?label WHERE { ?item <http://www.w3.org/2000/01/rdf-schema#label> ?label }"


class Clock:
    """A clock that stands still unless somebody sleeps by it; how long is remembered."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass
class Endpoint:
    """The endpoint: what it was asked, and how it is to behave next.

    `behave` names what becomes of the next requests, one each; after them, `always`. They are: fine, slow,
    busy (429, Retry-After in seconds), busy-until (503, a date), busy-long (429, an hour), fails (500),
    hidden (403), wrong (400), cut-off, half, resets (in mid-body), hangs (in mid-body), drip, endless, page
    (an error page with 200), csv, truth, elsewhere (a redirect).
    """

    store: ox.Store
    url: str = ""
    always: str = "fine"
    coming: deque[str] = field(default_factory=deque)
    queries: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)

    def behave(self, *names: str) -> None:
        """Let the next requests be answered so."""
        self.coming.extend(names)

    @property
    def reconciles(self) -> str:
        """The address of a reconciliation service, version 0.2, on the same data."""
        return self.url.replace("/sparql", "/reconcile")


@contextmanager
def serving(*data: Path) -> Iterator[Endpoint]:
    """Serve the Turtle files `data`, or wikidata.ttl, on a free port until the end."""
    store = ox.Store()
    for path in data or (WIKIDATA,):
        store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    endpoint = Endpoint(store)
    with listening(_Handler, endpoint=endpoint) as url:
        endpoint.url = f"{url}/sparql"
        yield endpoint


class _Handler(BaseHTTPRequestHandler):
    endpoint: Endpoint

    def do_GET(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        direct = self.headers.get_content_type() == "application/sparql-query"  # as SERVICE asks
        self._answer({"query": [body]} if direct else parse_qs(body))

    def _answer(self, form: dict[str, list[str]]) -> None:
        known = self.endpoint
        known.paths.append(self.path)
        known.queries.append(form.get("query", form.get("queries", [""]))[0])
        known.headers.append({name.lower(): value for name, value in self.headers.items()})
        name = known.coming.popleft() if known.coming else known.always
        self.body = self._reconcile(form) if self.path.startswith("/reconcile") else self._select(form)
        getattr(self, f"{name.replace('-', '_')}_")()

    def _select(self, form: dict[str, list[str]]) -> bytes:
        try:
            rows: Any = self.endpoint.store.query(form["query"][0])
            return bytes(rows.serialize(format=ox.QueryResultsFormat.JSON))
        except (KeyError, SyntaxError, ValueError):
            return b""

    def _reconcile(self, form: dict[str, list[str]]) -> bytes:
        """Answer as https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/ asks."""
        if "queries" not in form:
            space = "http://www.wikidata.org/entity/"
            return json.dumps({"name": "Double", "identifierSpace": space, "schemaSpace": space}).encode()
        asked = json.loads(form["queries"][0])
        return json.dumps(
            {key: {"result": self._matches(each["query"])} for key, each in asked.items()}
        ).encode()

    def _matches(self, name: str) -> list[dict[str, Any]]:
        rows: Any = self.endpoint.store.query(
            LABELLED, substitutions={ox.Variable("label"): ox.Literal(name, language="sv")}
        )
        return [
            {"id": row[0].value.rpartition("/")[2], "name": name, "score": 90, "match": False, "type": []}
            for row in rows
        ]

    def give(self, body: bytes, media_type: str, *, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        for name, value in ({"Content-Type": media_type, "Content-Length": str(len(body))} | named).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def fine_(self) -> None:
        if not self.body:
            self.wrong_()
            return
        self.give(self.body, "application/json" if "reconcile" in self.path else RESULTS)

    def slow_(self) -> None:
        time.sleep(1.0)
        self.fine_()

    def busy_(self) -> None:
        self.give(b"", "text/plain", status=429, Retry_After="7")

    def busy_until_(self) -> None:
        when = datetime.now(UTC) + timedelta(seconds=40)
        self.give(b"", "text/plain", status=503, Retry_After=format_datetime(when, usegmt=True))

    def busy_long_(self) -> None:
        self.give(b"", "text/plain", status=429, Retry_After="3600")

    def fails_(self) -> None:
        self.give(b"<html>Traceback</html>", "text/html", status=500)

    def hidden_(self) -> None:
        self.give(b"", "text/plain", status=403)

    def wrong_(self) -> None:
        self.give(b"SPARQL-QUERY: java.lang.RuntimeException", "text/plain", status=400)

    def cut_off_(self) -> None:
        self.give(self.body[:-5], RESULTS, Content_Length=str(len(self.body)))

    def half_(self) -> None:
        self.give(self.body[: len(self.body) // 2] + b"java.util.concurrent.TimeoutException", RESULTS)

    def resets_(self) -> None:
        self._give_half()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def hangs_(self) -> None:
        self._give_half()
        time.sleep(10)

    def _give_half(self) -> None:
        self.give(self.body[: len(self.body) // 2], RESULTS, Content_Length=str(len(self.body)))
        self.close_connection = True

    def drip_(self) -> None:
        self.give(b"", RESULTS, Content_Length="1000")
        for _ in range(40):
            self.wfile.write(b" ")
            time.sleep(0.05)

    def endless_(self) -> None:
        self.give(b"", RESULTS, Content_Length=str(1 << 40))
        while True:
            self.wfile.write(b" " * 100_000)

    def page_(self) -> None:
        self.give(b"<!DOCTYPE html><title>Wikimedia Error</title>", "text/html; charset=utf-8")

    def csv_(self) -> None:
        self.give(b"item\r\n", "text/csv")

    def truth_(self) -> None:
        self.give(b'{"head":{},"boolean":true}', RESULTS)

    def elsewhere_(self) -> None:
        self.give(b"", "text/plain", status=302, Location="/elsewhere")

    def log_message(self, *_: Any) -> None:
        """Stay silent."""
