"""Endpoints for operators: liveness, readiness and metrics."""

from typing import Final

from flask import Blueprint, Response, current_app

from graph.core.errors import Fault, Unavailable
from web.html.app_state import AppState, app_state
from web.publish.readiness import Readiness

blueprint = Blueprint("ops", __name__)
_READINESS: Final = "utsaga.readiness"  # of an application


@blueprint.after_request
def forbid_storing(response: Response) -> Response:
    """Forbid caches to store the response."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/healthz")
def healthz() -> Response:
    """Return “ok”: the process is alive."""
    return _text("ok\n")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Return “ready”, the time of a look-up in each part, and what is to know of the engine.

    Further lines say why it is not the live release that is served. Raise Unavailable, naming the parts, if
    one does not answer or if what is served is damaged.
    """
    state = app_state()
    state.metrics.serving.check()
    readiness: Readiness = current_app.extensions.setdefault(_READINESS, Readiness.of(state))
    notes = (*state.backend.notes, *state.metrics.serving.notes)
    try:
        lines = readiness.check()
    except Unavailable as error:
        error.faults += tuple(Fault("release", note) for note in notes)
        raise
    return _text("".join(f"{line}\n" for line in ("ready", *lines, *notes)))


@blueprint.get("/metrics")
def metrics() -> Response:
    """Return the metrics in the text format of Prometheus."""
    _count_workers(app_state())
    body, content_type = app_state().metrics.expose()
    return Response(body, content_type=content_type)


def _count_workers(state: AppState) -> None:
    """Update the gauges of idle and busy workers, if the backend has workers."""
    idle: int | None = getattr(state.backend, "idle", None)
    if idle is not None:
        state.metrics.idle(idle)
        state.metrics.busy(state.settings.worker_count - idle)


def _text(body: str) -> Response:
    return Response(body, content_type="text/plain; charset=utf-8")
