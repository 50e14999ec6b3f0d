"""What a worker can reach: nothing over the network, unless an endpoint is allow-listed."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from pyoxigraph import NamedNode, Quad

from graph.backends.embedded import Embedded
from graph.build.store_writer import load
from graph.core.errors import Forbidden, Unavailable
from graph.core.settings import Settings
from graph.rdf.query_types import Question

ROW = {"s": {"type": "uri", "value": "urn:s"}, "o": {"type": "literal", "value": "from afar"}}
ROWS = {"head": {"vars": ["s", "o"]}, "results": {"bindings": [ROW]}}
CONNECT = """
import socket, sys
from graph.worker import leave_network
server = socket.create_server(("127.0.0.1", 0))
if not leave_network():
    sys.exit(3)
try:
    socket.create_connection(server.getsockname(), timeout=2)
except OSError:
    sys.exit(0)
sys.exit(1)
"""


class Afar(BaseHTTPRequestHandler):
    """Another endpoint, which takes its time when it is asked at /slow."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/slow":
            time.sleep(5)
        body = json.dumps(ROWS).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""


@pytest.fixture(scope="module")
def afar() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Afar) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def backend(tmp_path_factory: pytest.TempPathFactory, afar: str) -> Iterator[Embedded]:
    path = tmp_path_factory.mktemp("federation") / "store"
    load(path, [Quad(NamedNode("urn:s"), NamedNode("urn:p"), NamedNode("urn:o"))])
    backend = Embedded.start(
        path, Settings(workers=1, seconds=1.0, services=(f"{afar}/sparql", f"{afar}/slow"))
    )
    yield backend
    backend.close()


def ask(backend: Embedded, service: str) -> bytes:
    text = f"SELECT ?s ?o {{ ?s ?p <urn:o> SERVICE <{service}> {{ ?s <urn:q> ?o }} }}"
    return backend.answer(Question(text, {"bindings": "text/csv"}, seconds=1.0)).read()


def test_a_process_that_has_left_the_network_reaches_nothing() -> None:
    status = subprocess.run([sys.executable, "-c", CONNECT], check=False, timeout=30).returncode
    if status == 3:
        pytest.skip("this system does not let a process leave the network")
    assert status == 0


def test_an_allow_listed_endpoint_is_asked(backend: Embedded, afar: str) -> None:
    assert not backend.isolated
    assert ask(backend, f"{afar}/sparql").splitlines() == [b"s,o", b"urn:s,from afar"]


def test_any_other_endpoint_is_not(backend: Embedded, afar: str) -> None:
    with pytest.raises(Forbidden, match="allowed services"):
        ask(backend, f"{afar}/other")


def test_a_slow_endpoint_is_waited_for_no_longer_than_a_query_may_take(backend: Embedded, afar: str) -> None:
    began = time.monotonic()
    with pytest.raises(Unavailable, match="UTSAGA_SECONDS"):
        ask(backend, f"{afar}/slow")
    assert time.monotonic() - began < 2


def test_an_answer_from_afar_does_not_last(backend: Embedded, afar: str) -> None:
    question = Question(
        f"ASK {{ SERVICE <{afar}/sparql> {{ ?s ?p ?o }} }}", {"boolean": "application/sparql-results+json"}
    )
    assert not backend.answer(question).lasts
