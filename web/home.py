"""The home page: what this is, adoption at a glance, the newest statements and the ways in."""

from collections import Counter

from flask import Blueprint, Response, current_app

from graph.claims import adoptions_of
from graph.describe import Entities, Ref
from graph.iris import KINDS
from graph.lists import Lists, sort_name
from graph.namespaces import UTS
from graph.statements import statement
from web.pages import HomePage

blueprint = Blueprint("home", __name__)

NEWEST = 5


@blueprint.get("/")
def page() -> str:
    """Show the home page."""
    entities: Entities = current_app.extensions["entities"]
    lists: Lists = current_app.extensions["lists"]
    product = _most_adopted(lists)
    adoptions = adoptions_of(entities, product.iri, UTS + "product") if product else ()
    by_name = sorted(adoptions, key=lambda each: sort_name(each.adopter.labels if each.adopter else ()))
    newest = [entry for entry in lists.entries("statement") if entry.values["organisation"]][:NEWEST]
    return HomePage(
        product=product,
        adoptions=tuple(by_name),
        newest=tuple(statement(entities, entry.ref.iri) for entry in newest),
        counts={kind: len(lists.entries(kind)) for kind in KINDS},
        queries=tuple(current_app.extensions["queries"].values()),
    ).render()


@blueprint.get("/favicon.ico")
def mark() -> Response:
    """Give the mark that browsers ask for where they show data rather than a page."""
    return current_app.send_static_file("mark.svg")


def _most_adopted(lists: Lists) -> Ref | None:
    """Return the product that most adoptions are about."""
    counts = Counter(
        value
        for entry in lists.entries("adoption")
        for value in entry.values["product"]
        if isinstance(value, Ref)
    )
    return max(counts, key=lambda ref: (counts[ref], ref.iri), default=None)
