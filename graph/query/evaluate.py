"""Evaluate an untrusted query on a store: check it, run it and serialize its result."""

import re
from collections.abc import Mapping
from typing import Final, cast

import pyoxigraph as ox

from graph.core.errors import BadInput, NotAcceptable, Unavailable
from graph.core.iris import check_iri_length
from graph.core.settings import DEFAULTS, Settings
from graph.query import guard
from graph.query.functions import Function, unknown_function, without_value
from graph.query.lexer import excerpt, line_and_column
from graph.query.quick_guard import quick_check
from graph.query.store import ReleaseStore
from graph.rdf import formats
from graph.rdf.formats import Form, Format
from graph.rdf.query_types import DEFAULT_DATASET, QueryRequest, QueryResponse
from graph.rdf.result_buffer import ResultBuffer
from graph.rdf.writer import write_triples

_MAX_REASON_LENGTH: Final = 200  # characters of the engine's own message
_ARGUMENTS: Final = re.compile(r"The custom function <(.*)> requires .*", re.DOTALL)
"""The engine's error for a call of a function with too few or too many arguments."""


def evaluate(store: ReleaseStore, request: QueryRequest, settings: Settings = DEFAULTS) -> QueryResponse:
    """Return the result of the query on `store`; the limits on time and memory are not applied here.

    Raise Forbidden if the guard refuses it, BadInput if it is not SPARQL or calls a function with too few or
    too many arguments, NotAcceptable if the format cannot express the result, Unprocessable if the result is
    over the limit, and Unavailable if reading the store fails.
    """
    verdict = quick_check(request.text, settings.nesting) or _check_query(request, settings)
    format_ = select_format(request.media_types, verdict.form)
    try:
        found = _run(store, request, format_, settings)
        return found._replace(cacheable=verdict.cacheable)
    except SyntaxError as error:
        _check_query(request, settings)  # whose errors are easier to understand than the engine's
        raise _syntax_error(request.text, str(error)) from error
    except ValueError as error:
        raise BadInput(f"The query cannot be read: {_reason(error)}", where="query", rule="SPARQL") from error
    except (RuntimeError, OSError) as error:
        if function := _ARGUMENTS.fullmatch(str(error)):
            raise _function_error(request.text, function[1], _reason(error)) from error
        raise _store_failure(error) from error


def _run(store: ReleaseStore, request: QueryRequest, format_: Format, settings: Settings) -> QueryResponse:
    """Return the result, in which a call of a function that the engine lacks is an error of its expression.

    The engine stops at such a call. The query is then run again with a function of that name that has no
    value. Raise the errors of the engine, and Unprocessable if the result is over the limit.
    """
    absent: dict[ox.NamedNode, Function] = {}
    while True:
        try:
            found = _serialize(store, request, format_, settings, absent)
        except RuntimeError as error:
            name = unknown_function(error)
            if name is None or name in absent:
                raise
            absent[name] = without_value
        else:
            return found._replace(unknown_functions=tuple(sorted(name.value for name in absent)))


def _serialize(
    store: ReleaseStore,
    request: QueryRequest,
    format_: Format,
    settings: Settings,
    functions: dict[ox.NamedNode, Function],
) -> QueryResponse:
    dataset, result = request.dataset, None
    default_graphs = graph_nodes("default-graph-uri", dataset.default_graphs)
    named_graphs = graph_nodes("named-graph-uri", dataset.named_graphs)
    has_protocol_dataset = dataset != DEFAULT_DATASET
    try:
        with ResultBuffer(settings.result_bytes, format_) as buffer:
            result = store.engine.query(
                request.text,
                base_iri=request.base_iri,
                default_graph=[*default_graphs] if has_protocol_dataset else None,
                named_graphs=[*named_graphs] if has_protocol_dataset else None,
                custom_functions=functions or None,
            )
            if isinstance(result, ox.QueryTriples):
                write_triples(result, format_, buffer)
            else:
                result.serialize(buffer.file, cast(ox.QueryResultsFormat, format_.engine))
            return QueryResponse(buffer.body(), format_.content_type)
    finally:
        del result  # a traceback keeps this frame alive, and the engine's object must be freed on this thread


