"""The home page: what happened, what stands out, ways in, a summary of adoption, the newest statements."""

from typing import Final

from flask import Blueprint, Response, current_app
from markupsafe import Markup

from graph.claims.claims import adoptions_of
from graph.claims.statements import read_statement
from graph.claims.stopped_uses import read_stopped_uses
from graph.core.extensions import extension
from graph.core.namespaces import UTS
from graph.core.organisations import organisation_model
from graph.core.site import SITE
from graph.read.entities import Entities, Ref
from graph.read.lists import name_sort_key
from graph.statistics.adoption_counts import count_adoptions
from web.html.app_state import app_state
from web.sparql.question_box import QuestionAnswer, answer_with
from web.views.page_models import FrontPage

blueprint = Blueprint("home", __name__)

NEWEST_STATEMENTS: Final = 5
_QUERY: Final = "query"  # in [home] of the site's description
_MAX_ADOPTIONS: Final = 60
_MAX_STOPS: Final = 3
_MAX_QUERIES: Final = 10


@blueprint.get("/")
def page() -> str:
    """Return the home page."""
    state = app_state()
    entities = state.entities
    product = _most_adopted(entities)
    adoptions = adoptions_of(entities, product.iri, UTS + "product")[:_MAX_ADOPTIONS] if product else ()
    latest = {each.adopter: each for each in reversed(adoptions)}.values()  # newest first, so it is met last
    by_name = sorted(latest, key=lambda each: name_sort_key(each.adopter.labels if each.adopter else ()))
    has_newest = SITE.offers("sections", "newest")
    statements = entities.index.of_kind("statement").page(0, NEWEST_STATEMENTS) if has_newest else ()
    counted = (
        (count_adoptions(entities, product.iri, kind) for kind in organisation_model().registers)
        if product
        else ()
    )
    queries = tuple(each for each in state.stored_queries.values() if not each.services)
    queries = tuple(sorted(queries, key=lambda each: each.name != SITE.home.get(_QUERY)))
    return FrontPage(
        product=product,
        stops=read_stopped_uses(entities, product, _MAX_STOPS) if product else (),
        highlight=_highlight(),
        peers=tuple(each for each in counted if each.known),
        adoptions=tuple(by_name),
        newest=tuple(read_statement(entities, name) for name in statements),
        counts={kind: len(entities.index.of_kind(kind)) for kind in entities.index.kinds},
        answer=_answer(),
        queries=queries[:_MAX_QUERIES],
        query_names=frozenset(state.stored_queries),
    ).render()


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    """Return the icon that browsers request for responses that are not HTML."""
    return current_app.send_static_file("mark.svg")


def _most_adopted(entities: Entities) -> Ref | None:
    """Return the product that most adoptions are about."""
    index = entities.index
    if not SITE.offers("sections", "adoptions"):
        return None
    products = index.facet_counts("adoption", ("product",), index.of_kind("adoption"))["product"]
    return entities.ref(products[0].value.value) if products else None


def _answer() -> QuestionAnswer | None:
    """Return the answer to the question that the site shows here; None if there is none or it fails."""
    query = app_state().stored_queries.get(SITE.home.get(_QUERY, ""))
    answer = answer_with(query, {}) if query else None
    return answer if answer and answer.total else None


def _highlight() -> Markup:
    """Return the section that the site adds."""
    return extension("home_section", Markup)()
