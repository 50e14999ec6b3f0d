"""The home page: the project, a summary of adoption, the newest statements and links to the views."""

from functools import partial
from itertools import islice
from typing import Final

from flask import Blueprint, Response, current_app

from graph.core.iris import KIND_NAMES
from graph.core.namespaces import UTS
from graph.index.protocol import EntityList
from graph.read.adoption_counts import REGISTERS, count_adoptions
from graph.read.claims import adoptions_of
from graph.read.entities import Entities, Ref
from graph.read.lists import name_sort_key
from graph.read.statements import read_statement
from web.html.app_state import app_state
from web.html.page_models import HomePage

blueprint = Blueprint("home", __name__)

NEWEST_STATEMENTS: Final = 5
_STATEMENTS_SCANNED: Final = 200  # of the newest, to find those made on behalf of an organisation
_MAX_ADOPTIONS: Final = 60


@blueprint.get("/")
def page() -> str:
    """Return the home page."""
    entities = app_state().entities
    product = _most_adopted(entities)
    adoptions = adoptions_of(entities, product.iri, UTS + "product")[:_MAX_ADOPTIONS] if product else ()
    latest = {each.adopter: each for each in reversed(adoptions)}.values()  # newest first, so it is met last
    by_name = sorted(latest, key=lambda each: name_sort_key(each.adopter.labels if each.adopter else ()))
    statements = EntityList(entities.index.of_kind("statement"), partial(read_statement, entities))
    delegated = (each for each in islice(statements, _STATEMENTS_SCANNED) if each.on_behalf_of)
    counted = (count_adoptions(entities, product.iri, kind) for kind in REGISTERS) if product else ()
    return HomePage(
        product=product,
        peers=tuple(each for each in counted if each.known),
        adoptions=tuple(by_name),
        newest=tuple(islice(delegated, NEWEST_STATEMENTS)),
        counts={kind: len(entities.index.of_kind(kind)) for kind in KIND_NAMES},
        queries=tuple(each for each in app_state().stored_queries.values() if not each.services),
    ).render()


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """Return the icon that browsers request for responses that are not HTML."""
    return current_app.send_static_file("mark.svg")


def _most_adopted(entities: Entities) -> Ref | None:
    """Return the product that most adoptions are about."""
    index = entities.index
    products = index.facet_counts("adoption", ("product",), index.of_kind("adoption"))["product"]
    return entities.ref(products[0].value.value) if products else None
