"""The stored queries themselves as documents: as RDF, and all of them as JSON."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from flask import request, url_for

from graph.core.namespaces import QUERY
from graph.documents.document_source import DocumentSource
from graph.query.columns import projected_columns
from graph.query.descriptions import describe_access, describe_query
from graph.query.parameters import Parameter
from graph.query.query_runs import QueryRun
from graph.query.row_bounds import RowBounds
from graph.query.stored import StoredQuery
from graph.rdf.convert import Triple
from graph.rdf.formats import QUERY_TEXT, Format
from graph.rdf.writer import write_graph
from web.html.app_state import AppState, app_state
from web.html.csvw import column_titles
from web.html.representations import RDF
from web.html.site_context import base_url
from web.sparql.protocol import PATH


def parameter_names(state: AppState) -> set[str]:
    """Return the names of the parameters of all stored queries."""
    return {parameter.name for query in state.stored_queries.values() for parameter in query.parameters}


def index_url(extension: str) -> str:
    """Return the path of the document about all queries in the format with this `extension`."""
    return url_for("queries.index", extension=extension, lang=None, content=None)


def document_url(name: str, extension: str) -> str:
    """Return the path of a document of a query; that of its rows or its text with the values in the URL."""
    plain: dict[str, Any] = {"lang": None, "content": None}
    if any(each.extension == extension for each in RDF):
        return url_for("queries.description", name=name, extension=extension, **plain)
    given: dict[str, Any] = {
        key: value for key, value in request.args.items() if key in parameter_names(app_state())
    }
    if extension == QUERY_TEXT.extension:
        return url_for("queries.text", name=name, **plain, **given)
    return url_for("queries.data", name=name, extension=extension, **plain, **given)


def rdf_document(queries: Iterable[StoredQuery], format_: Format, source: DocumentSource) -> bytes:
    """Return the descriptions of `queries`, in the document at `source`, in a format of graphs."""
    return write_graph(_triples(queries, source), format_)


def json_document(queries: Iterable[StoredQuery]) -> str:
    """Return the descriptions of `queries`, each with its parameters, columns and addresses, as JSON."""
    document = {"release": app_state().release_id or None, "queries": [_record(each) for each in queries]}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _triples(queries: Iterable[StoredQuery], source: DocumentSource) -> Iterator[Triple]:
    for query in queries:
        yield from source.triples(QUERY + query.name)
        yield from describe_query(query, base_url() + PATH)
        yield from describe_access(query, _page_url(query))


def _record(query: StoredQuery) -> dict[str, Any]:
    """Return the description of one query, and of its last run against this release."""
    return {
        "name": query.name,
        "id": QUERY + query.name,
        "url": _page_url(query),
        "title": dict(query.title),
        "description": dict(query.description),
        "keywords": list(query.keywords),
        "parameters": [_parameter(each) for each in query.parameters],
        "columns": [_column(each) for each in projected_columns(query.text)],
        "services": list(query.services),
        "bounds": _bounds(query.bounds),
        "lastRun": _run(query, last_run(query)),
        "engines": [{"engine": name, **_described(query, run)} for name, run in engine_runs(query).items()],
    }


def last_run(query: StoredQuery) -> QueryRun | None:
    """Return the last run of the text of `query` against this release, or None if none is recorded."""
    publication = app_state().publication
    run = publication.query_runs.get(query.name) if publication else None
    return run if run and run.is_of(query) else None


def engine_runs(query: StoredQuery) -> dict[str, QueryRun]:
    """Return the last run of the text of `query` on each other engine with the same data, by name."""
    publication = app_state().publication
    engines = publication.engine_runs if publication else {}
    return {name: run for name, runs in engines.items() if (run := runs.get(query.name)) and run.is_of(query)}


def _bounds(bounds: RowBounds | None) -> dict[str, int] | None:
    return {"min": bounds.minimum, "max": bounds.maximum} if bounds else None


def _run(query: StoredQuery, run: QueryRun | None) -> dict[str, Any] | None:
    """Return the description of a run of `query`, if there is one."""
    return _described(query, run) if run else None


def _described(query: StoredQuery, run: QueryRun) -> dict[str, Any]:
    """Return the description of a run of `query`; without an answer, `problem` says why there was none."""
    within = query.bounds.allow(run.rows) if query.bounds and run.rows is not None else None
    return {
        "at": run.at,
        "milliseconds": run.milliseconds,
        "rows": run.rows,
        "withinBounds": within,
        "problem": run.problem or None,
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    """Return the description of one parameter, without members that it has no value for."""
    optional = {"kind": parameter.kind, "of": parameter.of, "default": parameter.default}
    return {
        "name": parameter.name,
        "type": parameter.type,
        "label": dict(parameter.label),
        "required": parameter.required,
    } | {name: value for name, value in optional.items() if value}


def _column(name: str) -> dict[str, Any]:
    """Return the description of one column: its name, and its title in each language if it has one."""
    titles = column_titles(name)
    return {"name": name} | ({"title": titles} if titles else {})


def _page_url(query: StoredQuery) -> str:
    return base_url() + url_for("queries.page", name=query.name, lang=None, content=None)
