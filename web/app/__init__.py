"""The application: its extensions and blueprints. Begin with `create_app`."""

from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Flask, Response
from jinja2 import ChoiceLoader, FileSystemLoader

from graph.core import extensions
from graph.core.site import SITE
from web import reconcile
from web.app import request_checks
from web.builder import routes as builder
from web.documentation import routes as documentation
from web.entities import citations, routes, verification
from web.evidence import routes as evidence
from web.html import (
    app_state,
    as_of,
    assets,
    caching_headers,
    code_words,
    converters,
    dates,
    error_pages,
    filters,
    i18n,
    kind_words,
    pinned,
    sentences,
    site_context,
    statement_titles,
    vary,
)
from web.html.app_state import AppState
from web.html.request_args import known_arguments
from web.http.known_arguments import WithoutUnknownArguments
from web.http.security_headers import SECURITY
from web.publish import (
    cards,
    dataset,
    feeds,
    graphs,
    health,
    json_ld,
    openapi,
    opensearch,
    query_feeds,
    release_files,
    releases,
    resolve,
    site_files,
    sitemap,
)
from web.sparql import editor, graph_view, protocol, stored_queries
from web.views import about, compare, dated, home, lists, places, report, search, timeline, vocabulary

_EXTENSIONS: Final = (
    vary,
    request_checks,
    i18n,
    as_of,
    pinned,
    filters,
    kind_words,
    dates,
    sentences,
    code_words,
    statement_titles,
    site_context,
    assets,
    caching_headers,
    json_ld,
    cards,
    error_pages,
)
_BLUEPRINTS: Final = (
    home.blueprint,
    about.blueprint,
    compare.blueprint,
    documentation.blueprint,
    report.blueprint,
    lists.blueprint,
    search.blueprint,
    reconcile.blueprint,
    resolve.blueprint,
    routes.blueprint,
    citations.blueprint,
    verification.blueprint,
    evidence.blueprint,
    stored_queries.blueprint,
    editor.blueprint,
    builder.blueprint,
    graph_view.blueprint,
    protocol.blueprint,
    vocabulary.blueprint,
    dataset.blueprint,
    graphs.blueprint,
    releases.blueprint,
    release_files.blueprint,
    feeds.blueprint,
    query_feeds.blueprint,
    sitemap.blueprint,
    site_files.blueprint,
    opensearch.blueprint,
    cards.blueprint,
    openapi.blueprint,
    health.blueprint,
)


def create_app(state: AppState) -> Flask:
    """Return the Flask application that serves `state`."""
    app = Flask("web")
    _use_own_templates(app)
    app_state.register(app, state)
    converters.register(app, state)
    for extension in _EXTENSIONS:
        extension.register(app)
    own: tuple[Blueprint, ...] = extensions.extension("blueprints", ())
    offered = (each for each in _BLUEPRINTS if SITE.offers("blueprints", each.name))
    for blueprint in (*offered, *own, *_views({each.name for each in own})):
        app.register_blueprint(blueprint)
    app.after_request(_secure)
    known = known_arguments(app, state)
    app.wsgi_app = WithoutUnknownArguments(app.wsgi_app, known)  # type: ignore[method-assign]
    return app


def _use_own_templates(app: Flask) -> None:
    """Let templates in the folder `pages/templates` of the site override those of `app` by name."""
    folder = SITE.pages / "templates"
    if app.jinja_loader and folder.is_dir():
        app.jinja_loader = ChoiceLoader([FileSystemLoader(folder), app.jinja_loader])


def _views(own: set[str]) -> Iterator[Blueprint]:
    """Yield the views of the whole graph that the site has, unless it has one of its `own` by that name."""
    if "map" not in own:
        yield places.blueprint
    has_statements = SITE.offers("blueprints", timeline.blueprint.name)
    yield timeline.blueprint if has_statements else dated.blueprint


def _secure(response: Response) -> Response:
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    return response
