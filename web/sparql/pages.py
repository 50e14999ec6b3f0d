"""What the pages of queries know: the contexts of their templates."""

import shlex
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from flask import url_for

from graph.core.errors import Fault
from graph.core.namespaces import CODE
from graph.core.terms import Term
from graph.query.stored import StoredQuery
from graph.read import vocabulary
from graph.read.entities import Ref
from graph.read.neighbourhood import Neighbourhood
from web.html.page_models import Page
from web.sparql.result_table import Sheet, View

_OF_MAIL: Final = ("then-and-now", "american-mail", "mail-providers-by-county")
_EVIDENCE: Final = CODE + "observation-evidence"
_PYTHON: Final = '''import urllib.parse
import urllib.request

query = """
{query}
"""
url = "{endpoint}?" + urllib.parse.urlencode({{"query": query}})
request = urllib.request.Request(url, headers={{"Accept": "{media_type}"}})
with urllib.request.urlopen(request) as answer:
    print(answer.read().decode())
'''
Choices = dict[str, tuple[Term | Ref | None, ...]]


@dataclass(frozen=True)
class QueriesPage(Page):
    """The stored queries."""

    template = "sparql/stored_queries.html"
    queries: tuple[StoredQuery, ...]


@dataclass(frozen=True)
class QueryPage(Page):
    """A stored query: its parameters and their values, its text, and its answer."""

    template = "sparql/stored_query.html"
    query: StoredQuery
    values: dict[str, str]
    bound: str  # the text with the values in it
    choices: Choices  # the values each parameter can have, where they are few
    sheet: Sheet | None
    view: View
    fault: str  # why there is no answer, if the values given were no good
    beyond: tuple[str, ...]  # the endpoints it asks that this server does not call: then there is no answer

    @property
    def indexed(self) -> bool:  # type: ignore[override]
        """Whether search engines are welcome: not to every time that can be asked about."""
        return not self.values.get("asof")

    @property
    def strengths(self) -> tuple[Ref, ...]:
        """How strong an observation of mail can be, the strongest first; nothing if the query has none."""
        lists = vocabulary.read_vocabulary().lists if self.query.name in _OF_MAIL else ()
        return tuple(code.ref for each in lists if each.ref.iri == _EVIDENCE for code in each.codes)

    @property
    def given(self) -> dict[str, Any]:
        """The values that are not empty."""
        return {name: value for name, value in self.values.items() if value}

    def offers(self, parameter: str) -> bool:
        """Tell whether the values of `parameter` can be chosen from, the one given among them."""
        choices = self.choices.get(parameter, ())
        keys = {each.iri if isinstance(each, Ref) else each.value for each in choices if each}
        return bool(keys) and self.values[parameter] in keys | {""}

    def viewed(self, view: View) -> str:
        """Return the address of this page with its answer shown as `view`."""
        return url_for("queries.page", name=self.query.name, view=_not_table(view), **self.given)

    def download(self, extension: str) -> str:
        """Return the address of the answer in a format."""
        return url_for("queries.data", name=self.query.name, extension=extension, **self.given)


@dataclass(frozen=True)
class EditorPage(Page):
    """The query page: the text of a query, its answer or what is wrong with it, and ways to take it along."""

    template = "sparql/editor.html"
    text: str
    example: StoredQuery | None  # that the text comes from
    endpoint: str  # the whole address that programs ask
    sheet: Sheet | None = None
    view: View = "table"
    faults: tuple[Fault, ...] = ()

    @property
    def asked(self) -> bool:
        """Whether the text has been run."""
        return self.sheet is not None or bool(self.faults)

    @property
    def indexed(self) -> bool:  # type: ignore[override]
        """Whether search engines are welcome: not where strangers have asked something."""
        return not self.asked

    @property
    def media_type(self) -> str:
        """What the commands shown ask for."""
        return "text/turtle" if self.sheet and self.sheet.form == "graph" else "text/csv"

    @property
    def curl(self) -> str:
        """The command for a shell that gets the answer."""
        words = ("curl", self.endpoint, "-H", f"Accept: {self.media_type}", "--data-urlencode")
        return f"{shlex.join(words)} {shlex.quote('query=' + self.text.strip())}"

    @property
    def python(self) -> str:
        """The program in Python, with nothing but its standard library, that gets the answer."""
        query = self.text.strip().replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
        return _PYTHON.format(query=query, endpoint=self.endpoint, media_type=self.media_type)

    @property
    def link(self) -> str:
        """The whole address of the answer, for a spreadsheet or whatever else reads from the web."""
        wanted = "ttl" if self.media_type == "text/turtle" else "csv"
        return f"{self.endpoint}?{urlencode({'query': self.text.strip(), 'format': wanted})}"

    def viewed(self, view: View) -> str:
        """Return the address of this page with its answer shown as `view`."""
        return url_for("editor.page", query=self.text, view=_not_table(view))

    def download(self, name: str) -> str:
        """Return the address of the answer in the format called `name`."""
        return url_for("sparql.endpoint", query=self.text, format=name, lang=None)


@dataclass(frozen=True)
class NetworkPage(Page):
    """The neighbourhood of an entity, drawn and as a list of links."""

    template = "sparql/graph_view.html"
    indexed: ClassVar[bool] = False
    around: Neighbourhood


def _not_table(view: View) -> View | None:
    return None if view == "table" else view
