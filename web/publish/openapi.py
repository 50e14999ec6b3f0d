"""The description of the JSON endpoints for programs that read OpenAPI: https://spec.openapis.org/oas/v3.1.1."""

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from flask import Blueprint, Response

from graph.core.iris import KIND_NAMES
from graph.rdf.formats import formats_for
from graph.search import fields
from web.html.app_state import app_state
from web.html.site_context import base

blueprint = Blueprint("openapi", __name__)

_WRITTEN: Final = Path(__file__).with_name("openapi.yaml")


@blueprint.get("/openapi.json")
def document() -> Response:
    """Answer with the description, its server being this one."""
    told = _read() | {"servers": [{"url": base()}]}
    schemas = told["components"]["schemas"]
    schemas["Kind"]["enum"] = list(KIND_NAMES)
    schemas["Findable"]["enum"] = list(fields.SEARCH_KINDS)
    schemas["StoredQuery"]["enum"] = list(app_state().stored_queries)
    body = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    return Response(body, content_type="application/json")


@cache
def _read() -> dict[str, Any]:
    """Return what is written by hand, with the formats that the endpoint answers in."""
    told: dict[str, Any] = yaml.safe_load(_WRITTEN.read_text(encoding="utf-8"))
    answers = told["components"]["responses"]["QueryAnswer"]["content"]
    for form in ("bindings", "boolean", "graph"):
        for each in formats_for(form):
            answers.setdefault(each.media_type, {"schema": {"type": "string"}})
    return told
