"""Suggestions of entities, properties and types for a prefix."""

from collections.abc import Iterable
from typing import Any, Final

from flask import Blueprint, Response, request

from graph.core.errors import BadInput
from graph.core.namespaces import RDFS
from graph.core.terms import Term, iri
from graph.matching import identifiers
from graph.matching.properties import list_properties
from graph.matching.reconciliation_table import reconciliation_table
from graph.read.entities import Entities, Ref
from graph.search.analysis import fold_accents, truncate
from graph.search.suggest import MAX_SUGGESTIONS
from graph.search.suggest import suggest as complete
from web.html.app_state import app_state
from web.html.i18n import content_language
from web.html.labels import name
from web.html.request_args import reads_arguments
from web.reconcile import responses
from web.reconcile.context import number_argument, reconciler

_DEFAULT_LIMIT: Final = 10
_MAX_PREFIX_LENGTH: Final = 300  # characters of a prefix


def add_to(blueprint: Blueprint) -> None:
    """Add the routes to `blueprint`."""
    for kind, view in (("entity", entity), ("property", property_), ("type", type_)):
        blueprint.add_url_rule(f"/suggest/{kind}", f"suggest_{kind}", view)


@reads_arguments("prefix", "offset", "cursor", "limit")
def entity() -> Response:
    """Return entities whose name or code begins with `prefix`, or that it identifies."""
    entities = app_state().entities
    prefix, first, last = _requested_slice()
    found = dict.fromkeys((*_identified(entities, prefix), *_completed(prefix, last)))
    return responses.json_response(
        {"result": [_entity(entities, entities.ref(each)) for each in tuple(found)[first:last]]}
    )


@reads_arguments("prefix", "offset", "cursor", "limit")
def property_() -> Response:
    """Return properties to compare by or to fetch; an empty prefix matches all."""
    entities = app_state().entities
    prefix, first, last = _requested_slice()
    wanted = fold_accents(truncate(prefix, _MAX_PREFIX_LENGTH)).lower()
    found = [each for each in list_properties(entities) if _matches_prefix(wanted, each.id, each.labels)]
    return responses.json_response(
        {"result": [responses.property_summary(each) for each in found[first:last]]}
    )


@reads_arguments("prefix", "offset", "cursor", "limit")
def type_() -> Response:
    """Return types of entities; an empty prefix matches all."""
    entities = app_state().entities
    prefix, first, last = _requested_slice()
    wanted = fold_accents(truncate(prefix, _MAX_PREFIX_LENGTH)).lower()
    found = [
        ref
        for ref in entities.refs(reconciliation_table(entities.index.kinds).types)
        if ref.labels and _matches_prefix(wanted, ref.iri, ref.labels)
    ]
    return responses.json_response({"result": [_type(entities, ref) for ref in found[first:last]]})


def _requested_slice() -> tuple[str, int, int]:
    """Return the prefix in the URL, and the start and the end of the slice of suggestions."""
    if "prefix" not in request.args:
        raise BadInput("There is no prefix", where="prefix", rule="suggest", remedy="add prefix=")
    argument = "offset" if "offset" in request.args else "cursor"  # as 0.2 calls it
    first = number_argument(argument, 0, 1000)
    return (
        request.args["prefix"].strip(),
        first,
        first + number_argument("limit", _DEFAULT_LIMIT, MAX_SUGGESTIONS),
    )


def _identified(entities: Entities, prefix: str) -> Iterable[str]:
    for scheme, identifier in identifiers.guess_identifiers(prefix):
        named = identifiers.find_by_identifier(entities, scheme, identifier)
        yield from (each for each in named.same if entities.labels(each))


def _completed(prefix: str, last: int) -> Iterable[str]:
    search = reconciler().candidates.index
    return (
        each.iri
        for each in complete(search, prefix, limit=max(last, MAX_SUGGESTIONS))
        if each.kind in app_state().entities.index.kinds.matched
    )


def _entity(entities: Entities, ref: Ref) -> dict[str, Any]:
    types = entities.refs(entities.types(entities.node(iri(ref.iri))))
    return {
        "id": ref.iri,
        "name": name(ref, content_language()).value,
        "description": responses.description(entities, ref.iri),
        "notable": [responses.entity_summary(type_) for type_ in types],
    }


def _type(entities: Entities, ref: Ref) -> dict[str, Any]:
    types = reconciliation_table(entities.index.kinds).types
    broader = [each for each in entities.node(iri(ref.iri)).iris(RDFS + "subClassOf") if each in types]
    return responses.entity_summary(ref) | (
        {"broader": [*map(responses.entity_summary, entities.refs(tuple(broader)))]} if broader else {}
    )


def _matches_prefix(wanted: str, id_: str, labels: Iterable[Term]) -> bool:
    """Return whether a label's word begins with `wanted`, or the identifier, with or without namespace."""
    tail = id_.rpartition("#")[2].rpartition("/")[2]
    named = [f" {fold_accents(label.value).lower()}" for label in labels]
    return (
        id_.lower().startswith(wanted)
        or tail.lower().startswith(wanted)
        or any(f" {wanted}" in each for each in named)
    )
