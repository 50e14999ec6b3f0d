"""What operators ask: is it alive, can it answer, what has it counted."""

from flask import Blueprint, Response

from graph.core.errors import Unavailable
from web.html.app_state import AppState, app_state

blueprint = Blueprint("ops", __name__)


@blueprint.after_request
def never_stored(response: Response) -> Response:
    """Keep caches from answering for the server."""
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/healthz")
def healthz() -> Response:
    """Say that the process answers."""
    return _text("ok\n")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Say that a query would be answered now; raise Unavailable if not."""
    if not app_state().backend.ready():
        raise Unavailable(
            "No worker is free", rule="UTSAGA_WORKERS", remedy="ask again in a moment", retry_after=1
        )
    return _text("ready\n")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Show what was counted and timed, as Prometheus reads it."""
    _count_workers(app_state())
    body, content_type = app_state().metrics.expose()
    return Response(body, content_type=content_type)


def _count_workers(state: AppState) -> None:
    """Set the gauges of idle and busy workers, which only change when they are read, if there are workers."""
    idle: int | None = getattr(state.backend, "idle", None)
    if idle is not None:
        state.metrics.idle(idle)
        state.metrics.busy(state.settings.worker_count - idle)


def _text(words: str) -> Response:
    return Response(words, content_type="text/plain; charset=utf-8")
