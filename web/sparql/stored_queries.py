"""The stored queries: a form for the parameters, the rows as a table, the text, and every result format."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from graph.core.errors import BadInput, Fault
from graph.query.query_runs import QueryRun
from graph.query.stored import StoredQuery, bind_parameters
from graph.rdf.formats import HTML, JSON, QUERY_TEXT, Format, named
from graph.rdf.results import QueryResults
from web.html.app_state import app_state
from web.html.csvw import SUFFIX, link_metadata, metadata_response
from web.html.filters import column_name
from web.html.labels import translation
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
from web.sparql import answer_evidence, query_documents, result_table
from web.sparql.answer_evidence import RowEvidence
from web.sparql.chart_files import chart_response
from web.sparql.csv_columns import describe_columns
from web.sparql.pages import Choices, QueriesPage, QueryPage
from web.sparql.parameter_choices import class_choices, column_choices
from web.sparql.query_documents import parameter_names
from web.sparql.stored_answers import (
    answer_query,
    bind_values_in_url,
    disallowed_services,
    find_query,
    read_results,
    values_in_url,
)

blueprint = Blueprint("queries", __name__)

_ROWS: Final = named("csv", "tsv", "json", "xml")
_DOCUMENTS: Final = (*_ROWS, *RDF, QUERY_TEXT)


@blueprint.get("/queries")
@blueprint.get(f"/queries{route_of(RDF_AND_JSON)}")
def index(extension: str = "") -> Response:
    """Return all stored queries as a page, as RDF or as JSON, by extension or `Accept`."""
    queries = tuple(app_state().stored_queries.values())
    chosen = by_extension(RDF_AND_JSON, extension) if extension else accepted_format(RDF_AND_JSON)
    if isinstance(chosen, Format):
        source = document_source(query_documents.index_url(chosen.extension))
        body: str | bytes = query_documents.rdf_document(queries, chosen, source)
    elif chosen == JSON:
        body = query_documents.json_document(queries)
    else:
        body = _index_page(queries).render()
    response = Response(body, content_type=chosen.content_type)
    if chosen != HTML and not extension:
        response.headers["Content-Location"] = query_documents.index_url(chosen.extension)
    return link_documents(response, RDF_AND_JSON, query_documents.index_url)


def _index_page(queries: tuple[StoredQuery, ...]) -> QueriesPage:
    runs = {query.name: run for query in queries if (run := query_documents.last_run(query))}
    engines: dict[str, dict[str, QueryRun]] = {}
    for query in queries:
        for engine, run in query_documents.engine_runs(query).items():
            engines.setdefault(engine, {})[query.name] = run
    return QueriesPage(queries, runs, dict(sorted(engines.items())), app_state().publication is not None)


@blueprint.get("/queries/<slug:name>")
@reads_arguments(parameter_names, "view", answer_evidence.ARGUMENT)
def page(name: str) -> Response:
    """Return a query by `Accept`: as a page, its rows, its description as RDF, or its text."""
    query = find_query(name)
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
    values = values_in_url(query)
    text, found = query.text, None
    faults: tuple[Fault, ...] = ()
    if not values.problems:
        try:
            text = bind_parameters(query, values.given)
            found = None if disallowed_services(query) else read_results(query, text)
        except BadInput as error:
            text, faults = query.text, error.faults
    choices = _choices(query, found if text == query.text and not faults else None)
    table = result_table.tabulate_results(found, text) if found else None
    wanted = request.args.get("view")
    view = wanted if table and wanted in table.views else "table"
    page = QueryPage(query, values, text, choices, table, view, faults, disallowed_services(query))
    if found:
        page = replace(
            page,
            can_show_evidence=answer_evidence.can_have_evidence(query, found.columns),
            evidence=_shown_evidence(query, values.given, found),
        )
    is_bad = faults or any(each.typed for each in values.problems)
    response = Response(page.render(), BadInput.status if is_bad else 200, content_type=HTML.content_type)
    if table and table.total == len(table.rows) and not is_bad:
        response.headers.extend(completeness_headers(app_state().release_id))
    return response


@blueprint.get(f"/queries/<slug:name>{route_of(_ROWS)}")
@reads_arguments(parameter_names, answer_evidence.ARGUMENT)
def data(name: str, extension: str) -> Response:
    """Return the rows of a query in a format of SPARQL results; with `evidence=1`, with that in JSON."""
    query = find_query(name)
    answer_evidence.require_json(name, extension)
    values, text = bind_values_in_url(query)
    found = answer_query(query, text, by_extension(_ROWS, extension).media_type)
    body = found.read()
    if answer_evidence.wants_evidence():
        body = answer_evidence.with_evidence(query, values, body)
    response = Response(body, content_type=found.media_type)
    response.headers.extend(completeness_headers(app_state().release_id))
    return link_metadata(response) if extension == "csv" else response


@blueprint.get(f"/queries/<slug:name>{route_of(RDF)}")
def description(name: str, extension: str) -> Response:
    """Return what a query is, with its parameters, columns and text, as RDF."""
    query, format_ = find_query(name), by_extension(RDF, extension)
    source = document_source(query_documents.document_url(name, extension))
    body = query_documents.rdf_document([query], format_, source)
    return Response(body, content_type=format_.content_type)


@blueprint.get(f"/queries/<slug:name>.csv{SUFFIX}")
@reads_arguments(parameter_names)
def columns(name: str) -> Response:
    """Return the CSVW metadata of the result as CSV."""
    query = find_query(name)
    _, text = bind_values_in_url(query)
    return metadata_response(describe_columns(query.name, text, read_results(query, text)), query.title)


@blueprint.get("/queries/<slug:name>.rq")
@reads_arguments(parameter_names)
def text(name: str) -> Response:
    """Return the text of a query, its parameters bound to the values given."""
    _, text = bind_values_in_url(find_query(name))
    return Response(text, content_type=QUERY_TEXT.content_type)


@blueprint.get("/queries/<slug:name>/chart.svg")
@reads_arguments(parameter_names)
def chart(name: str) -> Response:
    """Return the chart of the rows of a query as a file."""
    query = find_query(name)
    values, text = bind_values_in_url(query)
    table = result_table.tabulate_results(read_results(query, text), text)
    given: dict[str, Any] = {**values}
    path = url_for(".page", name=name, **given)
    return chart_response(table, translation(query.title)[1], path, column_name)


@blueprint.get("/query/<slug:name>")
def identifier(name: str) -> Redirect:
    """Redirect from a query's identifier to its page."""
    return redirect(url_for(".page", name=find_query(name).name), 303)


def _shown_evidence(query: StoredQuery, given: Mapping[str, str], found: QueryResults) -> RowEvidence | None:
    """Return the evidence of the rows that the page shows, if it is wanted."""
    shown = QueryResults(found.columns, found.rows[: result_table.MAX_ROWS])
    return answer_evidence.row_evidence(query, given, shown) if answer_evidence.wants_evidence() else None


def _choices(query: StoredQuery, found: QueryResults | None) -> Choices:
    """Return the values that parameters may have; `found` is the result of the query as it is."""
    classes = class_choices(query)
    has_others = len(query.parameters) > len(classes)
    runs = not disallowed_services(query) and not any(each.required for each in query.parameters)
    if not (has_others and runs):
        return classes
    return classes | column_choices(query, found or read_results(query, query.text))
