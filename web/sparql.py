"""The SPARQL endpoint: https://www.w3.org/TR/sparql11-protocol/, query operations only.

A request is first read into a `Question`, by functions that know no store, and then answered whole.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Blueprint, Response, current_app, render_template, request
from werkzeug.http import parse_options_header

from graph import formats, service
from graph.errors import BadInput, Forbidden, NotAcceptable, UnsupportedMedia
from graph.formats import Form, Format
from graph.query import Answer, Dataset, answer
from web.negotiate import choose

blueprint = Blueprint("sparql", __name__)

HTML = "text/html"
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
_RULE = "SPARQL Protocol"
_SEND = f"send exactly one query: GET with query=, or POST as {FORM} or {QUERY}"

Parameters = list[tuple[str, str]]


@dataclass(frozen=True)
class Question:
    """What a request asks: a query on a dataset, or without a query for the endpoint's description."""

    query: str | None
    dataset: Dataset
    format: str


@dataclass(frozen=True)
class SparqlContext:
    """What the template `sparql.html` is given, each field as a variable of its own."""

    endpoint: str
    formats: tuple[Format, ...] = formats.FORMATS  # their names are the values of `format=`


@blueprint.route("/sparql", methods=["GET", "HEAD", "POST", "QUERY"])
def endpoint() -> Response:
    """Answer a query, or describe the endpoint: as a page with a form for a browser, as RDF for a program."""
    parameters = read_form(request.query_string, "the URL")
    if request.method in ("POST", "QUERY"):
        if request.headers.get("Content-Encoding", "identity") != "identity":
            raise UnsupportedMedia("A compressed body is not read", where="Content-Encoding", rule=_RULE)
        parameters += read_body(request.headers.get("Content-Type", ""), request.get_data())
    question = ask(parameters, bare=request.method in ("GET", "HEAD"))
    if question.query is None:
        return _describe(question)
    found = answer(
        current_app.extensions["store"],
        question.query,
        choose=lambda form: media_type(form, request.headers.get("Accept", ""), question.format),
        dataset=question.dataset,
        base_iri=current_app.config.get("PUBLIC_BASE") or request.base_url,
    )
    return _respond(found)


@blueprint.after_app_request
def open_to_scripts(response: Response) -> Response:
    """Let scripts on any web page read every answer, errors too: all that is served here is public."""
    headers = response.headers
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = (
        "Allow, Content-Location, ETag, Link, Location, Retry-After, Vary"
    )
    if request.method == "OPTIONS":
        headers["Access-Control-Allow-Methods"] = headers.get("Allow", "GET, HEAD, OPTIONS")
        headers["Access-Control-Allow-Headers"] = "*"
        headers["Access-Control-Max-Age"] = "86400"
    return response


def read_form(encoded: bytes, where: str) -> Parameters:
    """Return the parameters of a URL or a form, in order; raise BadInput if they are not UTF-8."""
    text = _text(encoded, where)
    try:
        return parse_qsl(text, keep_blank_values=True, encoding="utf-8", errors="strict")
    except UnicodeDecodeError as error:
        raise _not_utf8(where) from error


def read_body(content_type: str, body: bytes) -> Parameters:
    """Return the parameters that a body gives: those of a form, or a query alone.

    Raise UnsupportedMedia for any other type, Forbidden for an update, BadInput for what is not UTF-8.
    """
    media, options = parse_options_header(content_type)
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
    sent = f"A body of the type {media}" if media else "A body without a type"
    raise UnsupportedMedia(f"{sent} is not read", where="Content-Type", rule=_RULE, remedy=_SEND)


def ask(parameters: Parameters, *, bare: bool) -> Question:
    """Return the question that `parameters` put; unknown ones are ignored.

    Raise Forbidden for an update, BadInput unless there is exactly one query. Where `bare` allows it, neither
    a query nor a dataset asks for the endpoint's description.
    """
    values: dict[str, list[str]] = {}
    for name, value in parameters:
        values.setdefault(name, []).append(value)
    if "update" in values:
        raise _read_only("update")
    dataset = Dataset(*(tuple(values.get(name, ())) for name in ("default-graph-uri", "named-graph-uri")))
    queries = values.get("query", [])
    wanted = values.get("format", [""])[0].strip()
    if bare and not queries and dataset == Dataset():
        return Question(None, dataset, wanted)
    if len(queries) != 1:
        message = f"There are {len(queries)} queries" if queries else "There is no query"
        raise BadInput(message, where="query", rule=_RULE, remedy=_SEND)
    return Question(queries[0], dataset, wanted)


def media_type(form: Form, accept: str, wanted: str = "") -> str:
    """Return the media type for an answer of this form: that of the format `wanted`, else what is accepted.

    Raise NotAcceptable, listing what there is, if that form is not written so.
    """
    if not wanted:
        return choose(accept, tuple(formats.by_media_type(form)))
    chosen = formats.named(wanted, form)
    if chosen is None:
        names = ", ".join(each.name for each in formats.offered(form))
        message = f"An answer of this form ({form}) is not written as “{wanted}”"
        raise NotAcceptable(message, where="format", rule="format", remedy=f"use one of {names}")
    return chosen.media_type


def _describe(question: Question) -> Response:
    accept = request.headers.get("Accept", "")
    base = current_app.config.get("PUBLIC_BASE")
    url = f"{base.rstrip('/')}{request.path}" if base else request.base_url
    graphs = tuple(formats.by_media_type("graph"))
    chosen = (
        media_type("graph", accept, question.format) if question.format else choose(accept, (*graphs, HTML))
    )
    if chosen == HTML:
        page = render_template("sparql.html", **vars(SparqlContext(url)))
        return _respond(Answer(page.encode(), f"{HTML}; charset=utf-8"))
    return _respond(service.describe(current_app.extensions["store"], url, chosen))


def _respond(found: Answer) -> Response:
    response = Response(found.body, content_type=found.media_type)
    response.vary.add("Accept")
    return response


def _text(encoded: bytes, where: str) -> str:
    """Return the text that `encoded` is; raise BadInput if it is not UTF-8."""
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
