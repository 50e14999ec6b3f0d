"""The W3C's tests of the protocol and the service description, against a real server."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from graph.backends.in_process import InProcess
from web.app import create_app
from web.html.app_state import AppState


class Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        pass


@pytest.fixture
def endpoint(shared: Path) -> Iterator[str]:
    """The URL of an endpoint that holds the data of the tests."""
    quads = ox.parse(path=shared / "suites" / "protocol" / "fixture.nq", format=ox.RdfFormat.N_QUADS)
    app = create_app(AppState.of(InProcess.of(quads)))
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/sparql"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_protocol_suite_passes(endpoint: str, shared: Path, tmp_path: Path) -> None:
    suites, report = shared / "suites", tmp_path / "report.json"
    command = [sys.executable, str(suites / "protocol_suite.py"), "--query-url", endpoint]
    run = subprocess.run(
        [*command, "--data", str(suites / "protocol"), "--out", str(report)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert report.exists(), run.stderr
    summary = json.loads(report.read_text(encoding="utf-8"))["summary"]
    assert summary["w3c-query/must"] == {"pass": 20, "fail": 0, "skip": 0}, run.stdout
    assert summary["w3c-sd/should"] == {"pass": 3, "fail": 0, "skip": 0}, run.stdout
    assert summary["w3c-update/must"]["fail"] == 0, run.stdout
