"""What operators ask: is it alive, can it answer, what has it counted."""

from flask import Blueprint, Response, current_app

from graph.core.errors import NotFound, Unavailable
from web.http.metrics import Metrics

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
    """Say that a release is open and a worker free to query it; raise Unavailable if not."""
    backend = current_app.extensions.get("backend")
    if backend is None:
        raise Unavailable("No release is open", rule="a live release", remedy="build one with utsaga build")
    ready = getattr(backend, "ready", None)  # a backend that cannot tell is ready
    if ready is not None and not ready():
        raise Unavailable(
            "No worker is free", rule="UTSAGA_WORKERS", remedy="ask again in a moment", retry_after=1
        )
    return _text("ready\n")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Show what was counted and timed, as Prometheus reads it; raise NotFound if nothing is."""
    counted: Metrics | None = current_app.extensions.get("metrics")
    if counted is None:
        raise NotFound("This server counts nothing", where="/metrics")
    _count_workers(counted)
    body, content_type = counted.expose()
    return Response(body, content_type=content_type)


def _count_workers(counted: Metrics) -> None:
    """Note how many workers are free, if the backend has workers: now, since nobody needs it until asked."""
    idle = getattr(current_app.extensions.get("backend"), "idle", None)
    if idle is not None:
        counted.idle(idle)
        counted.busy(current_app.extensions["settings"].worker_count - idle)


def _text(words: str) -> Response:
    return Response(words, content_type="text/plain; charset=utf-8")
