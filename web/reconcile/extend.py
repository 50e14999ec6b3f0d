"""Data extension: the values of entities, and the properties of a type."""

from typing import Any, Final

from flask import Blueprint, Response, request

from graph.core.errors import BadInput
from graph.matching.identifiers import parse_entity_name
from graph.matching.properties import property_values
from graph.matching.property_usage import propose_properties
from graph.matching.reconciliation_request import expand_iri
from web.html.app_state import app_state
from web.html.request_args import reads_arguments
from web.reconcile import responses
from web.reconcile.context import json_body, number_argument, request_parser, time_limit
from web.reconcile.requests import ExtensionQuery

_MAX_VALUES: Final = 1000  # values of one property of one entity


def add_to(blueprint: Blueprint) -> None:
    """Add the routes to `blueprint`."""
    blueprint.add_url_rule("/extend", "extend", extend, methods=["POST"])
    blueprint.add_url_rule("/extend/propose", "propose", propose)


def extend() -> Response:
    """Return the values of properties, in the form of 1.0-draft."""
    return respond(request_parser().extension(json_body(), "body"), draft=True)


@reads_arguments("type", "limit")
def propose() -> Response:
    """Return the properties that entities of `type` have values of, those that most have first."""
    type_ = request.args.get("type", "")
    if not type_:
        raise BadInput("There is no type", where="type", rule="data extension", remedy="add type=")
    limit = number_argument("limit", _MAX_VALUES, _MAX_VALUES)
    entities = app_state().entities
    found = propose_properties(entities, expand_iri(type_, entities.index.kinds.matched))
    return responses.json_response(
        {
            "type": type_,
            "limit": limit,
            "properties": [responses.property_summary(property_) for property_ in found[:limit]],
        }
    )


def respond(query: ExtensionQuery, *, draft: bool) -> Response:
    """Return the response to a data extension query, in the form of the version."""
    rows = {}
    with time_limit() as check_time:
        for id_ in dict.fromkeys(query.ids):
            rows[id_] = _row(id_, query, draft=draft)
            check_time()
    meta = []
    for id_, property_, _ in query.properties:
        type_ = (
            {"type": responses.entity_summary(app_state().entities.ref(property_.value_class))}
            if property_.value_class
            else {}
        )
        meta.append(responses.property_summary(property_, id_) | type_)
    if not draft:
        return responses.json_response({"meta": meta, "rows": rows})
    listed = [
        {"id": id_, "properties": [{"id": name, "values": found} for name, found in row.items()]}
        for id_, row in rows.items()
    ]
    return responses.json_response({"meta": meta, "rows": listed})


def _row(id_: str, query: ExtensionQuery, *, draft: bool) -> dict[str, list[dict[str, Any]]]:
    """Return the values of the entity `id_` by property; an unknown entity has none."""
    entities, name = app_state().entities, parse_entity_name(id_)
    name = (entities.successor(name) or name) if name else ""
    is_matched = name and entities.kind(name) in entities.index.kinds.matched
    return {
        id_of_property: [
            responses.cell(value, draft=draft)
            for value in (
                property_values(entities, name, property_)[: limit or _MAX_VALUES] if is_matched else ()
            )
        ]
        for id_of_property, property_, limit in query.properties
    }
