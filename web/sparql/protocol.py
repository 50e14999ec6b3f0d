"""The SPARQL endpoint: https://www.w3.org/TR/sparql11-protocol/, query operations only.

A request is first parsed into a `SparqlRequest`, by functions without access to the store, and then answered.
"""

import hashlib
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, get_args
from urllib.parse import parse_qsl
from wsgiref.types import WSGIEnvironment

from flask import Blueprint, Response, request, url_for
from werkzeug.http import parse_options_header

from graph.backends import service_description
from graph.core.errors import BadInput, Forbidden, NotAcceptable, UnsupportedMedia, UriTooLong
from graph.core.settings import Settings
from graph.rdf import formats
from graph.rdf.formats import Form
from graph.rdf.query_types import Dataset, QueryRequest, QueryResponse
from graph.release.release import Manifest
from web.html.app_state import DataVersion, app_state
from web.html.request_args import reads_arguments
from web.html.site_context import base_url
from web.http.completeness import (
    COMPLETE,
    RELEASE,
    UNKNOWN_FUNCTIONS,
    completeness_headers,
    function_headers,
)
from web.http.known_arguments import ANY
from web.http.negotiation import LONGEST, choose
from web.http.responses import Headers
from web.sparql.admission import Admission

blueprint = Blueprint("sparql", __name__)

PATH = "/sparql"
CORS_HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Allow, Content-Location, ETag, Link, Location, Retry-After, Vary, X-Request-ID, "
        f"{COMPLETE}, {RELEASE}, {UNKNOWN_FUNCTIONS}"
    ),
}
"""Headers that allow scripts of other sites to read a response: https://fetch.spec.whatwg.org/#http-cors-protocol."""

HTML = "text/html"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
_RULE = "SPARQL Protocol"
_QUERY_BYTES = "UTSAGA_QUERY_BYTES"
_MAX_SHOWN_LENGTH = 100  # characters of a name in a message; no format or media type is longer
_REMEDY = f"send exactly one query: GET with query=, or POST as {FORM} or {QUERY}"


Parameters = list[tuple[str, str]]


class SparqlRequest(NamedTuple):
    """A parsed request: a query on a dataset, or None for the endpoint's description."""

    query: str | None
    dataset: Dataset
    format: str
    timeout: str = ""


@blueprint.route(PATH, methods=["GET", "HEAD", "POST", "QUERY"])
@reads_arguments(ANY)
def endpoint() -> Response:
    """Return the result of a query; without one, a redirect to the editor or the service description."""
    admission = Admission.of(app_state())
    parsed = parse_request(request.environ, request.get_data(), admission.settings)
    if parsed.query is None:
        return _describe(parsed)
    choices = media_types(request.headers.get("Accept", ""), parsed.format)
    query = admission.query_request(request.environ, parsed.query, choices, parsed.dataset, parsed.timeout)
    return _respond(admission.answer(request.environ, query), result_state(query))


@blueprint.after_app_request
def allow_cross_origin(response: Response) -> Response:
    """Add the CORS headers to every response, errors too: all that is served here is public."""
    response.headers.update(CORS_HEADERS)
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
        response.headers["Access-Control-Allow-Headers"] = "*"
        response.headers["Access-Control-Max-Age"] = "86400"
    return response


def parse_request(environ: WSGIEnvironment, body: bytes, settings: Settings) -> SparqlRequest:
    """Return the parsed request, whose `body` has been read.

    Raise UriTooLong, UnsupportedMedia, and what `read_form`, `read_body` and `parse_parameters` raise.
    """
    encoded = environ.get("QUERY_STRING", "").encode("latin-1")
    if len(encoded) > settings.query_bytes:
        raise UriTooLong(
            f"The URL is longer than {settings.query_bytes:,} bytes",
            where="URL",
            rule=_QUERY_BYTES,
            remedy="use POST",
        )
    parameters = read_form(encoded, "the URL")
    if environ["REQUEST_METHOD"] in ("POST", "QUERY"):
        if environ.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
            raise UnsupportedMedia("A compressed body is not read", where="Content-Encoding", rule=_RULE)
        parameters += read_body(environ.get("CONTENT_TYPE", ""), body)
    return parse_parameters(parameters, bare=environ["REQUEST_METHOD"] in ("GET", "HEAD"))


def result_state(query: QueryRequest) -> tuple[object, ...]:
    """Return all that a result depends on except the data and the format."""
    return query.text, query.base_iri, *query.dataset


def result_headers(found: QueryResponse, version: DataVersion | None, state: tuple[object, ...]) -> Headers:
    """Return the headers of a result; one that depends on `version` and `state` alone may be stored."""
    length = len(found.body) if isinstance(found.body, bytes) else os.fstat(found.body.fileno()).st_size
    shared = shared_headers(found.media_type, cacheable=found.cacheable, has_version=version is not None)
    whole = completeness_headers(version.id if isinstance(version, Manifest) else "")
    whole += function_headers(found.unknown_functions)
    return [*shared, *whole, *validator_headers(found, version, state), ("Content-Length", str(length))]


@lru_cache
def shared_headers(media_type: str, *, cacheable: bool, has_version: bool) -> tuple[tuple[str, str], ...]:
    """Return the headers that do not depend on the query."""
    cache_control = "no-store" if not cacheable else "public, no-cache" if has_version else "no-cache"
    return ("Content-Type", media_type), ("Vary", "Accept"), ("Cache-Control", cache_control)


