"""Rendering of errors: a page for a browser, problem+json for a program.

https://www.rfc-editor.org/rfc/rfc9457
"""

import logging
import sqlite3
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from graph.core.errors import Fault, NotFound, ReleaseGone, UtsagaError
from graph.core.storage_errors import storage_fault, unreadable_files
from graph.read.entities import Ref
from graph.release.pinned import ARGUMENT as RELEASE
from web.html.app_state import app_state
from web.html.downloads import offered_downloads
from web.http.negotiation import best
from web.http.pinned import release_address
from web.http.problem_json import PROBLEM, Download, problem

_LOG: Final = logging.getLogger(__name__)
_MIN_NAME_LENGTH, _MAX_NAME_LENGTH = 2, 100  # characters of an address that is looked up as a name


@dataclass(frozen=True)
class ErrorContext:
    """The context of the template `error.html`, each field being a variable."""

    status: int
    title: str
    faults: tuple[Fault, ...]
    wait: int | None = None  # seconds until a retry may succeed
    nearest: tuple[Ref, ...] = ()  # entities that the address may mean
    downloads: tuple[Download, ...] = ()  # files with the whole graph, for whoever asks for much
    nearest_release: str = ""  # the id of one that can be read, if that of the request cannot
    nearest_url: str = ""  # the URL of the request for that release

    @property
    def of_release(self) -> bool:
        """Whether it is the release that the request names which is wrong, not the address."""
        return self.status in (400, 404) and any(fault.where == RELEASE for fault in self.faults)


def register(app: Flask) -> None:
    """Register handlers in `app` for the errors of views and of Flask."""
    app.register_error_handler(UtsagaError, _handle_error)
    for kind in (OSError, sqlite3.Error):
        app.register_error_handler(kind, _handle_storage_error)
    app.register_error_handler(HTTPException, _handle_http_exception)


def _handle_error(error: UtsagaError) -> Response:
    context = ErrorContext(error.status, error.title, error.faults, error.retry_after)
    if isinstance(error, ReleaseGone):
        context = replace(
            context,
            nearest_release=error.nearest,
            nearest_url=release_address(request.environ, error.nearest),
        )
    response = _render(context)
    if context.nearest_url:
        response.headers.add("Link", f'<{context.nearest_url}>; rel="alternate"')
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _handle_storage_error(error: OSError | sqlite3.Error) -> Response:
    """Return the response where a file cannot be read: a problem document if no page can be made either."""
    _LOG.warning("%s", storage_fault(error, request.path))
    told = unreadable_files(request.path)
    try:
        return _handle_error(told)
    except (OSError, sqlite3.Error, UtsagaError):
        response = Response(problem(told.status, told.faults), told.status, content_type=PROBLEM)
        response.headers["Cache-Control"] = "no-store"
        return response


def _handle_http_exception(error: HTTPException) -> Response:
    """Return the response for an error of Flask's own, with those of its headers that say more."""
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
        if name in ("Allow", "Content-Range", "Retry-After"):
            response.headers[name] = value
    return response


def _nearest_entities(path: str) -> tuple[Ref, ...]:
    """Return the entities with names like the end of `path`, of the kind that it names if there are any."""
    *folders, last = [part for part in path.split("/") if part] or [""]
    words = last.partition(".")[0].replace("-", " ").replace("_", " ")
    if not _MIN_NAME_LENGTH <= len(words) <= _MAX_NAME_LENGTH:
        return ()
    state = app_state()
    kind = folders[-1] if folders and folders[-1] in state.entities.index.kinds else ""
    try:
        for kinds in ((kind,), ()) if kind else ((),):
            found = state.names.resolve(words, kinds)
            if names := (found.match,) if found.match else found.nearest:
                return state.entities.refs(names)
    except UtsagaError:  # the error that is rendered says more
        return ()
    return ()


def _render(context: ErrorContext) -> Response:
    if context.status == NotFound.status and not context.of_release:
        context = replace(context, nearest=_nearest_entities(request.path))
    context = replace(context, downloads=offered_downloads(context.status))
    if best(request.headers.get("Accept", ""), (PROBLEM, "text/html")) == "text/html":
        response = Response(
            render_template("error.html", **vars(context), of_release=context.of_release),
            content_type="text/html; charset=utf-8",
        )
    else:
        nearest = [ref.iri for ref in context.nearest]
        document = problem(
            context.status, context.faults, nearest, context.downloads, context.nearest_release
        )
        response = Response(document, content_type=PROBLEM)
    response.status_code = context.status
    response.headers["Cache-Control"] = "no-store"
    return response
