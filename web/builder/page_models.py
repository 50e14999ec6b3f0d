"""The template context of the query builder."""

from dataclasses import dataclass, replace
from typing import ClassVar

from flask import url_for

from graph.core.errors import Fault
from graph.core.namespaces import ID
from graph.query_builder.model import BuilderModel, PropertyChoice
from graph.query_builder.sparql import COUNT, MAX_ROWS, BuiltQuery, Column
from graph.query_builder.state import (
    MATCHES,
    MAX_DEPTH,
    MULTIPLE,
    VALUELESS,
    Arguments,
    BuilderState,
    Match,
    Path,
    Problem,
    Row,
    Value,
    path_text,
)
from graph.read.entities import Ref
from web.builder.examples import EXAMPLES, example_arguments
from web.html.i18n import translate
from web.html.labels import plain_text
from web.html.page_models import Page
from web.sparql.result_table import ResultTable, ResultView


@dataclass(frozen=True)
class BuilderPage(Page):
    """The form with what has been chosen, the query, and its result or what is wrong."""

    template = "builder/build.html"
    state: BuilderState
    model: BuilderModel
    query: BuiltQuery | None = None
    result: ResultTable | None = None
    view: ResultView = "table"
    faults: tuple[Fault, ...] = ()

    examples: ClassVar[tuple[str, ...]] = tuple(EXAMPLES)
    multiple: ClassVar[frozenset[str]] = MULTIPLE
    valueless: ClassVar[frozenset[str]] = VALUELESS
    max_depth: ClassVar[int] = MAX_DEPTH
    max_rows: ClassVar[int] = MAX_ROWS

    @property
    def indexed(self) -> bool:  # type: ignore[override]
        """Whether search engines may index the page: only the empty form."""
        return self.state == BuilderState()

    @property
    def is_cut(self) -> bool:
        """Whether there may be more rows than the query is limited to."""
        return self.result is not None and self.result.total >= MAX_ROWS

    @property
    def column_names(self) -> dict[str, str]:
        """What the columns of the result are called, by their variables without the question mark."""
        columns = self.query.columns if self.query else ()
        names = {each.variable[1:]: self._column_name(each) for each in columns}
        return names | {COUNT[1:]: translate("build.number")}

    def choices(self, row: Row | None) -> dict[Ref | None, tuple[PropertyChoice, ...]]:
        """Return the properties that can be added below `row`, or at the top, by their groups."""
        class_ = self.state.class_
        properties = self.model.properties(row.classes) if row else class_.properties if class_ else {}
        found: dict[Ref | None, tuple[PropertyChoice, ...]] = {}
        for each in properties.values():
            group = each.group.ref if each.group else None
            found[group] = (*found.get(group, ()), each)
        return found

    def matches(self, row: Row) -> tuple[Match, ...]:
        """Return the ways to compare the values of `row`."""
        return MATCHES[row.choice.kind]

    def problems_at(self, path: Path | None) -> tuple[Problem, ...]:
        """Return the problems of the row at `path`, or those that are of no row."""
        return tuple(each for each in self.state.problems if each.path == path)

    def candidate_url(self, path: Path, row: Row, value: Value, candidate: Ref) -> str:
        """Return the address of the state in which `candidate` takes the place of `value` in `row`."""
        meant = Value(value.text, candidate.iri.removeprefix(ID))
        values = tuple(meant if each == value else each for each in row.values)
        return state_url(self.state.with_row(path, replace(row, values=values)).arguments())

    def example_url(self, name: str) -> str:
        """Return the address of the example `name`."""
        return state_url(example_arguments(name))

    def view_url(self, view: ResultView) -> str:
        """Return the address of this page with its result shown as `view`."""
        shown = [] if view == "table" else [("view", view)]
        return state_url([*self.state.arguments(), *shown], anchor="answer")

    def download_url(self, name: str) -> str:
        """Return the URL of the result in the format called `name`."""
        return url_for("sparql.endpoint", query=self.query.text if self.query else "", format=name, lang=None)

    def _column_name(self, column: Column) -> str:
        if column.row is None:
            return plain_text(self.state.class_.ref) if self.state.class_ else ""
        return property_name(column.row.choice)


def property_name(choice: PropertyChoice) -> str:
    """Return what a property is called: one that is followed back by the class that it leads to."""
    name = plain_text(choice.ref)
    if not choice.is_inverse:
        return name
    return translate("build.inverse", owner=plain_text(choice.owner), property=name)


def state_url(arguments: Arguments, anchor: str | None = None) -> str:
    """Return the address of the query builder with `arguments`."""
    values: dict[str, list[str]] = {}
    for name, value in arguments:
        values.setdefault(name, []).append(value)
    return url_for("builder.page", _anchor=anchor, **values)  # type: ignore[arg-type]  # names of arguments


def row_id(path: Path) -> str:
    """Return the id in the page of the row at `path`."""
    return f"row-{path_text(path).replace('.', '-')}"
