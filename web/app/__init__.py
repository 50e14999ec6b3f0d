"""The application: which parts and blueprints it is made of. Begin with `create_app`."""

from collections.abc import Callable

from flask import Flask, Response

from graph.backends.protocol import Backend
from graph.core.settings import DEFAULTS, Settings
from graph.query import stored
from graph.read.comparison import Comparisons
from graph.read.entities import Entities
from graph.read.lists import Lists
from graph.read.map_shapes import Boundaries
from graph.read.municipality_map import Atlas
from graph.read.terms_in_use import Vocabulary
from graph.read.timeline import Timeline
from graph.release.publication import Publication
from graph.release.releases import Manifest
from graph.search.search import Search
from web import reconcile
from web.app import request_checks
from web.entities import citations, routes
from web.html import as_of, assets, caching_headers, error_pages, filters, i18n, site_context, vary
from web.http.metrics import Metrics
from web.http.rate_limit import Throttle
from web.http.security_headers import SECURITY
from web.publish import dataset, feeds, health, json_ld, openapi, releases, resolve, sitemap
from web.sparql import editor, graph_view, protocol, stored_queries
from web.sparql.admission import Desk
from web.views import compare, home, lists, search, timeline, vocabulary
from web.views import map as charts


def create_app(  # noqa: PLR0913 (a part each)
    backend: Backend,
    *,
    settings: Settings = DEFAULTS,
    release: Manifest | None = None,
    metrics: Metrics | None = None,
    throttle: Throttle | None = None,
    text_index: Search | None = None,
    boundaries: Callable[[], Boundaries] = Boundaries,
    publication: Publication | None = None,
) -> Flask:
    """Return the application that serves what `backend` holds: the release `release`, if it is one.

    Without a `text_index` there is no search box, without `boundaries` the map is empty, and without a
    `publication` there is nothing to download, and no feed.
    """
    app = Flask("web")
    app.url_map.converters["slug"] = routes.SlugConverter
    reader = Entities(backend)
    metrics = metrics or Metrics()
    throttle = throttle or Throttle.of(settings)
    app.extensions.update(
        backend=backend,
        settings=settings,
        release=release,
        metrics=metrics,
        desk=Desk(backend, settings, throttle, metrics),
        entities=reader,
        lists=Lists(reader),
        boundaries=boundaries,
        atlas=Atlas(backend, reader),
        timeline=Timeline(backend),
        comparisons=Comparisons(reader),
        search=text_index,
        vocabulary=Vocabulary(backend, reader),
        queries=stored.load(),
        answers={},
        publication=publication,
    )
    for part in (
        vary,
        request_checks,
        i18n,
        as_of,
        filters,
        charts,
        site_context,
        assets,
        caching_headers,
        json_ld,
        error_pages,
    ):
        part.register(app)
    for blueprint in (
        home.blueprint,
        lists.blueprint,
        search.blueprint,
        reconcile.blueprint,
        resolve.blueprint,
        routes.blueprint,
        citations.blueprint,
        stored_queries.blueprint,
        editor.blueprint,
        graph_view.blueprint,
        protocol.blueprint,
        vocabulary.blueprint,
        dataset.blueprint,
        releases.blueprint,
        feeds.blueprint,
        sitemap.blueprint,
        openapi.blueprint,
        charts.blueprint,
        compare.blueprint,
        timeline.blueprint,
        health.blueprint,
    ):
        app.register_blueprint(blueprint)
    app.after_request(_secure)
    return app


def _secure(response: Response) -> Response:
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    return response
