"""The graph view: the neighbourhood of an entity as a page, which a script can draw, and as JSON."""

from flask import Blueprint, Response, jsonify, request

from graph.core.errors import BadInput, NotFound
from graph.core.iris import check_iri_length
from graph.read.entities import Ref
from graph.read.neighbourhood import Neighbourhood, read_neighbourhood
from web.html import urls
from web.html.app_state import app_state
from web.html.i18n import interface_language
from web.html.labels import name
from web.html.request_args import reads_arguments
from web.sparql.pages import NetworkPage

blueprint = Blueprint("network", __name__)


@blueprint.get("/graph")
@reads_arguments("iri")
def page() -> str:
    """Return the page of the links around the entity `?iri=`."""
    return NetworkPage(_requested_neighbourhood()).render()


@blueprint.get("/graph.json")
@reads_arguments("iri")
def data() -> Response:
    """Return the entities around `?iri=` and the links between them, in the language of the page."""
    around = _requested_neighbourhood()
    return jsonify(
        nodes=[_node(ref) for ref in around.nodes],
        edges=[
            {"source": edge.subject.iri, "label": _label(edge.property), "target": edge.object.iri}
            for edge in around.edges
        ],
    )


def _requested_neighbourhood() -> Neighbourhood:
    """Return the neighbourhood of the IRI in the URL; raise BadInput without one, NotFound if unknown."""
    name = check_iri_length(request.args.get("iri", ""), "iri")
    if not name:
        raise BadInput("There is no IRI", where="iri", rule="iri", remedy="name an entity: /graph?iri=…")
    entities = app_state().entities
    if not entities.exists(name):
        raise NotFound(f"The graph says nothing about {name}", where="iri", remedy="check the IRI")
    return read_neighbourhood(entities, name)


def _node(ref: Ref) -> dict[str, str | None]:
    kind = urls.node_kind(ref.iri)
    return {"id": ref.iri, "label": _label(ref), "kind": kind, "href": urls.link_target(ref)}


def _label(ref: Ref) -> str:
    return name(ref, interface_language()).value
