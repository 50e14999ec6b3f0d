"""What operators ask."""

from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.core.settings import Settings
from web.html import error_pages
from web.http.metrics import Metrics
from web.publish import health


@dataclass
class Backend:
    """A backend that is ready or not."""

    free: bool

    def ready(self) -> bool:
        return self.free


@dataclass
class Workers:
    """A backend with workers, of whom some are free."""

    idle: int


@pytest.fixture
def app() -> Flask:
    """An application with nothing but what operators ask."""
    app = Flask(__name__)
    error_pages.register(app)
    app.register_blueprint(health.blueprint)
    return app


def test_healthz(pages: FlaskClient) -> None:
    answer = pages.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "ETag" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_alive_does_not_mean_ready(app: Flask) -> None:
    app.extensions["backend"] = Backend(free=False)
    assert app.test_client().get("/healthz").status_code == 200
    assert app.test_client().get("/readyz").status_code == 503


@pytest.mark.parametrize("backend", [Backend(free=True), object()])
def test_ready_with_a_free_worker_or_a_backend_that_cannot_tell(app: Flask, backend: object) -> None:
    app.extensions["backend"] = backend
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("backend", "reason", "rule"),
    [
        (None, "No release is open", "a live release"),
        (Backend(free=False), "No worker is free", "UTSAGA_WORKERS"),
    ],
)
def test_not_ready_says_why(app: Flask, backend: Backend | None, reason: str, rule: str) -> None:
    if backend:
        app.extensions["backend"] = backend
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.content_type) == (503, "application/problem+json")
    assert answer.json is not None
    assert answer.json["faults"][0]["message"] == reason
    assert answer.json["faults"][0]["rule"] == rule
    assert answer.headers["Cache-Control"] == "no-store"


def test_metrics_are_shown_as_prometheus_reads_them(app: Flask) -> None:
    app.extensions["metrics"] = metrics = Metrics()
    metrics.query("ok", 0.1)
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type == "text/plain; version=0.0.4; charset=utf-8"
    assert 'utsaga_queries_total{outcome="ok"} 1.0' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_workers_are_counted_when_somebody_looks(app: Flask) -> None:
    app.extensions.update(metrics=Metrics(), backend=Workers(idle=3), settings=Settings(workers=8))
    text = app.test_client().get("/metrics").text
    assert 'utsaga_workers{state="idle"} 3.0' in text
    assert 'utsaga_workers{state="busy"} 5.0' in text


def test_without_metrics_there_are_none_to_show(app: Flask) -> None:
    answer = app.test_client().get("/metrics")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")
