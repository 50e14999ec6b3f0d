"""The manifests, and batches of queries to match: at the root for 0.2, at /match for 1.0-draft."""

import json
from typing import Any, Final

from flask import Blueprint, Response, request

from graph.core.errors import BadInput, UnsupportedMedia, UriTooLong
from graph.core.settings import PREFIX
from graph.matching.reconciliation_request import ReconciliationRequest
from web.html.i18n import LANGUAGES, content_language
from web.html.request_args import reads_arguments
from web.http.problem_json import problem
from web.reconcile import extend, responses
from web.reconcile.context import json_body, reconciler, request_parser, settings, time_limit
from web.reconcile.manifest import manifest
from web.reconcile.requests import ParsedQuery

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
    results = _results(request_parser().draft_batch(json_body()), "candidates", draft=True)
    return responses.json_response({"results": results})


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
    results = _results(list(batch.values()), "result", draft=False)
    return responses.json_response(dict(zip(batch, results, strict=True)))


def _results(batch: list[ParsedQuery], member: str, *, draft: bool) -> list[dict[str, Any]]:
    """Return the result of each query in the form of the version, with its candidates under `member`.

    An invalid query has no candidates, and a problem that says why. All queries together are held to the
    client's budget and to the time limit of a query.
    """
    finder, results = reconciler(), list[dict[str, Any]]()
    with time_limit() as check_time:
        for query in batch:
            if isinstance(query, ReconciliationRequest):
                language = query.language if query.language in LANGUAGES else content_language()
                found = [responses.candidate(each, language, draft=draft) for each in finder.reconcile(query)]
                results.append({member: found})
            else:
                document = json.loads(problem(query.status, query.faults))
                results.append({member: [], "problem": document})
            check_time()
    return results
