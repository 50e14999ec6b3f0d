"""The stored queries: a form for the parameters, the rows as a table, the text, and every result format."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from graph.core.errors import BadInput, Fault, Forbidden, NotFound
from graph.core.settings import PREFIX
from graph.query.stored import StoredQuery, bind_parameters
from graph.rdf import results
from graph.rdf.formats import HTML, JSON, QUERY_TEXT, Form, Format, named
from graph.rdf.query_types import QueryResponse
from graph.rdf.results import QueryResults
from web.html.app_state import app_state
from web.html.csvw import SUFFIX, link_metadata, metadata_response
from web.html.filters import column_name
from web.html.i18n import interface_language
from web.html.representations import (
    RDF,
    RDF_AND_JSON,
    accepted_format,
    by_extension,
    document_source,
    link_documents,
    route_of,
)
from web.html.request_args import reads_arguments
from web.http.completeness import completeness_headers
from web.http.responses import Headers
from web.sparql import answer_evidence, query_documents, result_table
from web.sparql.admission import Admission
from web.sparql.answer_evidence import RowEvidence
from web.sparql.chart_files import chart_response
from web.sparql.csv_columns import describe_columns
from web.sparql.pages import Choices, QueriesPage, QueryPage
from web.sparql.parameter_choices import class_choices, column_choices
from web.sparql.query_documents import parameter_names
from web.sparql.query_values import QueryValues, read_values

blueprint = Blueprint("queries", __name__)

_ROWS: Final = named("csv", "tsv", "json", "xml")
_DOCUMENTS: Final = (*_ROWS, *RDF, QUERY_TEXT)


@blueprint.get("/queries")
@blueprint.get(f"/queries{route_of(RDF_AND_JSON)}")
def index(extension: str = "") -> Response:
    """Return all stored queries as a page, as RDF or as JSON, by extension or `Accept`."""
    queries = tuple(_stored_queries().values())
    chosen = by_extension(RDF_AND_JSON, extension) if extension else accepted_format(RDF_AND_JSON)
    if isinstance(chosen, Format):
        source = document_source(query_documents.index_url(chosen.extension))
        body: str | bytes = query_documents.rdf_document(queries, chosen, source)
    elif chosen == JSON:
        body = query_documents.json_document(queries)
    else:
        runs = {query.name: run for query in queries if (run := query_documents.last_run(query))}
        body = QueriesPage(queries, runs, app_state().publication is not None).render()
    response = Response(body, content_type=chosen.content_type)
    if chosen != HTML and not extension:
        response.headers["Content-Location"] = query_documents.index_url(chosen.extension)
    return link_documents(response, RDF_AND_JSON, query_documents.index_url)


@blueprint.get("/queries/<slug:name>")
@reads_arguments(parameter_names, "view", answer_evidence.ARGUMENT)
def page(name: str) -> Response:
    """Return a query by `Accept`: as a page, its rows, its description as RDF, or its text."""
    query = _find_query(name)
    chosen = accepted_format(_DOCUMENTS)
    address = partial(query_documents.document_url, name)
    if chosen == HTML:
        response = _html_page(query)
    else:
        answer_evidence.require_json(name, chosen.extension)
        if chosen in _ROWS:
            response = data(name, chosen.extension)
        else:
            response = text(name) if chosen == QUERY_TEXT else description(name, chosen.extension)
        response.headers["Content-Location"] = address(chosen.extension)
    return link_documents(response, _DOCUMENTS, address)


def _html_page(query: StoredQuery) -> Response:
    """Return the page of one query with its result, or with the errors of the values given.

    A query that calls endpoints which this server does not allow is shown without a result.
    """
    values = _values(query)
    text, found = query.text, None
    faults: tuple[Fault, ...] = ()
    if not values.problems:
        try:
            text = bind_parameters(query, values.given)
            found = None if _disallowed_services(query) else _results(query, text)
        except BadInput as error:
            text, faults = query.text, error.faults
    choices = _choices(query, found if text == query.text and not faults else None)
    disallowed = _disallowed_services(query)
    table = result_table.tabulate_results(found, text) if found else None
    wanted = request.args.get("view")
    view = wanted if table and wanted in table.views else "table"
    page = QueryPage(query, values, text, choices, table, view, faults, disallowed)
    if found:
        page = replace(
            page,
            can_show_evidence=answer_evidence.can_have_evidence(query, found.columns),
            evidence=_shown_evidence(query, values.given, found),
        )
    is_bad = faults or any(each.typed for each in values.problems)
    response = Response(page.render(), BadInput.status if is_bad else 200, content_type=HTML.content_type)
    if table and table.total == len(table.rows) and not is_bad:
        response.headers.extend(_completeness_headers())
    return response


@blueprint.get(f"/queries/<slug:name>{route_of(_ROWS)}")
@reads_arguments(parameter_names, answer_evidence.ARGUMENT)
def data(name: str, extension: str) -> Response:
    """Return the rows of a query in a format of SPARQL results; with `evidence=1`, with that in JSON."""
    query = _find_query(name)
    answer_evidence.require_json(name, extension)
    values, text = _bound_values(query)
    found = _result(query, text, by_extension(_ROWS, extension).media_type)
    body = found.read()
    if answer_evidence.wants_evidence():
        body = answer_evidence.with_evidence(query, values, body)
    response = Response(body, content_type=found.media_type)
    response.headers.extend(_completeness_headers())
    return link_metadata(response) if extension == "csv" else response


@blueprint.get(f"/queries/<slug:name>{route_of(RDF)}")
def description(name: str, extension: str) -> Response:
    """Return what a query is, with its parameters, columns and text, as RDF."""
    query, format_ = _find_query(name), by_extension(RDF, extension)
    source = document_source(query_documents.document_url(name, extension))
    body = query_documents.rdf_document([query], format_, source)
    return Response(body, content_type=format_.content_type)


@blueprint.get(f"/queries/<slug:name>.csv{SUFFIX}")
@reads_arguments(parameter_names)
def columns(name: str) -> Response:
    """Return the CSVW metadata of the result as CSV."""
    query = _find_query(name)
    text = _bound(query)
    return metadata_response(describe_columns(query.name, text, _results(query, text)), query.title)


@blueprint.get("/queries/<slug:name>.rq")
@reads_arguments(parameter_names)
def text(name: str) -> Response:
    """Return the text of a query, its parameters bound to the values given."""
    query = _find_query(name)
    return Response(_bound(query), content_type=QUERY_TEXT.content_type)


@blueprint.get("/queries/<slug:name>/chart.svg")
@reads_arguments(parameter_names)
def chart(name: str) -> Response:
    """Return the chart of the rows of a query as a file."""
    query = _find_query(name)
    values, text = _bound_values(query)
    table = result_table.tabulate_results(_results(query, text), text)
    given: dict[str, Any] = {**values}
    path = url_for(".page", name=name, **given)
    return chart_response(table, query.title[interface_language()], path, column_name)


@blueprint.get("/query/<slug:name>")
def identifier(name: str) -> Redirect:
    """Redirect from a query's identifier to its page."""
    return redirect(url_for(".page", name=_find_query(name).name), 303)


