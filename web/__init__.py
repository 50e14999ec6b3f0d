"""The web front end: entity pages, lists, stored queries and the SPARQL endpoint."""

from flask import Flask

from graph import catalogue
from graph.describe import Entities
from graph.lists import Lists
from graph.release import Manifest
from graph.store import ReleaseStore
from web import documents, entities, home, language, lists, ops, present, problems, queries, site, sparql


def create_app(
    store: ReleaseStore, *, public_base: str | None = None, release: Manifest | None = None
) -> Flask:
    """Return the application that serves `store`: the release `release`, reached at `public_base`."""
    app = Flask(__name__)
    app.config["PUBLIC_BASE"] = public_base
    app.url_map.converters["slug"] = entities.SlugConverter
    reader = Entities(store)
    app.extensions.update(
        store=store, release=release, entities=reader, lists=Lists(reader), queries=catalogue.load()
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
