"""The manifests, and batches of queries to match: at the root for 0.2, at /match for 1.0-draft."""

from typing import Final

from flask import Blueprint, Response, request

from graph.core.errors import BadInput, UnsupportedMedia, UriTooLong
from graph.core.settings import PREFIX
from graph.matching.reconciler import ReconciliationCandidate
from graph.matching.reconciliation_request import ReconciliationRequest
from web.html.i18n import LANGUAGES, content_language
from web.html.request_args import reads_arguments
from web.reconcile import extend, responses
from web.reconcile.context import json_body, reconciler, request_parser, settings, time_limit
from web.reconcile.manifest import manifest

blueprint = Blueprint("reconcile", __name__, url_prefix="/reconcile")

_FORM_TYPES: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


@blueprint.get("")
@blueprint.get("/")
@reads_arguments("queries", "extend", "query")
def root() -> Response:
    """Return the manifest, or the results of the `queries` or the `extend` in the URL.

    The manifest at /reconcile is of version 0.2, that at /reconcile/ of 1.0-draft: no document can be both.
    """
    most = settings().query_bytes
    if len(request.query_string) > most:
        raise UriTooLong(
            f"The URL is longer than {most:,} bytes",
            where="URL",
            rule=f"{PREFIX}QUERY_BYTES",
            remedy="use POST",
        )
    if "queries" in request.args or "extend" in request.args:
        return _respond(request.args.get("queries"), request.args.get("extend"))
    if "query" in request.args:
        raise BadInput(
            "One query alone is not read",
            where="query",
            rule="reconciliation",
            remedy='use queries={"q0": {…}}',
        )
    return responses.json_response(manifest(draft=request.path.endswith("/")))


@blueprint.post("")
@blueprint.post("/")
def post() -> Response:
    """Return the results of the `queries` or the `extend` in a form."""
    if request.mimetype not in _FORM_TYPES:
        raise UnsupportedMedia(
            f"“{request.mimetype[:40]}” is not read here",
            where="Content-Type",
            rule="reconciliation 0.2",
            remedy=f"send {_FORM_TYPES[0]}; JSON goes to /reconcile/match",
        )
    return _respond(request.form.get("queries"), request.form.get("extend"))


@blueprint.post("/match")
def match() -> Response:
    """Return the results of the queries in a JSON document, in the form of 1.0-draft."""
    queries = request_parser().draft_batch(json_body())
    found = _reconcile([query for query, _ in queries])
    languages = [language if language in LANGUAGES else content_language() for _, language in queries]
    return responses.json_response(
        {
            "results": [
                {"candidates": [responses.candidate(each, language, draft=True) for each in candidates]}
                for candidates, language in zip(found, languages, strict=True)
            ]
        }
    )


def _respond(queries: str | None, extension: str | None) -> Response:
    if extension is not None and queries is None:
        return extend.respond(request_parser().extension(extension, "extend"), draft=False)
    if queries is None or extension is not None:
        raise BadInput(
            "There are no queries, or an extension beside them",
            where="queries",
            rule="reconciliation 0.2",
            remedy="send either queries or extend",
        )
    batch = request_parser().batch(queries)
    found = _reconcile(list(batch.values()))
    return responses.json_response(
        {
            name: {
                "result": [responses.candidate(each, content_language(), draft=False) for each in candidates]
            }
            for name, candidates in zip(batch, found, strict=True)
        }
    )


def _reconcile(batch: list[ReconciliationRequest]) -> list[tuple[ReconciliationCandidate, ...]]:
    """Return the candidates for each query, within the client's budget and the time limit of a query."""
    finder, found = reconciler(), []
    with time_limit() as check_time:
        for query in batch:
            found.append(finder.reconcile(query))
            check_time()
    return found