def validator_headers(
    found: QueryResponse, version: DataVersion | None, state: tuple[object, ...]
) -> Headers:
    """Return the headers that depend on the query: the ETag, if the result lasts as long as the data."""
    if not found.cacheable or version is None:
        return []
    content = repr((version.id, found.media_type, *state)).encode("utf-8", "surrogatepass")
    return [("ETag", f'"{hashlib.blake2b(content, digest_size=16).hexdigest()}"')]


def read_form(encoded: bytes, where: str) -> Parameters:
    """Return the parameters of a URL or a form, in order; raise BadInput if they are not UTF-8."""
    try:
        return parse_qsl(encoded.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise _not_utf8(where) from error


def read_body(content_type: str, body: bytes) -> Parameters:
    """Return the parameters in a body: those of a form, or a query alone.

    Raise UnsupportedMedia for any other type, Forbidden for an update, BadInput for what is not UTF-8.
    """
    media, options = parse_options_header(content_type[:LONGEST])
    if options.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedMedia(
            "Only UTF-8 is read", where="Content-Type", rule=_RULE, remedy="use charset=utf-8"
        )
    media = media.lower()
    if media == FORM:
        return read_form(body, "the form")
    if media == QUERY:
        return [("query", _text(body, "the body"))]
    if media == UPDATE:
        raise _read_only("Content-Type")
    sent = f"A body of the type {media[:_MAX_SHOWN_LENGTH]}" if media else "A body without a type"
    raise UnsupportedMedia(f"{sent} is not read", where="Content-Type", rule=_RULE, remedy=_REMEDY)


def parse_parameters(parameters: Parameters, *, bare: bool) -> SparqlRequest:
    """Return the request that `parameters` make; unknown ones are ignored.

    Raise Forbidden for an update, BadInput unless there is exactly one query. Where `bare` is
    allowed, no query and no dataset is a request for the endpoint's description.
    """
    values: dict[str, list[str]] = {}
    for name, value in parameters:
        values.setdefault(name, []).append(value)
    if "update" in values:
        raise _read_only("update")
    dataset = Dataset(tuple(values.get("default-graph-uri", ())), tuple(values.get("named-graph-uri", ())))
    queries = values.get("query", [])
    format_name = values.get("format", [""])[0].strip()
    if bare and not queries and dataset == Dataset():
        return SparqlRequest(None, dataset, format_name)
    if len(queries) != 1:
        message = f"There are {len(queries)} queries" if queries else "There is no query"
        raise BadInput(message, where="query", rule=_RULE, remedy=_REMEDY)
    return SparqlRequest(queries[0], dataset, format_name, values.get("timeout", [""])[0].strip())


def media_types(accept: str, format_name: str) -> Mapping[Form, str | None]:
    """Return the media type for a result of each form, or None for a form that has no acceptable one."""
    # Cut so that what is cached has a bounded length, and a header that is too long is still known to be.
    return _media_types(accept[: LONGEST + 1], format_name[:_MAX_SHOWN_LENGTH])


@lru_cache(1024)
def _media_types(accept: str, format_name: str) -> Mapping[Form, str | None]:
    chosen: dict[Form, str | None] = {}
    for form in get_args(Form):
        try:
            chosen[form] = media_type(form, accept, format_name)
        except NotAcceptable:
            chosen[form] = None
    return chosen


def media_type(form: Form, accept: str, format_name: str = "") -> str:
    """Return the media type for a result of this form: that of the format `format_name`, else by `accept`.

    Raise NotAcceptable, listing the formats that there are, if none fits.
    """
    if not format_name:
        return choose(accept, tuple(formats.by_media_type(form)))
    chosen = formats.find_format(format_name, form)
    if chosen is None:
        names = ", ".join(each.name for each in formats.formats_for(form))
        message = f"An answer of this form ({form}) is not written as “{format_name[:_MAX_SHOWN_LENGTH]}”"
        raise NotAcceptable(message, where="format", rule="format", remedy=f"use one of {names}")
    return chosen.media_type


def _describe(parsed: SparqlRequest) -> Response:
    accept = request.headers.get("Accept", "")
    url = base_url() + PATH
    graphs = tuple(formats.by_media_type("graph"))
    chosen = media_type("graph", accept, parsed.format) if parsed.format else choose(accept, (*graphs, HTML))
    if chosen == HTML:
        editor = url_for("editor.page", example=request.args.get("example"))
        return Response(status=303, headers={"Location": editor}, mimetype=HTML)
    admission = Admission.of(app_state())
    with admission.admit(request.environ):
        return _respond(service_description.describe(admission.backend, url, chosen), (url,))


def _respond(found: QueryResponse, state: tuple[object, ...] = ()) -> Response:
    direct = not isinstance(found.body, bytes)
    fields = result_headers(found, app_state().version, state)
    return Response(found.body, headers=fields, direct_passthrough=direct)


def _text(encoded: bytes, where: str) -> str:
    """Return the decoded text; raise BadInput if it is not UTF-8."""
    try:
        return encoded.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8(where) from error


def _not_utf8(where: str) -> BadInput:
    return BadInput(f"What {where} holds is not UTF-8", where=where, rule=_RULE, remedy="encode it as UTF-8")


def _read_only(where: str) -> Forbidden:
    return Forbidden(
        "This endpoint is read-only: it takes no updates",
        where=where,
        rule="read-only",
        remedy="to change the data, edit the facts and build a new release",
    )
