"""The answer to a question in words: the stored query that it asks, filled in, with its first rows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from flask import Response, after_this_request, url_for

from graph.core.errors import UtsagaError
from graph.core.terms import Term, text
from graph.query.parameters import Parameter
from graph.query.stored import StoredQuery
from graph.questions.finder import AmbiguousName, AskedQuery
from graph.rdf.results import QueryResults
from graph.read.entities import Ref
from web.html.app_state import app_state
from web.html.i18n import CONTENT_LANGUAGES, content_language, interface_language, messages
from web.html.labels import plain_text
from web.sparql.result_charts import ResultRow
from web.sparql.result_table import cell, is_label_column
from web.sparql.stored_answers import read_rows

_FIRST_ROWS: Final = 5
_WORD: Final = re.compile(r"\w+")
_STATEMENT: Final = "statement"  # a column of statements, which are shown by their texts
_TEXT_COLUMNS: Final = {tag: f"text{tag.capitalize()}" for tag in CONTENT_LANGUAGES}
"""The columns of a text in the languages of the site: textSv, textEn …"""


@dataclass(frozen=True)
class QuestionAnswer:
    """A stored query with the values that a question gives its parameters; `found` is None if it failed."""

    query: StoredQuery
    values: Mapping[str, str]
    found: QueryResults | None

    @property
    def url(self) -> str:
        """The path of the whole answer."""
        return url_for("queries.page", name=self.query.name, **self.values)  # type: ignore[arg-type]

    @property
    def total(self) -> int | None:
        """The number of rows, or None if it is not known."""
        return None if self.found is None else len(self.found.rows)

    @property
    def filled_in(self) -> tuple[tuple[Parameter, Term | Ref], ...]:
        """Each parameter that the question gives a value, and that value."""
        return tuple(
            (parameter, _value(self.values[parameter.name]))
            for parameter in self.query.parameters
            if parameter.name in self.values
        )

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns to show, texts first: not what the question gives, nor labels beside what they name.

        Of texts in several languages only those in the reader's, and none beside the statement that has it.
        """
        columns = self.found.columns if self.found else ()
        read = None if _STATEMENT in columns else content_language()
        others = {column for tag, column in _TEXT_COLUMNS.items() if tag != read}
        given = {*self.values, *(f"{name}Label" for name in self.values)}
        shown = (
            column
            for place, column in enumerate(columns)
            if column not in given | others
            and not is_label_column(column, columns)
            and not self._repeats_value(place)
        )
        texts = {*_TEXT_COLUMNS.values()} if read else {_STATEMENT}
        return tuple(sorted(shown, key=lambda column: column not in texts))

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the columns, or their names where the interface has no word for them."""
        words = messages(interface_language())
        keys = map(_title_key, self.columns)
        return tuple(words.get(key, (key.removeprefix("column."),))[0] for key in keys)

    @property
    def rows(self) -> tuple[ResultRow, ...]:
        """The first rows, with the cells of the columns shown, each once."""
        if not self.found:
            return ()
        places = [self.found.columns.index(column) for column in self.columns]
        rows = dict.fromkeys(tuple(row[place] for place in places) for row in self.found.rows)
        return tuple(tuple(map(cell, row)) for row in list(rows)[:_FIRST_ROWS])

    def _repeats_value(self, place: int) -> bool:
        """Return whether all rows have, in the column at `place`, what the question gives some parameter."""
        rows = self.found.rows if self.found else ()
        terms = {row[place] for row in rows}
        return len(terms) == 1 and any(term and term.value in self.values.values() for term in terms)

    def as_json(self) -> dict[str, object]:
        """Return the member `answer` of the search as JSON."""
        return {
            "query": self.query.name,
            "parameters": dict(self.values),
            "title": dict(self.query.title),
            "url": self.url,
            "rows": self.total,
            "release": app_state().release_id or None,
        }


@dataclass(frozen=True)
class QuestionBox:
    """The result of a question in words: its answer, or a choice of what it may mean, or neither."""

    answer: QuestionAnswer | None = None
    ambiguous_name: str = ""
    meanings: tuple[tuple[Ref, str], ...] = ()  # each with the question that means it


def read_question(words: str) -> QuestionBox | None:
    """Return the result of the question `words`, or None if it does not look like a question."""
    finder = app_state().question_finder
    match finder.find(words):
        case AskedQuery(query, parameters):
            return QuestionBox(answer_with(app_state().stored_queries[query], parameters))
        case AmbiguousName(name, candidates):
            return _choice(words, name, app_state().entities.refs(candidates))
    return QuestionBox() if finder.looks_like_question(words) else None


def answer_with(query: StoredQuery, parameters: Mapping[str, str]) -> QuestionAnswer:
    """Return the answer to `query`; if it fails, one without rows, in a response that is not kept."""
    try:
        return QuestionAnswer(query, parameters, read_rows(query, parameters))
    except UtsagaError:
        after_this_request(_do_not_store)
        return QuestionAnswer(query, parameters, None)


def _title_key(column: str) -> str:
    """Return the key of the title of a column; one of labels shares it with what they name."""
    return "column.text" if column in _TEXT_COLUMNS.values() else f"column.{column.removesuffix('Label')}"


def _do_not_store(response: Response) -> Response:
    response.cache_control.no_store = True
    return response


def _choice(words: str, name: str, refs: tuple[Ref, ...]) -> QuestionBox:
    """Return the choice of what the ambiguous `name` in the question `words` may mean."""
    start, end = _place_of(name, words)
    questions = (f"{words[:start]}{plain_text(ref)}{words[end:]}" for ref in refs)
    return QuestionBox(None, words[start:end] or name, tuple(zip(refs, questions, strict=True)))


def _place_of(name: str, words: str) -> tuple[int, int]:
    """Return where the words of `name` stand in `words`, whatever their case; its end if they do not."""
    sought = [each.casefold() for each in _WORD.findall(name)]
    found = [(each[0].casefold(), each.start(), each.end()) for each in _WORD.finditer(words)]
    for at in range(len(found) - len(sought) + 1):
        some = found[at : at + len(sought)]
        if some and [word for word, _, _ in some] == sought:
            return some[0][1], some[-1][2]
    return len(words), len(words)


def _value(value: str) -> Term | Ref:
    """Return the value of a parameter as it is shown: an entity, a code or a class by its name."""
    return app_state().entities.ref(value) if "://" in value else text(value)
