"""Answers about one entity in the format that was asked for, and the headers that all answers share."""

import hashlib
import json
from datetime import datetime
from importlib.metadata import version
from typing import Final

from flask import Flask, Response, request

from graph.core.namespaces import LICENCE
from graph.read import entity_documents
from graph.read.entities import Entities
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


def document(entities: Entities, name: str, extension: str) -> Response:
    """Return the document about the IRI `name` in the format that `extension` names."""
    media_type = urls.EXTENSIONS[extension]
    if extension == "json":
        body = (
            json.dumps(entity_documents.plain(entities, name), ensure_ascii=False, indent=1).encode() + b"\n"
        )
    else:
        body = entity_documents.rdf(entities, name, media_type)
    return Response(body, content_type=media_type)


def advertise(response: Response, name: str) -> Response:
    """Say in the headers of `response` which other documents there are about the IRI `name`."""
    for extension, media_type in urls.EXTENSIONS.items():
        response.headers.add("Link", f'<{urls.page(name, extension)}>; rel="alternate"; type="{media_type}"')
    response.headers.add("Link", f'<{urls.page(name, lasting=True)}>; rel="alternate"; type="text/html"')
    return response


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
            response.headers.add("Link", f'<{urls.address("dataset.page", lang=None)}>; rel="describedby"')
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
