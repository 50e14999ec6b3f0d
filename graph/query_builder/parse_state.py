"""Parses an address of the query builder, and the form that leads to the next one."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, cast

from graph.query_builder.model import BuilderModel, PropertyChoice
from graph.query_builder.state import (
    MATCHES,
    MAX_DEPTH,
    MAX_ROWS,
    MAX_VALUE_LENGTH,
    MAX_VALUES,
    MULTIPLE,
    VALUELESS,
    BuilderState,
    Match,
    Path,
    Problem,
    Row,
    Sort,
    Value,
)
from graph.query_builder.values import ValueReader

ARGUMENT: Final = re.compile(r"(?:((?:[0-9]{1,2}\.){1,8}))?(property|value|known|match|show|sort|add)")
"""The names of the arguments that are about a row, or about the things themselves."""
OTHER_ARGUMENTS: Final = ("class", "count", "remove")
_SORTS: Final = ("", "asc", "desc")


@dataclass
class _Fields:
    """The arguments at one path, and those at the paths below it by their index."""

    values: dict[str, list[str]] = field(default_factory=dict)
    below: dict[int, "_Fields"] = field(default_factory=dict)

    def first(self, name: str) -> str:
        return self.values.get(name, [""])[0].strip()


def parse_state(
    arguments: Sequence[tuple[str, str]], model: BuilderModel, reader: ValueReader
) -> BuilderState:
    """Return the state that the `arguments` of an address or of the form say, its values read by `reader`.

    What cannot be used is left out, and is among its problems.
    """
    return _Parser(model, reader).parse(arguments)


class _Parser:
    """A parser of one address, with the problems found so far."""

    def __init__(self, model: BuilderModel, reader: ValueReader) -> None:
        self._model, self._reader = model, reader
        self._problems: list[Problem] = []
        self._rows = 0
        self._added: Path | None = None

    def parse(self, arguments: Sequence[tuple[str, str]]) -> BuilderState:
        given = dict(reversed(arguments))
        class_ = self._model.by_name.get(given.get("class", ""))
        if class_ is None:
            unknown = given.get("class", "")[:MAX_VALUE_LENGTH]
            return BuilderState(problems=(Problem("class", unknown),) if unknown else ())
        fields = _tree(arguments)
        rows = self._parse_rows(fields, class_.properties, ())
        show = bool(fields.first("show"))
        has_column = show or any(row.is_column for row in _flat(rows))
        state = BuilderState(class_, rows, show or not has_column, _sort(fields), given.get("count") == "1")
        return self._without(state, given.get("remove", ""))

    def _without(self, state: BuilderState, remove: str) -> BuilderState:
        """Return `state` without the row whose path is `remove`, and without the problems of that row."""
        path = tuple(int(each) for each in remove.split(".") if each.isdecimal())
        if path and state.row(path):
            state = state.with_row(path, None)
            self._problems = [each for each in self._problems if (each.path or ())[: len(path)] != path]
        return replace(state, problems=tuple(self._problems), added=self._added)

    def _parse_rows(
        self, fields: _Fields, choices: Mapping[str, PropertyChoice], above: Path
    ) -> tuple[Row, ...]:
        rows: list[Row] = []
        for index in sorted(fields.below):
            row = self._parse_row(fields.below[index], choices, (*above, len(rows)))
            rows += [row] if row else []
        if added := fields.first("add"):
            row = self._parse_row(_Fields({"property": [added], "show": ["1"]}), choices, (*above, len(rows)))
            if row:
                self._added = (*above, len(rows))
                rows.append(row)
        return tuple(rows)

    def _parse_row(self, fields: _Fields, choices: Mapping[str, PropertyChoice], path: Path) -> Row | None:
        name = fields.first("property")
        property_ = choices.get(name)
        if property_ is None:
            self._problems.append(Problem("property", name[:MAX_VALUE_LENGTH]))
            return None
        self._rows += 1
        if self._rows > MAX_ROWS or len(path) > MAX_DEPTH:
            key, limit = ("depth", MAX_DEPTH) if len(path) > MAX_DEPTH else ("rows", MAX_ROWS)
            self._problems.append(Problem(key, str(limit)))
            return None
        match = self._match(fields, property_, path)
        row = Row(
            choice=property_,
            match=match,
            values=() if match in VALUELESS else self._values(fields, property_, path),
            show=bool(fields.first("show")),
            sort=_sort(fields),
        )
        return replace(row, rows=self._parse_rows(fields, self._model.properties(row.classes), path))

    def _match(self, fields: _Fields, property_: PropertyChoice, path: Path) -> Match:
        allowed = MATCHES[property_.kind]
        match = fields.first("match") or allowed[0]
        if match not in allowed:
            self._problems.append(Problem("match", match[:MAX_VALUE_LENGTH], path))
            return allowed[0]
        return match

    def _values(self, fields: _Fields, property_: PropertyChoice, path: Path) -> tuple[Value, ...]:
        known = _known(fields)
        texts = [text.strip()[:MAX_VALUE_LENGTH] for text in fields.values.get("value", ()) if text.strip()]
        given = list(dict.fromkeys(texts))[: MAX_VALUES if property_.kind in MULTIPLE else 1]
        values = [self._reader.read(property_, known.get(text, text)) for text in given]
        for value in values:
            if value.term is None:
                key = "ambiguous" if value.candidates else property_.kind
                self._problems.append(Problem(key, value.text, path))
        return tuple(values)


def _tree(arguments: Sequence[tuple[str, str]]) -> _Fields:
    """Return the arguments that are about rows, by path."""
    root = _Fields()
    for name, value in arguments:
        if found := ARGUMENT.fullmatch(name):
            place = root
            for index in (found[1] or "").split(".")[:-1]:
                place = place.below.setdefault(int(index), _Fields())
            place.values.setdefault(found[2], []).append(value)
    return root


def _known(fields: _Fields) -> dict[str, str]:
    """Return the keys of the values whose names the form showed, by name: names need not be unique."""
    pairs = (each.partition(" ") for each in fields.values.get("known", ()))
    return {name: key for key, _, name in pairs}


def _flat(rows: Sequence[Row]) -> list[Row]:
    return [each for row in rows for each in (row, *_flat(row.rows))]


def _sort(fields: _Fields) -> Sort:
    value = fields.first("sort")
    return cast(Sort, value) if value in _SORTS else ""
