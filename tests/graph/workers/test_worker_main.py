"""What a worker does in its process, and what it can reach: no network, unless it may call an endpoint."""

import json
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from graph.core.errors import Forbidden, UtsagaError
from graph.core.settings import Settings
from graph.rdf.formats import Form
from graph.rdf.query_types import QueryRequest, QueryResponse
from graph.workers.process import WorkerProcess
from graph.workers.worker_main import Ready, Reply
from tests.processes import is_running, wait_until

CHOICES: dict[Form, str | None] = {"bindings": "text/csv", "boolean": "application/sparql-results+json"}
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
ROW = {"s": {"type": "uri", "value": "urn:0"}, "o": {"type": "literal", "value": "from the endpoint"}}
ROWS = {"head": {"vars": ["s", "o"]}, "results": {"bindings": [ROW]}}
CONNECT = """
import socket, sys
from graph.workers.worker_main import leave_network
server = socket.create_server(("127.0.0.1", 0))
if not leave_network():
    sys.exit(3)
try:
    socket.create_connection(server.getsockname())
except OSError:
    sys.exit(0)
sys.exit(1)
"""
SERVER = """
import os, select, sys
from pathlib import Path
from graph.core.settings import DEFAULTS
from graph.rdf.query_types import QueryRequest
from graph.workers.process import WorkerProcess
store, query, written = sys.argv[1:]
worker = WorkerProcess(Path(store), union=False, settings=DEFAULTS)
incoming = select.poll()
incoming.register(worker, select.POLLIN)
incoming.poll()
worker.receive()
worker.send(QueryRequest(query, {"bindings": "text/csv"}))
while not worker.cpu_seconds():
    pass
status = Path(f"/proc/{worker.thread}/status").read_text()
Path(written).write_text(status.partition("Tgid:")[2].split()[0])
os.kill(os.getpid(), 9)
"""


class Endpoint(BaseHTTPRequestHandler):
    """A SPARQL endpoint with one row."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.dumps(ROWS).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Log nothing."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Endpoint) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def running(store: Path, settings: Settings) -> Iterator[tuple[WorkerProcess, Ready]]:
    """Start a worker, return it with its first message, and end it."""
    worker = WorkerProcess(store, union=False, settings=settings)
    try:
        ready = received(worker)
        assert isinstance(ready, Ready)
        yield worker, ready
    finally:
        worker.kill()
        worker.reap()


def received(worker: WorkerProcess) -> Ready | Reply:
    """Return the next message once it is there."""
    incoming = select.poll()
    incoming.register(worker, select.POLLIN)
    assert incoming.poll(600_000)
    return worker.receive()[0]


def ask(worker: WorkerProcess, text: str) -> QueryResponse | UtsagaError:
    """Return what became of a query."""
    worker.send(QueryRequest(text, CHOICES))
    reply = received(worker)
    assert isinstance(reply, Reply)
    return reply.result


def federated(service: str) -> str:
    return f"SELECT ?s ?o {{ ?s ?p ?x SERVICE <{service}> {{ ?s <urn:q> ?o }} }}"


def test_a_process_that_has_left_the_network_reaches_nothing() -> None:
    status = subprocess.run([sys.executable, "-c", CONNECT], check=False).returncode
    if status == 3:
        pytest.skip("this system does not let a process leave the network")
    assert status == 0


def test_a_worker_has_a_network_only_if_an_endpoint_is_allow_listed(store: Path, address: str) -> None:
    if subprocess.run([sys.executable, "-c", CONNECT], check=False).returncode == 3:
        pytest.skip("this system does not let a process leave the network")
    with running(store, Settings()) as (_, ready):
        assert ready.isolated
    with running(store, Settings(services=(address,))) as (_, ready):
        assert not ready.isolated


def test_only_an_allow_listed_endpoint_is_called(store: Path, address: str) -> None:
    with running(store, Settings(services=(f"{address}/sparql",))) as (worker, _):
        answer = ask(worker, federated(f"{address}/sparql"))
        assert isinstance(answer, QueryResponse)
        assert answer.read().splitlines() == [b"s,o", b"urn:0,from the endpoint"]
        error = ask(worker, federated(f"{address}/other"))
        assert isinstance(error, Forbidden)
        assert error.faults[0].rule == "allowed services"


def test_an_answer_of_another_endpoint_does_not_last(store: Path, address: str) -> None:
    with running(store, Settings(services=(f"{address}/sparql",))) as (worker, _):
        answer = ask(worker, f"ASK {{ SERVICE <{address}/sparql> {{ ?s ?p ?o }} }}")
        assert isinstance(answer, QueryResponse)
        assert not answer.cacheable
        answer = ask(worker, "ASK {}")
        assert isinstance(answer, QueryResponse)
        assert answer.cacheable


def test_the_stack_is_large_enough_for_a_query_nested_as_deep_as_its_text_allows(store: Path) -> None:
    settings = Settings(nesting=1 << 20)
    depth = settings.query_bytes // 2 - len("ASK ")
    with running(store, settings) as (worker, _):
        answer = ask(worker, "ASK " + "{" * depth + "}" * depth)
        assert isinstance(answer, QueryResponse)


def test_a_worker_that_cannot_read_its_store_ends(tmp_path: Path) -> None:
    worker = WorkerProcess(tmp_path / "missing", union=False, settings=Settings())
    with pytest.raises(EOFError):
        received(worker)
    assert worker.reap() == 1


def test_a_worker_ends_with_the_server_whatever_it_runs(store: Path, tmp_path: Path) -> None:
    written = tmp_path / "pid"
    words = [sys.executable, "-c", SERVER, str(store), ENDLESS, str(written)]
    assert subprocess.run(words, check=False).returncode == -signal.SIGKILL
    pid = int(written.read_text())
    wait_until(lambda: not is_running(pid))
