"""The web front end: entity pages, lists, stored queries and the SPARQL endpoint."""

from collections.abc import Callable

from flask import Flask

from graph import catalogue
from graph.atlas import Atlas
from graph.backend import Backend
from graph.boundaries import Boundaries, drawn
from graph.comparison import Comparisons
from graph.describe import Entities
from graph.lists import Lists
from graph.publication import Publication
from graph.release import Manifest
from graph.search import Search
from graph.settings import DEFAULTS, Settings
from graph.timeline import Timeline
from graph.vocabulary import Vocabulary
from web import (
    asof,
    assets,
    cite,
    compare,
    dataset,
    documents,
    editor,
    entities,
    feeds,
    headers,
    home,
    language,
    lists,
    network,
    ontology,
    openapi,
    ops,
    present,
    problems,
    queries,
    reconcile,
    releases,
    request_checks,
    resolve,
    search,
    site,
    sitemap,
    sparql,
    structured,
    timeline,
)
from web import map as charts
from web.asking import Desk
from web.metrics import Metrics
from web.throttle import Throttle


def create_app(  # noqa: PLR0913 (a part each)
    backend: Backend,
    *,
    settings: Settings = DEFAULTS,
    release: Manifest | None = None,
    metrics: Metrics | None = None,
    throttle: Throttle | None = None,
    text_index: Search | None = None,
    boundaries: Callable[[], Boundaries] = drawn,
    publication: Publication | None = None,
) -> Flask:
    """Return the application that serves what `backend` holds: the release `release`, if it is one.

    Without a `text_index` there is no search box. `boundaries` gives the map. Without a
    `publication` there is nothing to download, and no feed.
    """
    app = Flask(__name__)
    app.url_map.converters["slug"] = entities.SlugConverter
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
        queries=catalogue.load(),
        answers={},
        publication=publication,
    )
    for part in (
        request_checks,
        language,
        asof,
        present,
        charts,
        site,
        headers,
        assets,
        documents,
        structured,
        problems,
    ):
        part.register(app)
    for blueprint in (
        home.blueprint,
        lists.blueprint,
        search.blueprint,
        reconcile.blueprint,
        resolve.blueprint,
        entities.blueprint,
        cite.blueprint,
        queries.blueprint,
        editor.blueprint,
        network.blueprint,
        sparql.blueprint,
        ontology.blueprint,
        dataset.blueprint,
        releases.blueprint,
        feeds.blueprint,
        sitemap.blueprint,
        openapi.blueprint,
        charts.blueprint,
        compare.blueprint,
        timeline.blueprint,
        ops.blueprint,
    ):
        app.register_blueprint(blueprint)
    return app
