"""Parse SPARQL query results into terms: https://www.w3.org/TR/sparql11-results-json/."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Literal

import pyoxigraph as ox

from graph.core.terms import Term
from graph.rdf.convert import to_node, to_term

_TERM_KINDS: Final[dict[str, Literal["iri", "literal", "blank"]]] = {
    "uri": "iri",
    "bnode": "blank",
    "literal": "literal",
}


@dataclass(frozen=True)
class QueryResults:
    """The columns and rows of a SELECT (None in an unbound cell), or the boolean of an ASK."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Term | None, ...], ...] = ()
    boolean: bool | None = None

    def with_columns(self, columns: tuple[str, ...]) -> "QueryResults":
        """Return the same results with their columns in the order of `columns`."""
        indexes = [self.columns.index(each) for each in columns]
        rows = tuple(tuple(row[index] for index in indexes) for row in self.rows)
        return QueryResults(columns, rows, self.boolean)


def parse_results(body: bytes) -> QueryResults:
    """Parse `body`, results in SPARQL's JSON format."""
    return results_of_document(json.loads(body))


def results_of_document(results: Mapping[str, Any]) -> QueryResults:
    """Return the `results` of SPARQL's JSON format once they are parsed as JSON."""
    if "boolean" in results:
        return QueryResults(boolean=results["boolean"])
    columns = tuple(results["head"]["vars"])
    rows = (tuple(_term(row.get(column)) for column in columns) for row in results["results"]["bindings"])
    return QueryResults(columns, tuple(rows))


def parse_rows(body: bytes) -> list[dict[str, Term]]:
    """Parse `body`, a SELECT result in SPARQL's JSON format, into rows without their unbound variables.

    Raise SyntaxError if it is malformed, ValueError if it is the result of an ASK.
    """
    solutions = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if not isinstance(solutions, ox.QuerySolutions):
        raise ValueError("it holds a boolean and no rows")
    names = [variable.value for variable in solutions.variables]
    try:
        rows = list(solutions)
    finally:
        del (
            solutions
        )  # a traceback keeps this frame alive, and the engine's object must be freed on this thread
    return [
        {name: to_term(node) for name, node in zip(names, row, strict=True) if node is not None}
        for row in rows
    ]


def parse_graph(body: bytes, limit: int) -> tuple[QueryResults, int]:
    """Return the first `limit` triples of `body`, a graph in N-Triples, as rows, and the total number."""
    triples = islice(ox.parse(body, format=ox.RdfFormat.N_TRIPLES), limit)
    rows = tuple(tuple(map(to_term, (each.subject, each.predicate, each.object))) for each in triples)
    return QueryResults(("subject", "predicate", "object"), rows), body.count(b"\n")


def _term(cell: dict[str, Any] | None) -> Term | None:
    if cell is None:
        return None
    if cell["type"] == "triple":  # https://www.w3.org/TR/sparql12-results-json/#select-encode-terms
        terms = (_term(cell["value"][place]) for place in ("subject", "predicate", "object"))
        return Term(" ".join(str(to_node(term)) for term in terms if term), "literal")
    kind = _TERM_KINDS.get(cell["type"], "literal")
    return Term(cell["value"], kind, cell.get("xml:lang", ""), cell.get("datatype", ""))
