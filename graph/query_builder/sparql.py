"""Writes the SPARQL query of a state of the query builder."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from graph.core.collation import MAIN_LANGUAGE
from graph.core.namespaces import RDFS, SKOS
from graph.core.site import SITE
from graph.core.terms import text
from graph.query_builder.filters import value_filter
from graph.query_builder.model import BuilderModel, ClassChoice
from graph.query_builder.sparql_text import Vocabulary, label_variable
from graph.query_builder.state import MULTIPLE, BuilderState, Row, Sort

MAX_ROWS: Final = 10_000
"""The number of rows that a built query is limited to."""
COUNT: Final = "?count"
_INDENT: Final = "  "
Lines = list[str]


@dataclass(frozen=True)
class Column:
    """A column of the result, with the row that it comes from; None for the things themselves."""

    variable: str
    row: Row | None
    has_label: bool
    sort: Sort

    @property
    def variables(self) -> tuple[str, ...]:
        """The variable, and that of its label."""
        return (self.variable, label_variable(self.variable)) if self.has_label else (self.variable,)


@dataclass(frozen=True)
class BuiltQuery:
    """The text of a query and its columns, without that of the count."""

    text: str
    columns: tuple[Column, ...]


def write_query(state: BuilderState, model: BuilderModel, language: str) -> BuiltQuery:
    """Return the query for `state`, with labels and texts in `language` or else the first one of the site.

    Raise ValueError for a state without a class."""
    if state.class_ is None:
        raise ValueError("a query needs a class")
    return _Writer(model, language).write(state, state.class_)


class _Writer:
    """A query that is being written."""

    def __init__(self, model: BuilderModel, language: str) -> None:
        self._model = model
        self._language = language if language in SITE.languages else MAIN_LANGUAGE
        self._vocabulary = Vocabulary()
        self._columns: list[Column] = []
        self._has_columns = True  # of the pattern that is being written

    def write(self, state: BuilderState, class_: ClassChoice) -> BuiltQuery:
        subject = self._vocabulary.variable(class_.ref.iri)
        pattern = [f"{subject} a {self._vocabulary.name(class_.ref.iri)} ."]
        if state.show and not state.count:
            pattern += self._column(subject, None, (class_.label_property,), state.sort)
        pattern += self._rows(subject, state.rows)
        body = "".join(f"{_INDENT}{line}\n" for line in pattern)
        head, tail = self._head(state, subject), "".join(f"{line}\n" for line in self._tail(state, subject))
        return BuiltQuery(
            f"{self._vocabulary.prologue()}\n{head} WHERE {{\n{body}}}\n{tail}", tuple(self._columns)
        )

    def _head(self, state: BuilderState, subject: str) -> str:
        variables = " ".join(self._variables())
        if state.count:
            return f"SELECT {variables} (COUNT(DISTINCT {subject}) AS {COUNT})".replace("  ", " ")
        return f"SELECT DISTINCT {variables}"

    def _tail(self, state: BuilderState, subject: str) -> Iterator[str]:
        variables = self._variables()
        if state.count and variables:
            yield f"GROUP BY {' '.join(variables)}"
        if order := [*self._order(state), *(() if state.count or not state.show else (subject,))]:
            yield f"ORDER BY {' '.join(dict.fromkeys(order))}"
        yield f"LIMIT {MAX_ROWS}"

    def _order(self, state: BuilderState) -> Iterator[str]:
        """Yield what the result is ordered by: the columns chosen, then the count, then all columns."""
        for column in self._columns:
            if column.sort:
                by = column.variables[-1]
                yield f"DESC({by})" if column.sort == "desc" else by
        if state.count and self._columns:
            yield f"DESC({COUNT})"
        yield from (column.variables[-1] for column in self._columns if not column.sort)

    def _variables(self) -> list[str]:
        return [name for column in self._columns for name in column.variables]

    def _rows(self, subject: str, rows: Sequence[Row]) -> Lines:
        return [line for row in rows for line in self._row(subject, row)]

    def _row(self, subject: str, row: Row) -> Lines:
        """Return the pattern of `row` for the things that `subject` is bound to."""
        match row.match:
            case "none":
                return _block("FILTER NOT EXISTS", self._hidden(subject, row))
            case "not" if row.values:
                absent = _block("FILTER NOT EXISTS", self._hidden(subject, row))
                return absent + (_block("OPTIONAL", self._shown(subject, row)) if row.show else [])
            case "optional":
                return _block("OPTIONAL", self._shown(subject, row))
        return self._with_values(subject, row)

    def _hidden(self, subject: str, row: Row) -> Lines:
        """Return the pattern of a row and of those in it, none of which is a column."""
        before, self._has_columns = self._has_columns, False
        lines = self._with_values(subject, row)
        self._has_columns = before
        return lines

    def _shown(self, subject: str, row: Row) -> Lines:
        """Return the pattern of a row whatever its value is."""
        variable = self._vocabulary.variable(_source(row))
        return [self._triple(subject, row, variable), *self._rest(subject, variable, row)]

    def _with_values(self, subject: str, row: Row) -> Lines:
        """Return the pattern of a row whose value is one of those given, or any if none is."""
        terms = [value.term for value in row.values if value.term]
        is_listed = row.choice.kind in MULTIPLE
        if is_listed and len(terms) == 1 and not row.rows and not self._is_column(row):
            return [self._triple(subject, row, self._vocabulary.value(terms[0]))]
        variable = self._vocabulary.variable(_source(row))
        lines = [self._triple(subject, row, variable)]
        if is_listed and terms:
            written = " ".join(map(self._vocabulary.value, terms))
            lines.append(f"VALUES {variable} {{ {written} }}")
        elif terms:
            lines.append(value_filter(variable, row.match, row.choice.kind, terms[0], self._vocabulary))
        return lines + self._rest(subject, variable, row)

    def _rest(self, subject: str, variable: str, row: Row) -> Lines:
        """Return what belongs to the value of a row: its language, its label, and the rows in it."""
        lines: Lines = []
        if row.choice.has_languages:
            lines.append(self._in_language(variable, subject, row.choice.ref.iri))
        if self._is_column(row):
            labels = self._label_properties(row) if row.choice.has_labels else ()
            lines += self._column(variable, row, labels, row.sort)
        return lines + self._rows(variable, row.rows)

    def _is_column(self, row: Row) -> bool:
        return row.is_column and self._has_columns

    def _label_properties(self, row: Row) -> tuple[str, ...]:
        if row.choice.kind == "code":
            return (SKOS + "prefLabel",)
        return self._model.label_properties(row.classes) or (RDFS + "label",)

    def _column(self, variable: str, row: Row | None, labels: tuple[str, ...], sort: Sort) -> Lines:
        self._columns.append(Column(variable, row, bool(labels), sort))
        return self._label(variable, labels) if labels else []

    def _label(self, variable: str, properties: tuple[str, ...]) -> Lines:
        """Return the pattern of the label of `variable` in the reader's language, if there is one."""
        label = label_variable(variable)
        path = "|".join(map(self._vocabulary.name, properties))
        return _block(
            "OPTIONAL", [f"{variable} {path} {label} .", self._in_language(label, variable, *properties)]
        )

    def _in_language(self, variable: str, subject: str, *properties: str) -> str:
        """Return the filter for texts in the reader's language, or else in the one that all have."""
        wanted = f"LANG({variable}) = {self._vocabulary.value(text(self._language))}"
        if self._model.has_untagged:
            wanted = f'{wanted} || LANG({variable}) = ""'
        elif self._language == MAIN_LANGUAGE or self._model.in_both_languages.issuperset(properties):
            return f"FILTER({wanted})"
        path = "|".join(map(self._vocabulary.name, properties))
        other = f"{variable}{self._language.capitalize()}"
        preferred = wanted.replace(variable, other)
        return f"FILTER({wanted} || NOT EXISTS {{ {subject} {path} {other} . FILTER({preferred}) }})"

    def _triple(self, subject: str, row: Row, value: str) -> str:
        property_ = self._vocabulary.name(row.choice.ref.iri)
        return (
            f"{value} {property_} {subject} ."
            if row.choice.is_inverse
            else f"{subject} {property_} {value} ."
        )


def _block(keyword: str, lines: Lines) -> Lines:
    return [f"{keyword} {{", *(f"{_INDENT}{line}" for line in lines), "}"]


def _source(row: Row) -> str:
    return row.choice.owner.iri if row.choice.is_inverse else row.choice.ref.iri
