"""Data extension: the values that entities have, and which properties there are of a type."""

from typing import Any, Final

from flask import Blueprint, Response, request

from graph.core.entity_types import ENTITY_KINDS
from graph.core.errors import BadInput
from graph.core.iris import parse_entity_iri
from graph.matching.identifiers import MATCHED_KINDS, parse_entity_name
from graph.matching.properties import list_properties, property_values
from graph.matching.reconciliation_request import expand_iri
from web.html.app_state import app_state
from web.html.request_args import reads_arguments
from web.reconcile import responses
from web.reconcile.context import accounted, body, number, reader
from web.reconcile.requests import Extension

_MOST: Final = 1000  # values of one property of one entity


def add_to(blueprint: Blueprint) -> None:
    """Give `blueprint` the routes."""
    blueprint.add_url_rule("/extend", "extend", extend, methods=["POST"])
    blueprint.add_url_rule("/extend/propose", "propose", propose)


def extend() -> Response:
    """Answer with values, as 1.0-draft has it."""
    return answer(reader().extension(body(), "body"), draft=True)


@reads_arguments("type", "limit")
def propose() -> Response:
    """Answer with the properties that entities of `type` may have."""
    asked = request.args.get("type", "")
    if not asked:
        raise BadInput("There is no type", where="type", rule="data extension", remedy="add type=")
    limit = number("limit", _MOST, _MOST)
    kind = _kind(expand_iri(asked))
    found = [known for known in list_properties(app_state().entities) if kind in known.kinds]
    return responses.answer(
        {
            "type": asked,
            "limit": limit,
            "properties": [responses.described(known) for known in found[:limit]],
        }
    )


def answer(asked: Extension, *, draft: bool) -> Response:
    """Return the answer to a data extension query as the version has it."""
    rows = {}
    with accounted() as go_on:
        for id_ in dict.fromkeys(asked.ids):
            rows[id_] = _row(id_, asked, draft=draft)
            go_on()
    meta = []
    for id_, known, _ in asked.properties:
        of = (
            {"type": responses.named(app_state().entities.ref(known.value_class))}
            if known.value_class
            else {}
        )
        meta.append(responses.described(known, id_) | of)
    if not draft:
        return responses.answer({"meta": meta, "rows": rows})
    listed = [
        {"id": id_, "properties": [{"id": name, "values": found} for name, found in row.items()]}
        for id_, row in rows.items()
    ]
    return responses.answer({"meta": meta, "rows": listed})


def _row(id_: str, asked: Extension, *, draft: bool) -> dict[str, list[dict[str, Any]]]:
    """Return the values of the entity `id_` by property; of one that we do not know there are none."""
    entities, name = app_state().entities, parse_entity_name(id_)
    name = (entities.successor(name) or name) if name else ""
    known = name and (parse_entity_iri(name) or ("", ""))[0] in MATCHED_KINDS
    return {
        called: [
            responses.cell(value, draft=draft)
            for value in (property_values(entities, name, trait)[: limit or _MOST] if known else ())
        ]
        for called, trait, limit in asked.properties
    }


def _kind(type_: str) -> str:
    """Return the kind of entity that `type_`, a class or a kind, is of."""
    if type_ in MATCHED_KINDS:
        return type_
    return next((kind for kind, listed in ENTITY_KINDS.items() if type_ in listed.classes), "")
