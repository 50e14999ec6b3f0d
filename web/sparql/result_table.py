"""An answer as pages show it: its first rows as a table, and what can be drawn of them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from graph.core.terms import Term
from graph.rdf import formats, results
from graph.rdf.formats import Form
from graph.rdf.query_types import QueryResponse
from graph.rdf.results import QueryResults
from graph.read.entities import Ref
from web.html.app_state import app_state
from web.sparql import result_charts, result_map
from web.sparql.result_charts import Chart, Link
from web.sparql.result_map import Map

View = Literal["table", "chart", "map", "graph"]
Row = tuple[Term | Ref | None, ...]

MOST_ROWS: Final = 500
MOST_BYTES: Final = 16 << 20  # of an answer that is read here to be shown; a larger one is for programs
_GRAPH: Final = "application/n-triples"
TYPES: Final[dict[Form, str | None]] = {
    "bindings": "application/sparql-results+json",
    "boolean": "application/sparql-results+json",
    "graph": _GRAPH,
}
"""The media types of answers that can be shown."""


@dataclass(frozen=True)
class Sheet:
    """An answer of the form `form`: its first rows of `total`, or that it is too large to be shown at all."""

    form: Form
    columns: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    total: int = 0
    truth: bool | None = None
    too_large: bool = False

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns without those that are labels of another, whose IRIs are shown by their labels."""
        return tuple(column for column in self.columns if not repeats(column, self.columns))

    @property
    def shown_rows(self) -> tuple[Row, ...]:
        """The rows, with the cells of those columns."""
        indexes = [self.columns.index(column) for column in self.shown]
        return tuple(tuple(row[index] for index in indexes) for row in self.rows)

    @cached_property
    def chart(self) -> Chart | None:
        """The chart that the rows give."""
        return result_charts.chart(self.shown, self.shown_rows)

    @cached_property
    def map(self) -> Map | None:
        """The map of the places that the rows tell of."""
        state = app_state()
        areas = result_map.areas(self.shown_rows, state.entities, state.boundaries())
        return areas or result_map.points(self.shown, self.shown_rows, state.entities)

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The links between entities that the rows tell of."""
        return result_charts.links(self.form, self.shown, self.shown_rows)

    @property
    def views(self) -> tuple[View, ...]:
        """The ways this answer can be shown, if there is more than one."""
        drawn: dict[View, bool] = {
            "chart": self.chart is not None,
            "map": self.map is not None,
            "graph": bool(self.links),
        }
        possible = tuple(view for view, there in drawn.items() if there)
        return ("table", *possible) if possible else ()

    @property
    def formats(self) -> tuple[str, ...]:
        """The formats it can be had in, as their names are given in `format=`."""
        return tuple(each.name for each in formats.formats_for(self.form))


def sheet(answer: QueryResponse) -> Sheet:
    """Return what pages show of `answer`, which is in one of `TYPES`."""
    body = answer.read()
    is_graph = answer.media_type.startswith(_GRAPH)
    if len(body) > MOST_BYTES:
        return Sheet("graph" if is_graph else "bindings", too_large=True)
    if is_graph:
        first, total = results.parse_graph(body, MOST_ROWS)
        return _of(first, "graph", total)
    return of_results(results.parse_results(body))


def of_results(found: QueryResults) -> Sheet:
    """Return what pages show of rows or of a yes or no."""
    return _of(found, "bindings" if found.boolean is None else "boolean", len(found.rows))


def _of(found: QueryResults, form: Form, total: int) -> Sheet:
    rows = tuple(tuple(map(cell, row)) for row in found.rows[:MOST_ROWS])
    return Sheet(form, found.columns, rows, total, found.boolean)


def cell(term: Term | None) -> Term | Ref | None:
    """Return what stands for `term` in a table: an IRI with its labels."""
    entities = app_state().entities
    return entities.ref(term.value) if term and term.kind == "iri" else term


def repeats(column: str, columns: tuple[str, ...]) -> bool:
    """Tell whether `column` is the label of another column."""
    return column.endswith("Label") and column.removesuffix("Label") in columns
