"""A graph store on the loopback, by the Graph Store HTTP Protocol, that fails on command."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox

from tests.loopback import listening


@dataclass
class GraphStoreDouble:
    """A store whose next requests are answered as `coming` says; then all are fine.

    busy is 503, limited is 429, gone breaks the connection before anything is stored, and lost after that. A
    body of more than `most` bytes is refused with 413.
    """

    url: str = ""
    most: int = 1 << 30
    coming: deque[str] = field(default_factory=deque)
    requests: list[tuple[str, str, int]] = field(default_factory=list)
    graphs: dict[str, set[ox.Triple]] = field(default_factory=dict)
    labels: Iterator[int] = field(default_factory=count)

    def store(self, method: str, graph: str, body: bytes) -> None:
        """Do what a request asks; blank nodes of each request are others."""
        if method in {"PUT", "DELETE"}:
            self.graphs.pop(graph, None)
        nodes: dict[Any, ox.BlankNode] = {}

        def fresh(term: Any) -> Any:
            return nodes.setdefault(term, ox.BlankNode()) if isinstance(term, ox.BlankNode) else term

        for quad in ox.parse(body, format=ox.RdfFormat.N_TRIPLES):
            triple = ox.Triple(fresh(quad.subject), quad.predicate, fresh(quad.object))
            self.graphs.setdefault(graph, set()).add(triple)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    double: GraphStoreDouble

    def do_PUT(self) -> None:
        asked = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        graph = "" if "default" in asked else asked["graph"][0]
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        how = self.double.coming.popleft() if self.double.coming else "fine"
        self.double.requests.append((self.command, graph, len(body)))
        if len(body) > self.double.most:
            self._reply(413)
        elif how == "gone":
            self.close_connection = True
        elif how in {"busy", "limited"}:
            self._reply(503 if how == "busy" else 429)
        else:
            self.double.store(self.command, graph, body)
            if how == "lost":
                self.close_connection = True
            else:
                self._reply(204)

    do_POST = do_DELETE = do_PUT  # noqa: N815 (as the library names them)

    def _reply(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@contextmanager
def storing() -> Iterator[GraphStoreDouble]:
    """Serve an empty store until the end."""
    double = GraphStoreDouble()
    with listening(_Handler, double=double) as url:
        double.url = f"{url}/store"
        yield double
