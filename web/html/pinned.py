"""Pages and documents of one release, `?release=ID`, which links between them repeat.

The views of `BLUEPRINTS` take the argument, and those of `NEWEST_ONLY` refuse it. The application answers for
the release that it serves alone: the server finds the application of another
(`web/runtime/pinned_releases.py`).
"""

from typing import Any, Final

from flask import Flask, Response, g, request

from graph.core.errors import BadInput, NotFound, Unavailable
from graph.release.pinned import find_pinned
from web.html.app_state import app_state
from web.html.i18n import set_link_release
from web.http.pinned import ARGUMENT, lasting_headers, newest_address, requested_release

BLUEPRINTS: Final = frozenset({"entities", "cite", "queries", "editor", "sparql"})
NEWEST_ONLY: Final = frozenset(
    ("builder", "compare", "dataset", "graphs", "home", "lists", "map", "network", "search", "timeline")
)
"""Blueprints whose views show the data of the newest release alone."""


def takes_release(endpoint: str) -> bool:
    """Return whether the view called `endpoint` takes the argument."""
    return endpoint.partition(".")[0] in BLUEPRINTS


def reads_release(endpoint: str) -> bool:
    """Return whether the view called `endpoint` takes the argument or refuses it; others never see it."""
    return endpoint.partition(".")[0] in BLUEPRINTS | NEWEST_ONLY


def pinned_release() -> str:
    """Return the id of the release that the current request asks for, or ""."""
    found: str = g.get("release", "")
    return found


def register(app: Flask) -> None:
    """Make the links of pages of a release keep it, and add it to the templates of `app`."""
    app.before_request(_pin)
    app.after_request(_add_headers)
    app.url_defaults(_add_release)
    app.jinja_env.globals.update(pinned_release=pinned_release, newest_url=_newest_url)


def _pin() -> None:
    """Take the current request as one for the release that it names, if its view takes one.

    Raise BadInput if its view has the newest release alone, what `find_pinned` raises, and NotFound or
    Unavailable if this application does not serve the release.
    """
    endpoint = request.endpoint or ""
    if not reads_release(endpoint):
        return
    name, state = requested_release(request.environ, request.get_data), app_state()
    if not name:
        return
    if not takes_release(endpoint):
        raise BadInput(
            f"{request.path} has the newest release alone",
            where=ARGUMENT,
            rule="newest release",
            remedy=f"leave {ARGUMENT}= out, or ask /sparql, a stored query or an entity of that release",
        )
    if state.release and state.release.id == name:
        g.release = name
        set_link_release(name)
        return
    if state.release is None or state.publication is None:
        raise NotFound(
            "There are no releases here", where=ARGUMENT, rule="release id", remedy=f"leave {ARGUMENT}= out"
        )
    find_pinned(state.publication.history.releases, name, state.release)
    raise Unavailable(
        f"The release {name} is kept, but this server reads the newest alone",
        where=ARGUMENT,
        rule="one release",
        remedy=f"leave {ARGUMENT}= out, or use utsaga serve",
    )


def _add_headers(response: Response) -> Response:
    """Let data be kept for long, and keep search engines from pages that are there in a newer release."""
    if not pinned_release():
        return response
    response.headers["X-Robots-Tag"] = "noindex"
    if response.status_code == 200 and response.mimetype != "text/html":
        fields = lasting_headers(request.environ, [*response.headers.items()])
        response.headers.clear()
        for name, value in fields:
            response.headers.add(name, value)
    return response


def _add_release(endpoint: str, values: dict[str, Any]) -> None:
    if (name := pinned_release()) and takes_release(endpoint):
        values.setdefault(ARGUMENT, name)


def _newest_url() -> str:
    return newest_address(request.environ)
