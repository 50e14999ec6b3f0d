"""The web front end: entity pages, lists, stored queries and the SPARQL endpoint."""

from flask import Flask

from graph import catalogue
from graph.backend import Backend
from graph.describe import Entities
from graph.lists import Lists
from graph.release import Manifest
from graph.settings import DEFAULTS, Settings
from web import documents, entities, home, language, lists, ops, present, problems, queries, site, sparql
from web.asking import Desk
from web.metrics import Metrics
from web.throttle import Throttle


def create_app(
    backend: Backend,
    *,
    settings: Settings = DEFAULTS,
    release: Manifest | None = None,
    metrics: Metrics | None = None,
    throttle: Throttle | None = None,
) -> Flask:
    """Return the application that serves what `backend` holds: the release `release`, if it is one."""
    app = Flask(__name__)
    app.url_map.converters["slug"] = entities.SlugConverter
    reader = Entities(backend)
    metrics = metrics or Metrics()
    throttle = throttle or Throttle(settings.client_seconds, exempt_loopback=not settings.throttle_loopback)
    app.extensions.update(
        backend=backend,
        settings=settings,
        release=release,
        metrics=metrics,
        desk=Desk(backend, settings, throttle, metrics),
        entities=reader,
        lists=Lists(reader),
        queries=catalogue.load(),
        answers={},
    )
    for part in (language, present, site, documents, problems):
        part.register(app)
    for blueprint in (
        home.blueprint,
        lists.blueprint,
        entities.blueprint,
        queries.blueprint,
        sparql.blueprint,
        ops.blueprint,
    ):
        app.register_blueprint(blueprint)
    return app
