"""Headers of what depends on the release alone: its validators, its licence and where it is described."""

import hashlib
from datetime import datetime
from importlib.metadata import version
from typing import Final

from flask import Flask, Response, request

from graph.core.namespaces import LICENCE
from web.html import urls
from web.html.app_state import app_state
from web.html.i18n import current
from web.html.vary import varies_by

_LASTING: Final = {
    "cite",
    "dataset",
    "feeds",
    "openapi",
    "sitemap",
    "home",
    "lists",
    "entities",
    "ontology",
    "queries",
    "map",
    "compare",
    "timeline",
    "editor",
    "network",
    "search",
}  # unless they say no-store
_VERSION: Final = version("utsaga")


def register(app: Flask) -> None:
    """Give what depends on the release alone its validators."""
    app.after_request(_link)
    app.after_request(_validate)


def _link(response: Response) -> Response:
    """Say of what is told under what licence, and where the whole of it is described."""
    if response.status_code == 200 and request.blueprint in _LASTING:
        links_ = response.headers.getlist("Link")
        response.headers.add("Link", f'<{LICENCE}>; rel="license"')
        described = any('rel="describedby"' in each for each in links_)
        if app_state().publication and not described and request.blueprint != "dataset":
            response.headers.add(
                "Link", f'<{urls.cached_url_for("dataset.page", lang=None)}>; rel="describedby"'
            )
    return response


def _validate(response: Response) -> Response:
    """Give an answer that changes with release, program and request only an ETag and Last-Modified.

    The response cache compares them with the conditions of the request.
    """
    release = app_state().release
    found = request.method in {"GET", "HEAD"} and response.status_code == 200
    if release is None or not found or request.blueprint not in _LASTING or response.cache_control.no_store:
        return response
    if response.get_etag()[0]:  # a file, which has a digest of its own
        return response
    language = current() if varies_by("Accept-Language") else ""
    state = "\n".join((release.id, _VERSION, request.full_path, response.mimetype or "", language))
    response.set_etag(hashlib.sha256(state.encode()).hexdigest()[:24], weak=True)
    response.last_modified = datetime.fromisoformat(release.created)
    response.headers.setdefault("Cache-Control", "no-cache")
    return response