def _check_query(request: QueryRequest, settings: Settings) -> guard.Verdict:
    return guard.check_query(
        request.text,
        base_iri=request.base_iri,
        allowed_services=frozenset(settings.services),
        nesting=settings.nesting,
    )


def _function_error(text: str, iri: str, reason: str) -> BadInput:
    """Return the error for a call of the function `iri` in `text` with too few or too many arguments."""
    offset = text.find(f"<{iri}>")
    return BadInput(
        f"The query calls a function with other arguments than it takes: {reason}",
        where=line_and_column(text, offset) if offset >= 0 else "query",
        rule="extension functions",
        remedy="give it the arguments that it takes: a cast to an XSD type takes one",
    )


def _store_failure(error: Exception) -> Unavailable:
    """Return the error for a failure of the store or of an endpoint called by SERVICE, in one line."""
    return Unavailable(f"The query could not be answered: {_reason(error)}", where="query")


def _reason(error: Exception) -> str:
    """Return the first line of the engine's message, which may repeat parts of the query, cut in length."""
    return excerpt((str(error).splitlines() or [""])[0], _MAX_REASON_LENGTH)


def graph_nodes(parameter: str, iris: tuple[str, ...]) -> list[ox.NamedNode]:
    """Return the distinct `iris` as nodes; raise BadInput, naming the `parameter`, if one is not absolute."""
    try:
        return [ox.NamedNode(check_iri_length(iri, parameter)) for iri in dict.fromkeys(iris)]
    except ValueError as error:
        message = f"A graph's name is not an absolute IRI: {excerpt(str(error))}"
        raise BadInput(message, where=parameter, rule="SPARQL Protocol") from error


def select_format(choices: Mapping[Form, str | None], form: Form) -> Format:
    """Return the format of `choices` for a result of this form; raise NotAcceptable if there is none."""
    media_type = choices.get(form)
    format_ = formats.find_format(media_type, form) if media_type else None
    if format_ is None:
        raise NotAcceptable(
            f"A result of this form ({form}) has no format that you accept",
            where="Accept",
            rule="content negotiation",
            remedy=f"ask for {', '.join(each.media_type for each in formats.formats_for(form))}",
        )
    return format_


def _syntax_error(text: str, message: str) -> BadInput:
    """Return the error for `text` with the place where the engine's parser stopped, and its reason if any.

    The engine's column is at the end of the longest keyword it tried, hence the subtraction of the shortest.
    """
    found = re.match(r"error at (\d+):(\d+): expected (?:one of )?(.*)", message, re.DOTALL)
    if not found:
        reason = excerpt(message, _MAX_REASON_LENGTH)
        return BadInput(f"The query is not SPARQL: {reason}", where="query", rule="SPARQL")
    keywords = re.findall(r"(?<![^ ])[A-Z][A-Z0-9_]+(?=,|$)", found[3])
    reasons = re.findall(r"(?<![\w*])[A-Za-z][\w*]*+(?: [\w*]++){2,}+", found[3])
    line, column = int(found[1]), int(found[2])
    offset = sum(len(each) + 1 for each in text.split("\n")[: line - 1]) + column - 1
    offset = max(0, min(offset, len(text)) - min(map(len, keywords), default=0))
    offset += len(text[offset:]) - len(text[offset:].lstrip())
    rest = text[offset:].split()
    near = f"near “{rest[0][:30]}”" if rest else "at its end"
    reason = f": {excerpt(reasons[0], _MAX_REASON_LENGTH)}" if reasons else ""
    remedy = "" if reasons else "compare the clause there with the grammar of SPARQL 1.1"
    return BadInput(
        f"The query is not SPARQL {near}{reason}",
        where=line_and_column(text, offset),
        rule="SPARQL",
        remedy=remedy,
    )
