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
from web.html.site_context import base_url

blueprint = Blueprint("openapi", __name__)

_FILE: Final = Path(__file__).with_name("openapi.yaml")


@blueprint.get("/openapi.json")
def document() -> Response:
    """Return the description, with the address of this server."""
    description = _read_description() | {"servers": [{"url": base_url()}]}
    schemas = description["components"]["schemas"]
    schemas["Kind"]["enum"] = list(KIND_NAMES)
    schemas["Findable"]["enum"] = list(fields.SEARCH_KINDS)
    schemas["StoredQuery"]["enum"] = list(app_state().stored_queries)
    body = json.dumps(description, ensure_ascii=False, indent=1) + "\n"
    return Response(body, content_type="application/json")


@cache
def _read_description() -> dict[str, Any]:
    """Return the description in the file, with the media types of query results added."""
    description: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    content = description["components"]["responses"]["QueryAnswer"]["content"]
    for form in ("bindings", "boolean", "graph"):
        for each in formats_for(form):
            content.setdefault(each.media_type, {"schema": {"type": "string"}})
    return description
