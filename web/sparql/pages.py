"""Template contexts of the pages of queries."""

import shlex
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from flask import url_for

from graph.core.errors import Fault
from graph.core.namespaces import CODE
from graph.query.parameters import expand_iri
from graph.query.stored import StoredQuery
from graph.read import vocabulary
from graph.read.entities import Ref
from graph.read.neighbourhood import Neighbourhood
from web.html.page_models import Page
from web.sparql.query_values import QueryValues, parameter_value
from web.sparql.result_charts import Cell
from web.sparql.result_table import ResultTable, ResultView

_MAIL_QUERIES: Final = ("then-and-now", "american-mail", "mail-providers-by-county")
_EVIDENCE: Final = CODE + "observation-evidence"
_PYTHON_PROGRAM: Final = '''import urllib.parse
import urllib.request

query = """
{query}
"""
url = "{endpoint}?" + urllib.parse.urlencode({{"query": query}})
request = urllib.request.Request(url, headers={{"Accept": "{media_type}"}})
with urllib.request.urlopen(request) as answer:
    print(answer.read().decode())
'''
Choices = dict[str, tuple[Cell, ...]]


@dataclass(frozen=True)
class QueriesPage(Page):
    """The stored queries."""

    template = "sparql/stored_queries.html"
    queries: tuple[StoredQuery, ...]


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
    fault: str  # why there is no result, if a value is invalid
    disallowed_services: tuple[
        str, ...
    ]  # endpoints that it calls and this server does not allow: there is no result then

    @property
    def indexed(self) -> bool:  # type: ignore[override]
        """Whether search engines may index the page: not for a time in the past."""
        return not self.values.given.get("asof")

    @property
    def strengths(self) -> tuple[Ref, ...]:
        """The strengths of evidence, the strongest first; none if the query is not about mail."""
        lists = vocabulary.read_vocabulary().lists if self.query.name in _MAIL_QUERIES else ()
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

    def download_url(self, extension: str) -> str:
        """Return the URL of the result in the format with this `extension`."""
        return url_for("queries.data", name=self.query.name, extension=extension, **self.given)


@dataclass(frozen=True)
class EditorPage(Page):
    """The query editor: the text of a query, its result or errors, and ways to export it."""

    template = "sparql/editor.html"
    text: str
    example: StoredQuery | None  # where the text comes from
    endpoint: str  # the absolute URL for programs
    result: ResultTable | None = None
    view: ResultView = "table"
    faults: tuple[Fault, ...] = ()

    @property
    def has_run(self) -> bool:
        """Whether the text has been run."""
        return self.result is not None or bool(self.faults)

    @property
    def indexed(self) -> bool:  # type: ignore[override]
        """Whether search engines may index the page: not with a query that a client has written."""
        return not self.has_run

    @property
    def media_type(self) -> str:
        """The media type that the commands shown request."""
        return "text/turtle" if self.result and self.result.form == "graph" else "text/csv"

    @property
    def curl(self) -> str:
        """The shell command that fetches the result."""
        words = ("curl", self.endpoint, "-H", f"Accept: {self.media_type}", "--data-urlencode")
        return f"{shlex.join(words)} {shlex.quote('query=' + self.text.strip())}"

    @property
    def python(self) -> str:
        """The Python program that fetches the result, with the standard library alone."""
        query = self.text.strip().replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        return _PYTHON_PROGRAM.format(query=query, endpoint=self.endpoint, media_type=self.media_type)

    @property
    def link(self) -> str:
        """The absolute URL of the result, for a spreadsheet or another program that reads from the web."""
        extension = "ttl" if self.media_type == "text/turtle" else "csv"
        return f"{self.endpoint}?{urlencode({'query': self.text.strip(), 'format': extension})}"

    def view_url(self, view: ResultView) -> str:
        """Return the URL of this page with its result shown as `view`."""
        return url_for("editor.page", query=self.text, view=_not_table(view))

    def download_url(self, name: str) -> str:
        """Return the URL of the result in the format called `name`."""
        return url_for("sparql.endpoint", query=self.text, format=name, lang=None)


@dataclass(frozen=True)
class NetworkPage(Page):
    """The neighbourhood of an entity, as a drawing and as a list of links."""

    template = "sparql/graph_view.html"
    indexed: ClassVar[bool] = False
    neighbourhood: Neighbourhood


def _not_table(view: ResultView) -> ResultView | None:
    return None if view == "table" else view
