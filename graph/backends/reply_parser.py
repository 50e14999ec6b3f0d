"""Parses the replies of endpoints to their end, so that a truncated one is noticed: rows as a stream."""

import json
from typing import Final, cast

import pyoxigraph as ox

from graph.backends.endpoint_client import EndpointReply
from graph.core.errors import Unavailable
from graph.rdf import formats

_TRUTH: Final = "__ASK_RETVAL"  # the variable that Virtuoso answers ASK with


def _read_result(reply: EndpointReply) -> ox.QuerySolutions | ox.QueryBoolean:
    chosen = formats.by_media_type("bindings").get(reply.media_type)
    if chosen is None or chosen.name == "csv":
        raise unreadable(reply)
    try:
        return ox.parse_query_results(reply.body, format=cast(ox.QueryResultsFormat, chosen.engine))
    except (SyntaxError, ValueError) as error:
        raise unreadable(reply, error) from error


def read_rows(reply: EndpointReply) -> ox.QuerySolutions:
    """Return the rows of `reply`, read as they are taken; raise Unavailable if it has none."""
    result = _read_result(reply)
    if isinstance(result, ox.QueryBoolean):
        raise unreadable(reply)
    return result


def read_boolean(reply: EndpointReply) -> ox.QueryBoolean:
    """Return the boolean of `reply`, also from Virtuoso, which sends it as a row; raise Unavailable."""
    result = _read_result(reply)
    if isinstance(result, ox.QueryBoolean):
        return result
    if [each.value for each in result.variables] != [_TRUTH]:
        del result  # the engine can free it on this thread only, and the error may outlive it on another
        raise unreadable(reply)
    truth = any(cast(ox.Literal, row[_TRUTH]).value == "1" for row in result)
    document = json.dumps({"head": {}, "boolean": truth})
    return cast(ox.QueryBoolean, ox.parse_query_results(document, format=ox.QueryResultsFormat.JSON))


def read_graph(reply: EndpointReply) -> list[ox.Triple]:
    """Return the triples of `reply`; raise Unavailable if it has none, or cannot be read to its end."""
    chosen = formats.by_media_type("graph").get(reply.media_type)
    if chosen is None:
        raise unreadable(reply)
    try:
        return [quad.triple for quad in ox.parse(reply.body, format=cast(ox.RdfFormat, chosen.engine))]
    except (SyntaxError, ValueError) as error:
        raise unreadable(reply, error) from error


def unreadable(reply: EndpointReply, error: Exception | None = None) -> Unavailable:
    """Return the error for an answer that cannot be read to its end."""
    kind = f"The endpoint's answer ({reply.media_type or 'without a type'}) "
    reason = f"cannot be read to its end: {error}" if error else "is of another kind than was asked for"
    return Unavailable(kind + reason[:200], where="endpoint", rule="SPARQL Protocol")
