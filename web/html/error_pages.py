"""Rendering of errors: a page for a browser, problem+json for a program.

https://www.rfc-editor.org/rfc/rfc9457
"""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from graph.core.errors import Fault, NotFound, UtsagaError
from web.http.negotiation import best
from web.http.problem_json import PROBLEM, problem


@dataclass(frozen=True)
class ErrorContext:
    """The context of the template `error.html`, each field being a variable."""

    status: int
    title: str
    faults: tuple[Fault, ...]
    wait: int | None = None  # seconds until a retry may succeed


def register(app: Flask) -> None:
    """Register handlers in `app` for the errors of views and of Flask."""
    app.register_error_handler(UtsagaError, _handle_error)
    app.register_error_handler(HTTPException, _handle_http_exception)


def _handle_error(error: UtsagaError) -> Response:
    response = _render(ErrorContext(error.status, error.title, error.faults, error.retry_after))
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _handle_http_exception(error: HTTPException) -> Response:
    """Return the response for an error of Flask's own, with its headers Allow and Retry-After."""
    status = HTTPStatus(error.code or 500)
    title, fault = status.phrase, Fault(request.path, status.description or status.phrase)
    if status == HTTPStatus.NOT_FOUND:
        remedy = "check the address, or begin at the home page"
        title, fault = NotFound.title, Fault(request.path, "There is no page at this address", remedy=remedy)
    elif status == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
        fault = Fault(request.path, f"{request.method} is not answered here", "HTTP", f"use {allowed}")
    elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        title = UtsagaError.title
        fault = Fault(request.path, "An error of ours; it has been written to the log", "", "try again later")
    response = _render(ErrorContext(int(status), title, (fault,)))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _render(context: ErrorContext) -> Response:
    if best(request.headers.get("Accept", ""), (PROBLEM, "text/html")) == "text/html":
        response = Response(
            render_template("error.html", **vars(context)), content_type="text/html; charset=utf-8"
        )
    else:
        response = Response(problem(context.status, context.faults), content_type=PROBLEM)
    response.status_code = context.status
    response.headers["Cache-Control"] = "no-store"
    return response
