"""The tool `sparql`: a query under the same guard and limits as any stranger's."""

import json
from typing import Any, Final

from web.mcp.arguments import SparqlArguments
from web.mcp.paging import Part, answer_page
from web.mcp.site import Reply, Site, read

_PATH: Final = "/sparql"
_TABLE: Final = "text/tab-separated-values"
_BOOLEAN: Final = "application/sparql-results+json"
_ACCEPT: Final = f"{_TABLE}, application/n-triples, {_BOOLEAN};q=0.5"


def sparql(site: Site, arguments: SparqlArguments) -> dict[str, Any]:
    """Return the answer to a query; raise Refusal or BadInput.

    Terms are written as in Turtle, so that none loses its language or datatype: that is SPARQL's own TSV
    (https://www.w3.org/TR/sparql11-results-csv-tsv/), and N-Triples for graphs.
    """
    place = arguments.place(site.release)
    reply = read(site, _PATH, {"query": arguments.query}, _ACCEPT)
    if reply.media_type == _BOOLEAN:
        head = {"form": "boolean", "boolean": json.loads(reply.body)["boolean"]}
        return answer_page(head, (), (), place, whole=reply.is_complete)
    head, member, values = _table(reply) if reply.media_type == _TABLE else _graph(reply)
    parts = (Part(member, value) for value in values[place.position :])
    return answer_page(head, (member,), parts, place, whole=reply.is_complete)


def _table(reply: Reply) -> tuple[dict[str, Any], str, list[Any]]:
    """Return the head, the name and the values of a table: a row is a list of terms, empty if unbound."""
    heading, *lines = reply.body.decode().removesuffix("\n").split("\n")
    columns = [name.removeprefix("?") for name in heading.split("\t")]
    rows = [line.split("\t") for line in lines]
    return {"form": "table", "columns": columns, "rowsTotal": len(rows)}, "rows", rows


def _graph(reply: Reply) -> tuple[dict[str, Any], str, list[Any]]:
    """Return the head, the name and the values of a graph: a line of N-Triples for each triple."""
    lines = reply.body.decode().splitlines()
    return {"form": "graph", "triplesTotal": len(lines)}, "triples", lines
