"""A result as pages show it: its first rows as a table, with their chart, map and graph."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from graph.core.terms import Term
from graph.query.columns import column_properties, columns_in_order
from graph.rdf import formats, results
from graph.rdf.formats import Form
from graph.rdf.query_types import QueryResponse
from graph.rdf.results import QueryResults
from web.html.app_state import app_state
from web.sparql import result_charts, result_map
from web.sparql.result_charts import Cell, Chart, ResultLink, ResultRow
from web.sparql.result_map import ResultMap

ResultView = Literal["table", "chart", "map", "graph"]

MAX_ROWS: Final = 500
MAX_BYTES: Final = 16 << 20  # of a result that is shown; a larger one can only be downloaded
_GRAPH: Final = "application/n-triples"
MEDIA_TYPES: Final[dict[Form, str | None]] = {
    "bindings": "application/sparql-results+json",
    "boolean": "application/sparql-results+json",
    "graph": _GRAPH,
}
"""The media types of results that can be shown."""


@dataclass(frozen=True)
class ResultTable:
    """A result of the form `form`: its first rows of `total`, or none if it is too large to be shown."""

    form: Form
    columns: tuple[str, ...] = ()
    rows: tuple[ResultRow, ...] = ()
    total: int = 0
    truth: bool | None = None
    too_large: bool = False
    text: str = ""  # of the query

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns except the labels of another column, whose IRIs are shown by their labels anyway."""
        return tuple(column for column in self.columns if not is_label_column(column, self.columns))

    @property
    def shown_rows(self) -> tuple[ResultRow, ...]:
        """The rows, with the cells of the columns `shown`."""
        indexes = [self.columns.index(column) for column in self.shown]
        return tuple(tuple(row[index] for index in indexes) for row in self.rows)

    @property
    def release(self) -> str:
        """The id of the release that it is from, if that has one."""
        return app_state().release_id

    @cached_property
    def chart(self) -> Chart | None:
        """The chart of the rows, if they have one."""
        return result_charts.build_chart(self.shown, self.shown_rows)

    @cached_property
    def map(self) -> ResultMap | None:
        """The map of the places in the rows, if there are any."""
        state = app_state()
        areas = result_map.area_map(self.shown_rows, state.entities, state.boundaries())
        return areas or result_map.point_map(self.shown, self.shown_rows, state.entities)

    @cached_property
    def links(self) -> tuple[ResultLink, ...]:
        """The links between entities in the rows."""
        properties = column_properties(self.text) if self.form == "bindings" else {}
        refs = {name: app_state().entities.ref(iri) for name, iri in properties.items()}
        return result_charts.find_links(self.form, self.shown, self.shown_rows, refs)

    @property
    def views(self) -> tuple[ResultView, ...]:
        """The views of this result, if there is more than one."""
        available: dict[ResultView, bool] = {
            "chart": self.chart is not None,
            "map": self.map is not None,
            "graph": bool(self.links),
        }
        possible = tuple(view for view, is_available in available.items() if is_available)
        return ("table", *possible) if possible else ()

    @property
    def formats(self) -> tuple[str, ...]:
        """The names of the formats for `format=`."""
        return tuple(each.name for each in formats.formats_for(self.form))


def tabulate(answer: QueryResponse, text: str) -> ResultTable:
    """Return the table of `answer` to the query `text`, which is in one of `MEDIA_TYPES`."""
    body = answer.read()
    is_graph = answer.media_type.startswith(_GRAPH)
    if len(body) > MAX_BYTES:
        return ResultTable("graph" if is_graph else "bindings", too_large=True)
    if is_graph:
        first, total = results.parse_graph(body, MAX_ROWS)
        return _table(first, "graph", total)
    found = results.parse_results(body)
    return tabulate_results(found.with_columns(columns_in_order(text, found.columns)), text)


def tabulate_results(found: QueryResults, text: str) -> ResultTable:
    """Return the table of rows or of a boolean, which are the result of the query `text`."""
    return _table(found, "bindings" if found.boolean is None else "boolean", len(found.rows), text)


def _table(found: QueryResults, form: Form, total: int, text: str = "") -> ResultTable:
    rows = tuple(tuple(map(cell, row)) for row in found.rows[:MAX_ROWS])
    return ResultTable(form, found.columns, rows, total, found.boolean, text=text)


def cell(term: Term | None) -> Cell:
    """Return `term` as a cell of a table: an IRI with its labels, a literal as it is."""
    entities = app_state().entities
    return entities.ref(term.value) if term and term.kind == "iri" else term


def is_label_column(column: str, columns: tuple[str, ...]) -> bool:
    """Return whether `column` holds the labels of another column."""
    return column.endswith("Label") and column.removesuffix("Label") in columns
