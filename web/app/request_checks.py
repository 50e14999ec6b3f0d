"""What is checked of every request before its view runs."""

from urllib.parse import urlsplit, urlunsplit

from flask import Flask, current_app, redirect, request
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from graph.core.errors import TooLarge
from graph.core.settings import Settings
from web.http.body_limits import body_limit, body_limit_setting


def register(app: Flask) -> None:
    """Check the requests that `app` is sent."""
    app.before_request(_check_body)
    app.before_request(_redirect_to_path)


def _check_body() -> None:
    """Raise TooLarge for a body that is longer than its path takes, having read no more than that of it."""
    settings: Settings = current_app.extensions["settings"]
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
    """Return the redirect that routing wants, of doubled slashes for instance, with a path for its target.

    Werkzeug's own names the host that the client has sent. A Location may be a relative reference:
    https://www.rfc-editor.org/rfc/rfc9110#name-location.
    """
    error = request.routing_exception
    if not isinstance(error, RequestRedirect):
        return None
    target = urlsplit(error.new_url)._replace(scheme="", netloc="")
    return redirect(urlunsplit(target), error.code)
