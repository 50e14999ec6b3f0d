"""Previews of one entity for other sites: a page for a frame, and HTML in JSON for flyouts."""

from dataclasses import dataclass
from typing import Final

from flask import Blueprint, Response, render_template, request

from graph.core.errors import BadInput, NotFound
from graph.core.iris import check_iri_length
from graph.core.terms import Term, iri
from graph.matching.identifiers import parse_entity_name
from graph.matching.properties import find_property, property_values
from graph.matching.reconciliation_request import expand_iri
from graph.matching.reconciliation_table import reconciliation_table
from graph.read.entities import Ref
from web.html.app_state import app_state
from web.html.i18n import content_language
from web.html.labels import best
from web.html.page_models import Page
from web.html.request_args import reads_arguments
from web.http.security_headers import POLICY
from web.reconcile import responses
from web.reconcile.context import request_parser

_FRAMEABLE: Final = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")


@dataclass(frozen=True)
class PreviewPage(Page):
    """The preview of an entity."""

    template = "reconcile/preview.html"
    ref: Ref
    types: tuple[Ref, ...]
    definition: Term | None
    facts: tuple[tuple[str, tuple[Term | Ref, ...]], ...]


def add_to(blueprint: Blueprint) -> None:
    """Add the routes to `blueprint`."""
    blueprint.add_url_rule("/preview", "preview", preview)
    for kind, view in (("entity", flyout), ("property", flyout_property), ("type", flyout_type)):
        blueprint.add_url_rule(f"/flyout/{kind}", f"flyout_{kind}", view)


@reads_arguments("id")
def preview() -> Response:
    """Return the preview of the entity `id`, a page that any site may frame."""
    response = Response(_page(_entity()).render())
    response.headers["Content-Security-Policy"] = _FRAMEABLE
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@reads_arguments("id")
def flyout() -> Response:
    """Return the preview of the entity `id` as HTML in JSON."""
    return _flyout(_page(_entity()))


@reads_arguments("id")
def flyout_property() -> Response:
    """Return the name of the property `id` as HTML in JSON."""
    property_ = request_parser().find_property(_id(), "id")
    return _flyout(_name_only(Ref(property_.id, property_.labels)))


@reads_arguments("id")
def flyout_type() -> Response:
    """Return the name of the type `id` as HTML in JSON."""
    entities = app_state().entities
    name = expand_iri(_id(), entities.index.kinds.matched)
    if not entities.exists(name):
        raise NotFound(f"“{name[:80]}” is no type", where="id", rule="identifier")
    return _flyout(_name_only(entities.ref(name)))


def _name_only(ref: Ref) -> PreviewPage:
    return PreviewPage(ref, (), _definition(ref.iri), ())


def _flyout(page: PreviewPage) -> Response:
    return responses.json_response(
        {"id": request.args["id"], "html": render_template("reconcile/flyout.html", page=page)}
    )


def _page(name: str) -> PreviewPage:
    entities = app_state().entities
    facts = []
    for id_ in reconciliation_table(entities.index.kinds).previewed:
        property_ = find_property(entities, id_)
        if property_ and (found := property_values(entities, name, property_)):
            facts.append((responses.property_summary(property_)["name"], found[:5]))
    types = entities.refs(entities.types(entities.node(iri(name))))
    return PreviewPage(entities.ref(name), types, _definition(name), tuple(facts))


def _definition(name: str) -> Term | None:
    return best(app_state().entities.node(iri(name)).literals(*responses.DEFINITIONS), content_language())


def _entity() -> str:
    """Return the IRI of the entity `id`, or of its successor; raise NotFound if there is none."""
    name = parse_entity_name(_id())
    if not name or not app_state().entities.exists(name):
        raise NotFound(
            f"The graph has no “{_id()[:80]}”",
            where="id",
            rule="identifier",
            remedy="use an id that /reconcile has given",
        )
    return app_state().entities.successor(name) or name


def _id() -> str:
    if not request.args.get("id"):
        raise BadInput("There is no id", where="id", rule="preview", remedy="add id=")
    return check_iri_length(request.args["id"], "id")
