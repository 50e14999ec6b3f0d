"""The answers to stored queries: with the values in the URL, within the limits of the client, and cached."""

from collections.abc import Mapping

from flask import request, url_for

from graph.core.errors import Forbidden, NotFound
from graph.core.settings import PREFIX
from graph.query.stored import StoredQuery, bind_parameters
from graph.rdf import results
from graph.rdf.formats import Form, named
from graph.rdf.query_types import QueryResponse
from graph.rdf.results import QueryResults
from web.html.app_state import app_state
from web.sparql.admission import Admission
from web.sparql.query_values import QueryValues, read_values


def find_query(name: str) -> StoredQuery:
    """Return the stored query called `name`; raise NotFound if there is none."""
    queries = app_state().stored_queries
    if name not in queries:
        raise NotFound(f"There is no stored query “{name}”", rule="query", remedy="choose one of /queries")
    return queries[name]


def disallowed_services(query: StoredQuery) -> tuple[str, ...]:
    """Return the endpoints that `query` calls and this server does not allow."""
    return query.disallowed_services(app_state().settings.services)


def values_in_url(query: StoredQuery) -> QueryValues:
    """Return the values of the parameters of `query` in the URL, and what is wrong with them."""
    return read_values(query, request.args)


def bind_values_in_url(query: StoredQuery) -> tuple[dict[str, str], str]:
    """Return the values in the URL and the text of `query` with them; raise BadInput for invalid ones."""
    values = values_in_url(query)
    values.require_valid()
    return values.given, bind_parameters(query, values.given)


def answer_query(query: StoredQuery, text: str, media_type: str) -> QueryResponse:
    """Return the answer to `text`, which is `query` with its parameters bound.

    Without bound parameters, the answer is cached for as long as the release is served.

    Raise Forbidden if it calls endpoints that this server does not allow, and the limits of the backend.
    """
    if disallowed := disallowed_services(query):
        address = url_for("queries.text", name=query.name)
        raise Forbidden(
            f"The query {query.name} asks {', '.join(disallowed)} too, which this server does not call",
            where="services",
            rule=f"{PREFIX}SERVICES",
            remedy=f"take its text from {address}; run it where that is allowed",
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


def read_results(query: StoredQuery, text: str) -> QueryResults:
    """Return the rows of `text`, which is `query` with values bound; raise what `answer_query` raises."""
    return results.parse_results(answer_query(query, text, named("json")[0].media_type).read())


def read_rows(query: StoredQuery, values: Mapping[str, str]) -> QueryResults:
    """Return the rows of `query` with its parameters bound to `values`; raise what `answer_query` raises."""
    return read_results(query, bind_parameters(query, values))


def read_answer(name: str) -> tuple[StoredQuery, dict[str, str], str, QueryResults]:
    """Return the query called `name`, the values given in the URL, its text with these bound, and its rows.

    Raise what the documents of a query raise: NotFound, BadInput, Forbidden and the limits of the backend.
    """
    query = find_query(name)
    values, text = bind_values_in_url(query)
    return query, values, text, read_results(query, text)
