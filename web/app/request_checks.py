"""Checks of every request before its view runs: body size, redirects, and the client's budget."""

from urllib.parse import urlsplit, urlunsplit

from flask import Flask, g, redirect, request
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from graph.core.errors import TooLarge
from web.html.app_state import app_state
from web.http.body_limits import body_limit, body_limit_setting
from web.http.problem_json import ERROR
from web.http.rate_limit import is_charged_whole
from web.sparql.admission import CHARGED, Admission, ClientPlace


def register(app: Flask) -> None:
    """Add the checks to `app`."""
    app.before_request(_raise_error)
    app.before_request(_check_body)
    app.before_request(_redirect_to_path)
    app.before_request(_take_place)
    app.after_request(_charge_stream)
    app.teardown_request(_leave_place)


def _raise_error() -> None:
    """Raise the error that was found before the application was called, to render it like any other."""
    if ERROR in request.environ:
        raise request.environ[ERROR]


def _check_body() -> None:
    """Raise TooLarge for a body above the limit of its path; no more than the limit is read."""
    settings = app_state().settings
    limit = body_limit(request.method, request.path, settings)
    rule = body_limit_setting(request.method, request.path)
    request.max_form_memory_size = limit
    request.max_content_length = limit + 1  # Werkzeug cuts a body without a length there, and raises nothing
    length = request.content_length
    if length is None:
        length = len(request.get_data()) if rule else 0
    if length > limit:
        remedy = "send less at a time" if rule else "send none: nothing is read here but the URL"
        raise TooLarge(f"The body is longer than {limit:,} bytes", where="body", rule=rule, remedy=remedy)


def _redirect_to_path() -> Response | None:
    """Return the redirect of Werkzeug's routing, for doubled slashes for instance, with a path as its target.

    Werkzeug's own has the host that the client has sent. A Location may be a relative reference:
    https://www.rfc-editor.org/rfc/rfc9110#name-location.
    """
    error = request.routing_exception
    if not isinstance(error, RequestRedirect):
        return None
    target = urlsplit(error.new_url)._replace(scheme="", netloc="")
    return redirect(urlunsplit(target), error.code)


def _take_place() -> None:
    """Take a place of the client, which is charged for the time that the response takes.

    Raise TooManyRequests for a client without time or places left. Where the server has taken one already,
    `CHARGED` is in the environ.
    """
    if is_charged_whole(request.path) and CHARGED not in request.environ:
        g.place = request.environ[CHARGED] = Admission.of(app_state()).take_place(request.environ)


def _charge_stream(response: Response) -> Response:
    """Charge the client for the parts of a response that are generated while it is sent."""
    place: ClientPlace | None = request.environ.get(CHARGED)
    if place is not None and response.is_streamed and not response.direct_passthrough:
        response.response = place.charge_parts(response.response)
    return response


def _leave_place(_error: BaseException | None) -> None:
    """Free the place of the client, whether there is a response or not."""
    place: ClientPlace | None = g.pop("place", None)
    if place is not None:
        place.leave()
