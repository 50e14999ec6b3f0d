"""The stored queries: a form for the parameters, the rows as a table, the text, and every result format."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from graph.core.errors import BadInput, Forbidden, NotFound
from graph.core.settings import PREFIX
from graph.query.stored import StoredQuery, bind_parameters
from graph.rdf import results
from graph.rdf.query_types import QueryResponse
from graph.rdf.results import QueryResults
from web.html.app_state import AppState, app_state
from web.html.csvw import SUFFIX, Column, link_metadata, metadata
from web.html.request_args import reads_arguments
from web.sparql import result_table
from web.sparql.admission import Admission
from web.sparql.pages import Choices, QueriesPage, QueryPage
from web.sparql.result_table import cell

blueprint = Blueprint("queries", __name__)

_MOST_CHOICES: Final = 60
_TYPES: Final = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
}


def _parameters(state: AppState) -> set[str]:
    """Return the names of the parameters of all stored queries."""
    return {parameter.name for query in state.stored_queries.values() for parameter in query.parameters}


@blueprint.get("/queries")
def index() -> str:
    """Show all stored queries."""
    return QueriesPage(tuple(_all().values())).render()


@blueprint.get("/queries/<slug:name>")
@reads_arguments(_parameters, "view")
def page(name: str) -> tuple[str, int]:
    """Show one query with its answer, or with what is wrong where the values given are no good.

    A query that asks endpoints that this server does not call is shown without an answer.
    """
    query = _get(name)
    values = _values(query)
    try:
        text, fault = bind_parameters(query, values), ""
        found = None if _beyond(query) else _run(query, text)
    except BadInput as error:
        text, found, fault = query.text, None, "; ".join(each.message for each in error.faults)
    choices = _choices(query, found if text == query.text and not fault else None)
    beyond = _beyond(query)
    sheet = result_table.of_results(found) if found else None
    wanted = request.args.get("view")
    view = wanted if sheet and wanted in sheet.views else "table"
    page = QueryPage(query, values, text, choices, sheet, view, fault, beyond)
    return page.render(), BadInput.status if fault and any(values.values()) else 200


@blueprint.get("/queries/<slug:name>.<any(csv, tsv, json, xml):extension>")
@reads_arguments(_parameters)
def data(name: str, extension: str) -> Response:
    """Answer with the rows of a query in a format of SPARQL results."""
    query = _get(name)
    found = _answer(query, bind_parameters(query, _values(query)), _TYPES[extension])
    response = Response(found.body, content_type=found.media_type)
    return link_metadata(response) if extension == "csv" else response


@blueprint.get(f"/queries/<slug:name>.csv{SUFFIX}")
@reads_arguments(_parameters)
def columns(name: str) -> Response:
    """Answer with what the columns of the answer as CSV are."""
    query = _get(name)
    found = _run(query, bind_parameters(query, _values(query)))
    return metadata([Column(each, f"column.{each}") for each in found.columns], dict(query.title))


@blueprint.get("/queries/<slug:name>.rq")
@reads_arguments(_parameters)
def text(name: str) -> Response:
    """Answer with the text of a query, its parameters bound to the values given."""
    query = _get(name)
    return Response(
        bind_parameters(query, _values(query)), content_type="application/sparql-query; charset=utf-8"
    )


@blueprint.get("/query/<slug:name>")
def identifier(name: str) -> Redirect:
    """Send the reader of a query's identifier on to its page."""
    return redirect(url_for(".page", name=_get(name).name), 303)


def _all() -> Mapping[str, StoredQuery]:
    return app_state().stored_queries


def _get(name: str) -> StoredQuery:
    if name not in _all():
        raise NotFound(f"There is no stored query “{name}”", rule="query", remedy="choose one of /queries")
    return _all()[name]


def _beyond(query: StoredQuery) -> tuple[str, ...]:
    """Return the endpoints that `query` asks and that this server does not call."""
    return query.disallowed_services(app_state().settings.services)


def _values(query: StoredQuery) -> dict[str, str]:
    """Return the values that the URL gives the parameters of `query`."""
    return {parameter.name: request.args.get(parameter.name, "").strip() for parameter in query.parameters}


def _answer(query: StoredQuery, text: str, media_type: str) -> QueryResponse:
    """Return the rows of `text`, which is `query` with its parameters bound; those of a release are kept.

    Raise Forbidden if it asks endpoints that this server does not call.
    """
    if beyond := _beyond(query):
        raise Forbidden(
            f"The query {query.name} asks {', '.join(beyond)} too, which this server does not call",
            where="services",
            rule=f"{PREFIX}SERVICES",
            remedy=f"take its text from {url_for('.text', name=query.name)}; run it where that is allowed",
        )
    state = app_state()
    kept = state.stored_answers
    key = query.name, media_type
    if key in kept and text == query.text:
        return kept[key]
    admission = Admission.of(state)
    question = admission.question(request.environ, text, {"bindings": media_type, "boolean": media_type})
    found = admission.answer(request.environ, question)
    whole = QueryResponse(found.read(), found.media_type, found.cacheable)
    if text == query.text and whole.cacheable and state.release:
        kept[key] = whole
    return whole


def _run(query: StoredQuery, text: str) -> QueryResults:
    return results.parse_results(_answer(query, text, _TYPES["json"]).read())


def _choices(query: StoredQuery, found: QueryResults | None) -> Choices:
    """Return, for each parameter that is also a column, the values that it has when none is chosen."""
    names = {parameter.name for parameter in query.parameters}
    if not names or _beyond(query) or any(parameter.required for parameter in query.parameters):
        return {}
    every = found or _run(query, query.text)
    columns = {
        name: dict.fromkeys(term for row in every.rows if (term := row[every.columns.index(name)]))
        for name in names.intersection(every.columns)
    }
    return {
        name: tuple(cell(term) for term in terms)
        for name, terms in columns.items()
        if len(terms) <= _MOST_CHOICES
    }
