"""Template contexts of the pages of queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from flask import url_for

from graph.core.errors import Fault
from graph.core.extensions import extension
from graph.core.namespaces import CODE
from graph.query.parameters import expand_iri
from graph.query.query_runs import QueryRun
from graph.query.stored import StoredQuery
from graph.read.entities import Ref
from graph.read.neighbourhood import Neighbourhood
from graph.vocabulary import vocabulary
from web.html.app_state import app_state
from web.html.page_models import Page
from web.html.pinned import pinned_release
from web.html.site_context import base_url
from web.http.pinned import ARGUMENT
from web.sparql.answer_evidence import RowEvidence
from web.sparql.code_snippets import Snippet, graph_snippets, table_snippets
from web.sparql.query_errors import QueryFailure
from web.sparql.query_hints import QueryHint
from web.sparql.query_values import QueryValues, parameter_value
from web.sparql.result_charts import Cell
from web.sparql.result_table import ResultTable, ResultView

_GRADED_QUERIES: Final = extension("graded_queries", tuple[str, ...]())
_EVIDENCE: Final = CODE + "observation-evidence"
Choices = dict[str, tuple[Cell, ...]]


@dataclass(frozen=True)
class QueriesPage(Page):
    """The stored queries."""

    template = "sparql/stored_queries.html"
    queries: tuple[StoredQuery, ...]
    runs: Mapping[str, QueryRun]  # the last run of each against this release, by name, where one is recorded
    engines: Mapping[str, Mapping[str, QueryRun]]  # the same on other engines with its data, by their names
    has_release: bool  # whether runs are recorded at all

    @property
    def compared(self) -> tuple[StoredQuery, ...]:
        """The queries that were run on another engine."""
        return tuple(
            each for each in self.queries if any(each.name in runs for runs in self.engines.values())
        )


@dataclass(frozen=True)
class QueryPage(Page):
    """A stored query: its parameters and their values, its text and its result."""

    template = "sparql/stored_query.html"
    query: StoredQuery
    values: QueryValues
    bound: str  # the text with the values bound
    choices: Choices  # the possible values of each parameter, where they are few
    result: ResultTable | None
    view: ResultView
    faults: tuple[Fault, ...]  # why there is no result, if a value is invalid
    disallowed_services: tuple[
        str, ...
    ]  # endpoints that it calls and this server does not allow: there is no result then
    can_show_evidence: bool = False
    evidence: RowEvidence | None = None  # if it is asked for

    @property
    def indexed(self) -> bool:  # type: ignore[override]
        """Whether search engines may index the page: not for a time in the past, nor with evidence."""
        return not (self.values.given.get("asof") or self.evidence)

    @property
    def strengths(self) -> tuple[Ref, ...]:
        """The strengths of evidence, the strongest first; none if the query does not ask for it."""
        lists = vocabulary.read_vocabulary().lists if self.query.name in _GRADED_QUERIES else ()
        return tuple(code.ref for each in lists if each.ref.iri == _EVIDENCE for code in each.codes)

    @property
    def given(self) -> dict[str, Any]:
        """The values that the query is bound to."""
        return dict(self.values.given)

    def has_choices(self, parameter: str) -> bool:
        """Return whether `parameter` is shown as a list of choices, which must have the value given."""
        choices = self.choices.get(parameter, ())
        keys = {each.iri if isinstance(each, Ref) else each.value for each in choices if each}
        return bool(keys) and self.chosen(parameter) in keys | {""}

    def chosen(self, parameter: str) -> str:
        """Return the whole IRI that `parameter` is bound to, or ""."""
        return expand_iri(self.values.given.get(parameter, ""))

    def meant_url(self, parameter: str, ref: Ref) -> str:
        """Return the URL of this page with the entity `ref` as the value of `parameter`."""
        values = self.given | {parameter: parameter_value(ref.iri)}
        return url_for("queries.page", name=self.query.name, view=_not_table(self.view), **values)

    def view_url(self, view: ResultView) -> str:
        """Return the URL of this page with its result shown as `view`."""
        return url_for("queries.page", name=self.query.name, view=_not_table(view), **self.given)

    @property
    def evidence_url(self) -> str:
        """The URL of this page with the evidence of each row, or without it if it is shown."""
        return url_for(
            "queries.page", name=self.query.name, evidence=None if self.evidence else "1", **self.given
        )

    @property
    def chart_url(self) -> str:
        """The URL of the chart as a file."""
        return url_for("queries.chart", name=self.query.name, **self.given)

    def download_url(self, extension: str) -> str:
        """Return the URL of the result in the format with this `extension`, with evidence if it is shown."""
        given = self.given | ({"evidence": "1"} if self.evidence and extension == "json" else {})
        return url_for("queries.data", name=self.query.name, extension=extension, **given)

    @property
    def release_url(self) -> str:
        """The URL of this page as of the release that is shown, or "" if its answer would not last."""
        if self.result is None or self.query.services:
            return ""
        return release_url(self.view_url(self.view))

    @property
    def snippets(self) -> tuple[Snippet, ...]:
        """How to use the result elsewhere; there is nothing to use where it cannot run."""
        return () if self.disallowed_services else table_snippets(base_url() + self.download_url("csv"))


@dataclass(frozen=True)
class EditorPage(Page):
    """The query editor: the text of a query, its result or failure, and ways to export it."""

    template = "sparql/editor.html"
    text: str
    example: StoredQuery | None  # where the text comes from
    endpoint: str  # the absolute URL for programs
    result: ResultTable | None = None
    view: ResultView = "table"
    failure: QueryFailure | None = None
    hints: tuple[QueryHint, ...] = ()
    lasts: bool = False  # whether the result is the same as long as the release is

    @property
    def has_run(self) -> bool:
        """Whether the text has been run."""
        return self.result is not None or self.failure is not None

    @property
    def indexed(self) -> bool:  # type: ignore[override]
        """Whether search engines may index the page: not with a query that a client has written."""
        return not self.has_run

    @property
    def snippets(self) -> tuple[Snippet, ...]:
        """How to use the result elsewhere; there is none for a boolean."""
        if not self.result or self.result.form == "boolean":
            return ()
        return graph_snippets(self.link) if self.result.form == "graph" else table_snippets(self.link)

    @property
    def link(self) -> str:
        """The absolute URL of the result, for a spreadsheet or another program that reads from the web."""
        extension = "ttl" if self.result and self.result.form == "graph" else "csv"
        return f"{self.endpoint}?{urlencode({'query': self.text.strip(), 'format': extension})}"

    def view_url(self, view: ResultView) -> str:
        """Return the URL of this page with its result shown as `view`."""
        return url_for("editor.page", query=self.text, view=_not_table(view))

    @property
    def release_url(self) -> str:
        """The URL of this page as of the release that is shown, or "" if its result would not last."""
        return release_url(self.view_url(self.view)) if self.lasts and self.result else ""

    @property
    def chart_url(self) -> str:
        """The URL of the chart as a file."""
        return url_for("editor.chart", query=self.text)

    def download_url(self, name: str) -> str:
        """Return the URL of the result in the format called `name`."""
        return url_for("sparql.endpoint", query=self.text, format=name, lang=None)


@dataclass(frozen=True)
class NetworkPage(Page):
    """The neighbourhood of an entity, as a drawing and as a list of links."""

    template = "sparql/graph_view.html"
    indexed: ClassVar[bool] = False
    neighbourhood: Neighbourhood


def release_url(path: str) -> str:
    """Return the whole address of a `path` here as of the release that is shown.

    Return "" if there is none to come back to, or if the page is of one release already.
    """
    state = app_state()
    if state.release is None or state.publication is None or pinned_release():
        return ""
    return f"{base_url()}{path}{'&' if '?' in path else '?'}{ARGUMENT}={state.release.id}"


def _not_table(view: ResultView) -> ResultView | None:
    return None if view == "table" else view
