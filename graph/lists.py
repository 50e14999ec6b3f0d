"""Every entity of a kind, with the columns and facets that a list of them shows."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from graph.columns import KINDS, Column
from graph.describe import TYPE, Entities, Node, Ref
from graph.iris import split
from graph.statements import newest_first, statement
from graph.terms import Term, iri

Value = Term | Ref


@dataclass(frozen=True)
class Entry:
    """One row: the entity and its values by column."""

    ref: Ref
    values: Mapping[str, tuple[Value, ...]]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Choice:
    """One value of a facet: what stands for it in a URL, the value itself, how many entities have it."""

    key: str
    value: Value
    count: int


@dataclass(frozen=True)
class Facet:
    """A column that a list can be narrowed by, the choice made if any, and the choices left."""

    name: str
    chosen: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class Listing:
    """What is left of a list after its facets, in order."""

    kind: str
    columns: tuple[Column, ...]
    entries: tuple[Entry, ...]
    facets: tuple[Facet, ...]


class Lists:
    """The lists of one immutable release; each is read once."""

    def __init__(self, entities: Entities) -> None:
        """Read through `entities`."""
        self._entities = entities
        self.entries = lru_cache(len(KINDS))(self._entries)

    def listing(self, kind: str, chosen: Mapping[str, str]) -> Listing:
        """Return the entities of `kind` that have the value chosen for each column that `chosen` names."""
        columns = KINDS[kind].columns
        entries = self.entries(kind)
        facets = [column.name for column in columns if column.facet]
        wanted = {name: chosen[name] for name in facets if chosen.get(name)}
        return Listing(
            kind,
            columns,
            tuple(_narrow(entries, wanted)),
            tuple(self._facet(name, entries, wanted) for name in facets),
        )

    def _facet(self, name: str, entries: Iterable[Entry], wanted: Mapping[str, str]) -> Facet:
        """Count the values of the column `name` among the entries that the other choices leave."""
        others = {other: choice for other, choice in wanted.items() if other != name}
        values = Counter(value for entry in _narrow(entries, others) for value in set(entry.values[name]))
        choices = [Choice(key(value), value, count) for value, count in values.items()]
        choices.sort(key=lambda choice: (-choice.count, choice.key))
        return Facet(name, wanted.get(name, ""), tuple(choices))

    def _entries(self, kind: str) -> tuple[Entry, ...]:
        names = {name for class_ in KINDS[kind].classes for name in self._entities.members(class_)}
        mine = [name for name in names if (split(name) or ("",))[0] == kind]
        if kind == "statement":
            mine = [each.iri for each in newest_first(statement(self._entities, name) for name in mine)]
            return tuple(self._entry(kind, name) for name in mine)
        return tuple(sorted((self._entry(kind, name) for name in mine), key=_rank))

    def _entry(self, kind: str, name: str) -> Entry:
        node = self._entities.node(iri(name))
        columns = KINDS[kind].columns
        return Entry(
            self._entities.ref(name),
            {column.name: self._values(node, column) for column in columns if not column.tally},
            {
                column.name: self._entities.tally(column.tally).get(name, 0)
                for column in columns
                if column.tally
            },
        )

    def _values(self, node: Node, column: Column) -> tuple[Value, ...]:
        if column.paths == ((TYPE,),):
            return self._entities.refs(self._entities.types(node))
        ends = [end for path in column.paths for end in self._follow(node, path)]
        values = (end if end.kind == "literal" else self._entities.ref(end.value) for end in ends)
        return tuple(dict.fromkeys(values))

    def _follow(self, node: Node, path: tuple[str, ...]) -> tuple[Term, ...]:
        first, *rest = path
        ends = node.terms(first)
        for step in rest:
            ends = tuple(end for each in ends for end in self._entities.node(each).terms(step))
        return ends


def key(value: Value) -> str:
    """Return what stands for `value` in a URL: the last part of an IRI, or the literal itself."""
    return re.split(r"[/#]", value.iri.rstrip("/#"))[-1] if isinstance(value, Ref) else value.value


def sort_name(labels: tuple[Term, ...]) -> str:
    """Return what sorts a name as Swedish does: without regard to case, and å, ä and ö after z."""
    by_language = {label.language: label.value for label in labels}
    name = by_language.get("sv") or next(iter(by_language.values()), "")
    return name.casefold().translate(str.maketrans("åäö", "{|}"))


def _narrow(entries: Iterable[Entry], wanted: Mapping[str, str]) -> list[Entry]:
    return [
        entry
        for entry in entries
        if all(choice in map(key, entry.values[name]) for name, choice in wanted.items())
    ]


def _rank(entry: Entry) -> tuple[bool, str, list[str | int]]:
    """What sorts a list: first the entities that something is said about, then by name, then by number."""
    natural = [int(part) if part.isdecimal() else part for part in re.split("([0-9]+)", entry.ref.iri)]
    return not any(entry.counts.values()), sort_name(entry.ref.labels), natural
