"""Serializers of responses in both versions; 1.0-draft adds names of features and languages of names."""

import json
import re
from typing import Any, Final

from flask import Response

from graph.core.namespaces import SKOS, XSD
from graph.core.python_values import json_value
from graph.core.terms import Term, iri
from graph.matching.properties import find_property, property_values
from graph.matching.reconciler import ReconciliationCandidate
from graph.matching.reconciliation_table import ReconciliationProperty, reconciliation_table
from graph.read.entities import Entities, Ref
from web.html.app_state import app_state
from web.html.i18n import content_language, translate
from web.html.labels import best, name

DEFINITIONS: Final = (SKOS + "definition",)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NUMBERED_FEATURE: Final = re.compile(r"property_(\d+)")


def json_response(document: object) -> Response:
    """Return a response with `document` as JSON."""
    return Response(json.dumps(document, ensure_ascii=False) + "\n", content_type="application/json")


def candidate(found: ReconciliationCandidate, language: str, *, draft: bool) -> dict[str, Any]:
    """Return a candidate in the form of the version, named in `language`."""
    entities = app_state().entities
    shown = name(found.ref, language)
    members = {"id": found.ref.iri, "name": shown.value, "description": description(entities, found.ref.iri)}
    return {
        **({key: value for key, value in members.items() if value}),
        **(_language(shown) if draft else {}),
        "score": found.score,
        "features": [
            {"id": id_, **({"name": feature_name(id_)} if draft else {}), "value": value}
            for id_, value in found.features
        ],
        "match": found.match,
        "type": [entity_summary(ref) for ref in found.types],
    }


def feature_name(id_: str) -> str:
    """Return the name of a feature of a candidate."""
    if numbered := _NUMBERED_FEATURE.fullmatch(id_):
        return translate("feature.property", number=numbered[1])
    return translate(f"feature.{id_}")


def entity_summary(ref: Ref) -> dict[str, str]:
    """Return the identifier of a type or an entity with its name."""
    return {"id": ref.iri, "name": name(ref, content_language()).value}


def description(entities: Entities, iri_: str) -> str:
    """Return what distinguishes an entity from its namesakes: its class, codes, place and definition."""
    node = entities.node(iri(iri_))
    parts = [name(ref, content_language()).value for ref in entities.refs(entities.types(node))]
    for each in reconciliation_table(entities.index.kinds).described:
        property_ = find_property(entities, each)
        first = property_values(entities, iri_, property_)[:1] if property_ else ()
        parts += [
            name(value, content_language()).value if isinstance(value, Ref) else value.value
            for value in first
        ]
    definition = best(node.literals(*DEFINITIONS), content_language())
    return " · ".join([*parts, *([definition.value] if definition else [])])


def cell(value: Term | Ref, *, draft: bool) -> dict[str, Any]:
    """Return a value of a property in the form of data extension."""
    if isinstance(value, Ref):
        entities = app_state().entities
        shown = name(value, content_language())
        key = (
            {"id": value.iri, "name": shown.value}
            if entities.kind(value.iri) in entities.index.kinds.matched
            else {"str": shown.value}
        )
        return key | (_language(shown) if draft else {})
    number = json_value(value)
    if isinstance(number, float):
        return {"float": number}
    if isinstance(number, int) and not isinstance(number, bool):
        return {"int": number}
    if value.datatype == XSD + "date" and _DATE.fullmatch(value.value):
        return {"date": f"{value.value}T00:00:00Z"}
    return {"str": value.value} | (_language(value) if draft else {})


def property_summary(property_: ReconciliationProperty, id_: str = "") -> dict[str, str]:
    """Return a property with its name, under the identifier `id_` if the request had another."""
    shown = best(property_.labels, content_language())
    return {"id": id_ or property_.id, "name": shown.value if shown else property_.id}


def _language(shown: Term) -> dict[str, str]:
    return {"lang": shown.language} if shown.language else {}
