"""The endpoints for operators."""

import re
import socket

import pytest
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.backends.remote import RemoteEndpoint
from graph.core.errors import Unavailable
from graph.core.settings import Settings
from web.app import create_app
from web.html.app_state import AppState


class Busy(InProcess):
    """A backend that cannot answer now."""

    def check_ready(self) -> None:
        raise Unavailable("No worker is free", rule="UTSAGA_WORKERS", retry_after=1)


class Workers(InProcess):
    """A backend with workers, three of whom are free."""

    idle = 3


@pytest.fixture
def busy() -> FlaskClient:
    """A client of an application without a free worker."""
    return create_app(AppState.of(Busy.of([]))).test_client()


def test_healthz_returns_ok(pages: FlaskClient) -> None:
    answer = pages.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_healthz_is_ok_while_readyz_is_not(busy: FlaskClient) -> None:
    assert busy.get("/healthz").status_code == 200
    assert busy.get("/readyz").status_code == 503


def test_readyz_is_ok_with_a_free_worker(pages: FlaskClient) -> None:
    answer = pages.get("/readyz")
    assert answer.status_code == 200
    parts = ["store", "index", "tables", "text-index", "workers"]
    assert re.fullmatch("ready\n" + "".join(rf"{part} ok \d+\.\d ms\n" for part in parts), answer.text)
    assert answer.headers["Cache-Control"] == "no-store"


def test_readyz_gives_the_reason_when_no_worker_is_free(busy: FlaskClient) -> None:
    answer = busy.get("/readyz")
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert answer.json is not None
    assert [each["where"] for each in answer.json["faults"]] == ["workers"]
    assert answer.json["faults"][0]["message"] == "No worker is free"
    assert answer.json["faults"][0]["rule"] == "UTSAGA_WORKERS"
    assert answer.headers["Retry-After"] == "1"
    assert answer.headers["Cache-Control"] == "no-store"


def test_readyz_says_that_another_endpoint_cannot_be_reached() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        away = RemoteEndpoint(f"http://127.0.0.1:{taken.getsockname()[1]}/")
        answer = create_app(AppState.of(away)).test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert "cannot be reached" in answer.json["faults"][0]["message"]
    assert "Retry-After" not in answer.headers


def test_metrics_are_in_the_format_of_prometheus() -> None:
    state = AppState.of(InProcess.of([]))
    state.metrics.query("ok", 0.1)
    answer = create_app(state).test_client().get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert 'utsaga_queries_total{outcome="ok"} 1.0' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_gauges_of_workers_are_set_when_metrics_are_read() -> None:
    state = AppState.of(Workers.of([]), settings=Settings(workers=8))
    text = create_app(state).test_client().get("/metrics").text
    assert 'utsaga_workers{state="idle"} 3.0' in text
    assert 'utsaga_workers{state="busy"} 5.0' in text
