"""The JSON Schema of envelopes and their JSON-LD context: https://json-schema.org/draft/2020-12/schema."""

from flask import Blueprint, Response

from graph.core.parts import PARTS_FOLDER
from web.evidence.documents import CONTEXT_PATH, SCHEMA_PATH

blueprint = Blueprint("evidence", __name__)


@blueprint.get(SCHEMA_PATH)
def schema() -> Response:
    """Return the JSON Schema of an envelope."""
    return Response(
        (PARTS_FOLDER / "evidence" / "evidence.schema.json").read_bytes(),
        content_type="application/schema+json",
    )


@blueprint.get(CONTEXT_PATH)
def context() -> Response:
    """Return the JSON-LD context of an envelope."""
    return Response(
        (PARTS_FOLDER / "evidence" / "evidence.jsonld").read_bytes(), content_type="application/ld+json"
    )