def _shown_evidence(query: StoredQuery, given: Mapping[str, str], found: QueryResults) -> RowEvidence | None:
    """Return the evidence of the rows that the page shows, if it is wanted."""
    shown = QueryResults(found.columns, found.rows[: result_table.MAX_ROWS])
    return answer_evidence.row_evidence(query, given, shown) if answer_evidence.wants_evidence() else None


def _stored_queries() -> Mapping[str, StoredQuery]:
    return app_state().stored_queries


def _find_query(name: str) -> StoredQuery:
    if name not in _stored_queries():
        raise NotFound(f"There is no stored query “{name}”", rule="query", remedy="choose one of /queries")
    return _stored_queries()[name]


def _disallowed_services(query: StoredQuery) -> tuple[str, ...]:
    """Return the endpoints that `query` calls and this server does not allow."""
    return query.disallowed_services(app_state().settings.services)


def _values(query: StoredQuery) -> QueryValues:
    """Return the values of the parameters of `query` in the URL."""
    return read_values(query, request.args)


def _bound_values(query: StoredQuery) -> tuple[dict[str, str], str]:
    """Return the values in the URL and the text of `query` with them; raise BadInput for invalid ones."""
    values = _values(query)
    values.require_valid()
    return values.given, bind_parameters(query, values.given)


def _bound(query: StoredQuery) -> str:
    """Return the text of `query` with the values in the URL; raise BadInput for invalid ones."""
    return _bound_values(query)[1]


def _completeness_headers() -> Headers:
    release = app_state().release
    return completeness_headers(release.id if release else "")


def _result(query: StoredQuery, text: str, media_type: str) -> QueryResponse:
    """Return the result of `text`, which is `query` with its parameters bound.

    Without bound parameters, the result is cached for as long as the release is served.

    Raise Forbidden if it calls endpoints that this server does not allow.
    """
    if disallowed := _disallowed_services(query):
        raise Forbidden(
            f"The query {query.name} asks {', '.join(disallowed)} too, which this server does not call",
            where="services",
            rule=f"{PREFIX}SERVICES",
            remedy=f"take its text from {url_for('.text', name=query.name)}; run it where that is allowed",
        )
    state = app_state()
    cache = state.stored_answers
    key = query.name, media_type
    if key in cache and text == query.text:
        return cache[key]
    admission = Admission.of(state)
    media_types: dict[Form, str | None] = {"bindings": media_type, "boolean": media_type}
    found = admission.answer(request.environ, admission.query_request(request.environ, text, media_types))
    whole = QueryResponse(found.read(), found.media_type, found.cacheable)
    if text == query.text and whole.cacheable and state.version:
        cache[key] = whole
    return whole


def read_answer(name: str) -> tuple[StoredQuery, dict[str, str], str, QueryResults]:
    """Return the query called `name`, the values given in the URL, its text with these bound, and its rows.

    Raise what the documents of a query raise: NotFound, BadInput, Forbidden and the limits of the backend.
    """
    query = _find_query(name)
    values, text = _bound_values(query)
    return query, values, text, _results(query, text)


def read_rows(query: StoredQuery, values: Mapping[str, str]) -> QueryResults:
    """Return the rows of `query` with its parameters bound to `values`; raise what `_result` raises."""
    return _results(query, bind_parameters(query, values))


def _results(query: StoredQuery, text: str) -> QueryResults:
    return results.parse_results(_result(query, text, named("json")[0].media_type).read())


def _choices(query: StoredQuery, found: QueryResults | None) -> Choices:
    """Return the values that parameters may have; `found` is the result of the query as it is."""
    classes = class_choices(query)
    others = len(query.parameters) > len(classes)
    runs = not _disallowed_services(query) and not any(each.required for each in query.parameters)
    return (
        classes | column_choices(query, found or _results(query, query.text)) if others and runs else classes
    )
