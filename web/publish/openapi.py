"""The description for programs that read OpenAPI: https://spec.openapis.org/oas/v3.1.1.

What is particular to a path is in the files beside this one; what holds for all, and what is known elsewhere
(formats, kinds, stored queries, identifiers, limits), is added here.
"""

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from flask import Blueprint, Response

from graph.core.site import SITE
from graph.matching import identifiers
from graph.rdf.formats import formats_for, named
from graph.search import fields
from graph.search.suggest import MAX_SUGGESTIONS
from web.html.app_state import AppState, app_state
from web.html.representations import RDF
from web.html.site_context import base_url
from web.publish.openapi_site import EXTENSION, fit_to_site

Description = dict[str, Any]

blueprint = Blueprint("openapi", __name__)

_FILES: Final = tuple(Path(__file__).with_name(name) for name in ("openapi.yaml", "openapi_files.yaml"))
_TABLES: Final = named("csv", "tsv", "xml")
_COMMON: Final = {
    "403": "Closed",
    "413": "Problem",
    "414": "UriTooLong",
    "429": "TooManyRequests",
    "431": "HeadTooLarge",
    "500": "Problem",
    "503": "Unavailable",
}
"""The responses that any path may give; GET may give 304 besides, and a path with a parameter 404."""

_PINNED: Final = {"$ref": "#/components/parameters/PinnedRelease"}
_PINNED_ERRORS: Final = {"400": "Problem", "404": "Problem", "410": "Gone"}
_PINNED_HEADERS: Final = {"Cache-Control": "PinnedCache", "Link": "LatestVersion"}
"""What a path that takes `release` may give besides, and the headers of its 200."""


@blueprint.get("/openapi.json")
def document() -> Response:
    """Return the description, with the address of this server and its limits."""
    description = describe(app_state()) | {"servers": [{"url": base_url()}]}
    body = json.dumps(description, ensure_ascii=False, indent=1) + "\n"
    return Response(body, content_type="application/json")


def describe(state: AppState) -> Description:
    """Return the description of an application with this state, without the address of a server."""
    description = deepcopy(read_description())
    schemas = description["components"]["schemas"]
    kinds = state.entities.index.kinds
    schemas["Kind"]["enum"] = list(kinds)
    schemas["Findable"]["enum"] = [*kinds, *fields.OTHER_KINDS]
    schemas["StoredQuery"]["enum"] = list(state.stored_queries)
    schemas["RdfExtension"]["enum"] = [each.extension for each in RDF]
    schemas["QueryExtension"]["enum"] = [each.extension for each in (*_TABLES, *RDF)]
    schemas["SuggestionLimit"]["maximum"] = MAX_SUGGESTIONS
    schemas["QueryText"]["maxLength"] = state.settings.query_bytes
    schemas["Batch"]["maxItems"] = state.settings.reconcile_queries
    fit_to_site(description, state)
    if state.release:
        description["components"]["parameters"]["PinnedRelease"]["example"] = state.release.id
    return description


@cache
def read_description() -> Description:
    """Return the description in the files, with the formats and what is common to all paths."""
    first, *others = (yaml.safe_load(file.read_text(encoding="utf-8")) for file in _FILES)
    for each in others:
        first["paths"] |= each["paths"]
    description: Description = json.loads(json.dumps(first))  # without aliases: each part is changed alone
    _leave_out_parts(description)
    _add_formats(description["components"]["responses"])
    description["paths"]["/resolve"]["get"]["parameters"] = [
        {"name": name, "in": "query", "schema": {"type": "string"}, "description": scheme.title}
        for name, scheme in identifiers.SCHEMES.items()
    ]
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            if method == EXTENSION:
                continue
            _add_common_responses(operation, method, has_names="{" in path)
            if _PINNED in operation.get("parameters", ()):
                _add_pinned_headers(operation["responses"], description["components"]["responses"])
    return description


def _leave_out_parts(description: Description) -> None:
    """Take out the paths, arguments and members of documents of parts that the site has switched off."""
    paths, schemas = description["paths"], description["components"]["schemas"]
    for path in [path for path in paths if not SITE.offers("paths", path)]:
        del paths[path]
    for operation in (operation for operations in paths.values() for operation in operations.values()):
        if isinstance(operation, dict) and "parameters" in operation:
            operation["parameters"] = [
                each for each in operation["parameters"] if SITE.offers("arguments", each.get("name", ""))
            ]
    for name in [name for name in schemas if not SITE.offers("schemas", name)]:
        del schemas[name]
    for members in (schema["properties"] for schema in schemas.values() if "properties" in schema):
        for name in [name for name in members if not SITE.offers("members", name)]:
            del members[name]


def _add_formats(responses: Description) -> None:
    """Add the media types of RDF and of query results, from the table of formats."""
    text = {"schema": {"type": "string"}}
    for form in ("bindings", "boolean", "graph"):
        for each in formats_for(form):
            responses["QueryAnswer"]["content"].setdefault(each.media_type, text)
    for each in _TABLES:
        responses["StoredTable"]["content"][each.media_type] = {"schema": {}}
    for name in ("Rdf", "PageOrRdf", "StoredTable"):
        for each in RDF:
            responses[name]["content"][each.media_type] = {"schema": {}}


def _add_common_responses(operation: Description, method: str, *, has_names: bool) -> None:
    common = dict(_COMMON)
    if method == "get":
        common["304"] = "NotModified"
    if has_names:
        common["404"] = "Problem"
    if _PINNED in operation.get("parameters", ()):
        common |= _PINNED_ERRORS
    responses = {status: {"$ref": f"#/components/responses/{name}"} for status, name in common.items()}
    operation["responses"] = dict(sorted((responses | operation["responses"]).items()))


def _add_pinned_headers(responses: Description, shared: Description) -> None:
    """Add the headers of answers of one release to the 200 among `responses`; a `shared` one is copied."""
    found = responses.get("200")
    if found is None:  # a redirect
        return
    if "$ref" in found:
        name = found["$ref"].rpartition("/")[2]
        copied = f"Pinned{name}"
        shared.setdefault(copied, deepcopy(shared[name]))
        responses["200"] = {"$ref": f"#/components/responses/{copied}"}
        found = shared[copied]
    added = {each: {"$ref": f"#/components/headers/{name}"} for each, name in _PINNED_HEADERS.items()}
    found["headers"] = found.get("headers", {}) | added
