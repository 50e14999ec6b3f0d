"""Headers of responses that depend on unchanging data alone: validators, licence and description."""

import hashlib
from datetime import datetime
from importlib.metadata import version
from typing import Final

from flask import Flask, Response, request

from graph.core.namespaces import LICENCE
from web.html import urls
from web.html.app_state import DataVersion, app_state
from web.html.i18n import content_language, interface_language
from web.html.site_context import VIEWS
from web.html.vary import varies_by

_RELEASE_BLUEPRINTS: Final = {
    "cite",
    "dataset",
    "graphs",
    "feeds",
    "query_feeds",
    "openapi",
    "sitemap",
    "opensearch",
    "cards",
    "home",
    "about",
    "documentation",
    "lists",
    "entities",
    "evidence",
    "ontology",
    "queries",
    *VIEWS,
    "editor",
    "builder",
    "network",
    "search",
}  # unless the response has no-store
_PROGRAM: Final = version("utsaga")


def register(app: Flask) -> None:
    """Add the headers to the responses of `app`."""
    app.after_request(_add_links)
    app.after_request(_add_validators)


def _add_links(response: Response) -> Response:
    """Add links to the licence and to the description of the data set."""
    if response.status_code == 200 and request.blueprint in _RELEASE_BLUEPRINTS:
        links = response.headers.getlist("Link")
        response.headers.add("Link", f'<{LICENCE}>; rel="license"')
        described = any('rel="describedby"' in each for each in links)
        if app_state().publication and not described and request.blueprint != "dataset":
            response.headers.add(
                "Link", f'<{urls.cached_url_for("dataset.page", lang=None)}>; rel="describedby"'
            )
    return response


def _add_validators(response: Response) -> Response:
    """Add ETag and Last-Modified to a response that depends on data, program and request alone.

    The response cache compares them with the conditions of the request.
    """
    data = app_state().version
    found = request.method in {"GET", "HEAD"} and response.status_code == 200
    if (
        data is None
        or not found
        or request.blueprint not in _RELEASE_BLUEPRINTS
        or response.cache_control.no_store
    ):
        return response
    if response.get_etag()[0]:  # a file, which has a digest of its own
        return response
    language = f"{interface_language()} {content_language()}" if varies_by("Accept-Language") else ""
    settings = app_state().settings
    modified = _modified(data)
    shown = (modified, settings.contact, settings.operator, settings.legal_basis)
    state = "\n".join((data.id, _PROGRAM, *shown, request.full_path, response.mimetype or "", language))
    response.set_etag(hashlib.sha256(state.encode()).hexdigest()[:24], weak=True)
    response.last_modified = datetime.fromisoformat(modified)
    response.headers.setdefault("Cache-Control", "no-cache")
    return response


def _modified(data: DataVersion) -> str:
    """Return when the document last changed: with the data, or, for that of all queries, with a run."""
    publication = app_state().publication
    if publication is None or request.endpoint != "queries.index":
        return data.created
    every = (publication.query_runs, *publication.engine_runs.values())
    return max([data.created, *(run.at for runs in every for run in runs.values())])
