"""Every entity of a kind in one of several orders, narrowed by the values of its columns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from graph.core.collation import swedish_key
from graph.core.entity_types import ENTITY_KINDS, OLDEST_FIRST, ListColumn
from graph.core.errors import BadInput
from graph.core.iris import last_segment
from graph.core.namespaces import TYPE
from graph.core.partial_dates import PartialDate
from graph.core.terms import Term, iri, text
from graph.index.protocol import EntityList, EntitySet, FacetCount
from graph.read.as_of import View
from graph.read.entities import Entities, Node, Ref

Value = Term | Ref
MOST_CHOICES: Final = 40  # of a facet, those that most have


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

    @property
    def value(self) -> Value:
        """What the choice made stands for."""
        return next((each.value for each in self.choices if each.key == self.chosen), text(self.chosen))

    def first(self, most: int) -> "Facet":
        """Return the same with its first `most` choices and the one made."""
        kept = (each for at, each in enumerate(self.choices) if at < most or each.key == self.chosen)
        return Facet(self.name, self.chosen, tuple(kept))


@dataclass(frozen=True)
class Listing:
    """What is left of a list after its facets, in order; an entry is read when it is looked at."""

    kind: str
    columns: tuple[ListColumn, ...]
    entries: Sequence[Entry]
    facets: tuple[Facet, ...]
    members: EntitySet
    sort: str
    language_columns: frozenset[str]  # the columns that have text in a language
    when: PartialDate | None = None  # the time that it tells of, or what is known of any

    @property
    def dated(self) -> bool:
        """Whether it comes newest first."""
        return bool(ENTITY_KINDS[self.kind].dates)


class Lists:
    """The lists of one immutable release."""

    def __init__(self, entities: Entities) -> None:
        """Read through `entities`."""
        self._entities = entities
        self._index = entities.index

    def listing(self, kind: str, chosen: Mapping[str, str], when: PartialDate | None = None) -> Listing:
        """Return the entities of `kind` that have the value chosen for each column that `chosen` names.

        They come in the order that “sort” names there; raise BadInput for one that there is not. Of a time
        `when`, they are those that held then, with the statements made by then counted.
        """
        columns, view = ENTITY_KINDS[kind], View(self._index, when)
        members, facets = self.narrow(kind, view.of_kind(kind), columns.facets, chosen, when)
        sort = order(kind, chosen.get("sort", ""), at_a_time=when is not None)
        entries = EntityList(members, partial(self._entry, kind, view), sort)
        return Listing(
            kind,
            columns.visible_columns,
            entries,
            facets,
            members,
            sort,
            self._index.language_columns(kind),
            when,
        )

    def narrow(
        self,
        kind: str,
        members: EntitySet,
        names: Sequence[str],
        chosen: Mapping[str, str],
        when: PartialDate | None = None,
    ) -> tuple[EntitySet, tuple[Facet, ...]]:
        """Return those of `members` that have the values chosen for the columns `names`, and their facets.

        The values of each facet, those had at the time `when` if one is given, are counted among those that
        the other choices leave.
        """
        view = View(self._index, when)
        wanted = {name: view.with_value(kind, name, chosen[name]) for name in names if chosen.get(name)}
        free = [name for name in names if name not in wanted]
        left = _meet(members, wanted.values())
        counted = dict(view.facet_counts(kind, free, left, MOST_CHOICES))
        for name in wanted:
            others = (choice for other, choice in wanted.items() if other != name)
            counted |= view.facet_counts(kind, [name], _meet(members, others))
        return left, tuple(self._facet(kind, name, chosen.get(name, ""), counted[name]) for name in names)

    def entries(self, kind: str) -> Sequence[Entry]:
        """Return all entities of `kind` in their own order; an entry is read when it is looked at."""
        return EntityList(self._index.of_kind(kind), partial(self._entry, kind, View(self._index)))

    def _facet(self, kind: str, name: str, chosen: str, counts: Sequence[FacetCount]) -> Facet:
        shown = [each for at, each in enumerate(counts) if at < MOST_CHOICES or each.key == chosen]
        found = [Choice(each.key, self._value(each.value), each.count) for each in shown]
        if ENTITY_KINDS[kind].column(name).year:
            found.sort(key=lambda choice: choice.key, reverse=True)
        return Facet(name, chosen, tuple(found))

    def _entry(self, kind: str, view: View, name: str) -> Entry:
        node = self._entities.node(iri(name))
        columns = ENTITY_KINDS[kind].visible_columns
        tallies = {column.name: column.counted_property for column in columns if column.counted_property}
        counts = self._entities.link_counts(name) if view.when is None else {}
        return Entry(
            self._entities.ref(name),
            {column.name: self._values(node, column) for column in columns if not column.counted_property},
            {
                column: view.tally(name, tally) if view.when else counts.get(tally, 0)
                for column, tally in tallies.items()
            },
        )

    def _values(self, node: Node, column: ListColumn) -> tuple[Value, ...]:
        if column.paths == ((TYPE,),):
            return self._entities.refs(self._entities.types(node))
        ends = (end for path in column.paths for end in self._follow(node, path))
        return tuple(dict.fromkeys(map(self._value, ends)))

    def _value(self, end: Term) -> Value:
        return end if end.kind == "literal" else self._entities.ref(end.value)

    def _follow(self, node: Node, path: tuple[str, ...]) -> tuple[Term, ...]:
        first, *rest = path
        ends = node.terms(first)
        for step in rest:
            ends = tuple(end for each in ends for end in self._entities.node(each).terms(step))
        return ends


def order(kind: str, sort: str, *, at_a_time: bool = False) -> str:
    """Return the order `sort` in the words of graph.index.protocol; raise BadInput if the list has none such.

    “newest” is another word for the own order of what has dates. A list of what held `at_a_time` cannot be
    sorted by a count: the tables have the order of the counts of now alone.
    """
    columns = ENTITY_KINDS[kind]
    if columns.dates and sort in {"newest", OLDEST_FIRST}:
        return OLDEST_FIRST if sort == OLDEST_FIRST else ""
    sorts = [each for each in columns.sort_orders if not (at_a_time and each in columns.count_columns)]
    if sort and sort.removeprefix("-") not in sorts:
        dated = ("newest", OLDEST_FIRST) if columns.dates else ()
        raise BadInput(
            f"There is no order “{sort[:40]}”",
            where="sort",
            rule="sort",
            remedy=f"use one of {', '.join((*dated, *sorts))}, or put “-” before a column to turn it",
        )
    return sort


def key(value: Value) -> str:
    """Return what stands for `value` in a URL: the last part of an IRI, or the literal itself."""
    return last_segment(value.iri) if isinstance(value, Ref) else value.value


def sort_name(labels: tuple[Term, ...]) -> str:
    """Return what sorts a name as Swedish does: the Swedish one, or else whichever there is."""
    by_language = {label.language: label.value for label in labels}
    return swedish_key(by_language.get("sv") or next(iter(by_language.values()), ""))


def _meet(members: EntitySet, others: Iterable[EntitySet]) -> EntitySet:
    for other in others:
        members = members & other
    return members
