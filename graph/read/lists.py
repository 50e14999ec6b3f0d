"""Lists of the entities of a kind, sorted by a column and filtered by facets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from graph.core.collation import MAIN_LANGUAGE, name_key
from graph.core.entity_types import OLDEST_FIRST, EntityKind, ListColumn
from graph.core.errors import BadInput
from graph.core.namespaces import TYPE
from graph.core.partial_dates import PartialDate
from graph.core.terms import Term, iri, text
from graph.index.protocol import EntityList, EntitySet, FacetCount
from graph.read.as_of import AsOfIndex
from graph.read.entities import Entities, Node, Ref

ListValue = Term | Ref
MAX_CHOICES: Final = 40  # of a facet, the most frequent


@dataclass(frozen=True)
class ListEntry:
    """A row of a list: the entity, its values by column, and its counts by column."""

    ref: Ref
    values: Mapping[str, tuple[ListValue, ...]]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class FacetChoice:
    """A value of a facet: its key in a URL, the value itself, and how many entities have it."""

    key: str
    value: ListValue
    count: int


@dataclass(frozen=True)
class Facet:
    """A column that a list can be filtered by, the key of the choice made or "", and the choices left."""

    name: str
    chosen: str
    choices: tuple[FacetChoice, ...]

    @property
    def value(self) -> ListValue:
        """The value of the choice made."""
        return next((each.value for each in self.choices if each.key == self.chosen), text(self.chosen))

    def truncate(self, most: int) -> "Facet":
        """Return the facet with its first `most` choices and the one made."""
        choices = (each for at, each in enumerate(self.choices) if at < most or each.key == self.chosen)
        return Facet(self.name, self.chosen, tuple(choices))


@dataclass(frozen=True)
class EntityListing:
    """A sorted and filtered list, whose entries are read on access, with its facets."""

    kind: str
    columns: tuple[ListColumn, ...]
    entries: Sequence[ListEntry]
    facets: tuple[Facet, ...]
    members: EntitySet
    sort: str
    when: PartialDate | None = None  # the time it is restricted to
    is_dated: bool = False  # whether its own order is by date, the newest first


class ListReader:
    """The lists of one immutable release."""

    def __init__(self, entities: Entities) -> None:
        """Read through `entities`."""
        self._entities = entities
        self._index = entities.index

    def read_list(
        self, kind: str, chosen: Mapping[str, str], when: PartialDate | None = None
    ) -> EntityListing:
        """Return the entities of `kind` with the value chosen for each column named in `chosen`.

        The order is the value of `sort` in `chosen`; raise BadInput if there is no such order. With `when`,
        only entities valid then are listed, and only statements made by then are counted.
        """
        columns, view = self._index.kinds[kind], AsOfIndex(self._index, when)
        members, facets = self.filter_by_facets(kind, view.of_kind(kind), columns.facets, chosen, when)
        sort = parse_order(columns, chosen.get("sort", ""), at_a_time=when is not None)
        entries = EntityList(members, partial(self._entry, kind, view), sort)
        return EntityListing(
            kind,
            columns.visible_columns,
            entries,
            facets,
            members,
            sort,
            when,
            is_dated=bool(columns.dates),
        )

    def filter_by_facets(
        self,
        kind: str,
        members: EntitySet,
        names: Sequence[str],
        chosen: Mapping[str, str],
        when: PartialDate | None = None,
    ) -> tuple[EntitySet, tuple[Facet, ...]]:
        """Return the `members` with the values chosen for the columns `names`, and the facets of the columns.

        The values of a facet, as of `when` if given, are counted among the members left by the other choices.
        """
        view = AsOfIndex(self._index, when)
        filters = {name: view.with_value(kind, name, chosen[name]) for name in names if chosen.get(name)}
        unfiltered = [name for name in names if name not in filters]
        filtered = _intersect(members, filters.values())
        counts = dict(view.facet_counts(kind, unfiltered, filtered, MAX_CHOICES))
        for name in filters:
            others = (having for other, having in filters.items() if other != name)
            counts |= view.facet_counts(kind, [name], _intersect(members, others))
        return filtered, tuple(self._facet(kind, name, chosen.get(name, ""), counts[name]) for name in names)

    def read_all(self, kind: str) -> Sequence[ListEntry]:
        """Return all entities of `kind` in their own order, read on access."""
        return EntityList(self._index.of_kind(kind), partial(self._entry, kind, AsOfIndex(self._index)))

    def _facet(self, kind: str, name: str, chosen: str, counts: Sequence[FacetCount]) -> Facet:
        shown = [each for at, each in enumerate(counts) if at < MAX_CHOICES or each.key == chosen]
        choices = [FacetChoice(each.key, self._value(each.value), each.count) for each in shown]
        if self._index.kinds[kind].column(name).year:
            choices.sort(key=lambda choice: choice.key, reverse=True)
        return Facet(name, chosen, tuple(choices))

    def _entry(self, kind: str, view: AsOfIndex, name: str) -> ListEntry:
        node = self._entities.node(iri(name))
        columns = self._index.kinds[kind].visible_columns
        tallies = {column.name: column.counted_property for column in columns if column.counted_property}
        counts = self._entities.link_counts(name) if view.when is None else {}
        return ListEntry(
            self._entities.ref(name),
            {column.name: self._values(node, column) for column in columns if not column.counted_property},
            {
                column: view.count_statements(name, tally) if view.when else counts.get(tally, 0)
                for column, tally in tallies.items()
            },
        )

    def _values(self, node: Node, column: ListColumn) -> tuple[ListValue, ...]:
        if column.paths == ((TYPE,),):
            return self._entities.refs(self._entities.types(node))
        ends = (end for path in column.paths for end in self._follow(node, path))
        return tuple(dict.fromkeys(map(self._value, ends)))

    def _value(self, end: Term) -> ListValue:
        return end if end.kind == "literal" else self._entities.ref(end.value)

    def _follow(self, node: Node, path: tuple[str, ...]) -> tuple[Term, ...]:
        first, *rest = path
        ends = node.terms(first)
        for step in rest:
            ends = tuple(end for each in ends for end in self._entities.node(each).terms(step))
        return ends


def parse_order(columns: EntityKind, sort: str, *, at_a_time: bool = False) -> str:
    """Return the order `sort` as `graph.index.protocol` names it; raise BadInput if `columns` have none such.

    “newest” is the own order of kinds with dates. A list `at_a_time` cannot be sorted by a count, because the
    index has the order of the current counts only.
    """
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


def name_sort_key(labels: tuple[Term, ...]) -> str:
    """Return the sort key of the label in the site's first language, or of the first one if there is none."""
    by_language = {label.language: label.value for label in labels}
    return name_key(by_language.get(MAIN_LANGUAGE) or next(iter(by_language.values()), ""))


def _intersect(members: EntitySet, others: Iterable[EntitySet]) -> EntitySet:
    for other in others:
        members = members & other
    return members
