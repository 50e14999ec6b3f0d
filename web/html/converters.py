"""The parts of paths that name entities: slugs, kinds with a list, and kinds in the addresses of entities."""

from flask import Flask
from werkzeug.routing import BaseConverter

from graph.core.iris import SLUG
from web.html.app_state import AppState


class SlugConverter(BaseConverter):
    """The slug of an entity in a URL: never a dot, so that an extension can follow."""

    regex = SLUG


def register(app: Flask, state: AppState) -> None:
    """Make the converters slug, kind and named_kind of `app`, for the kinds of what `state` serves.

    A `kind` has a list. A `named_kind` may stand in the address of an entity: where kinds are derived from an
    ontology, those that publish entities have chosen such names without them.
    """
    table = state.entities.index.kinds
    names = "|".join(sorted(table, key=len, reverse=True)) or "(?!)"
    listed = type("KindConverter", (BaseConverter,), {"regex": names})
    named = SlugConverter if table.derived else listed
    app.url_map.converters.update(slug=SlugConverter, kind=listed, named_kind=named)
