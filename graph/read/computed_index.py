"""An entity index computed by queries, for stores without an index on disk such as SPARQL endpoints."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Final, Self

from graph.core.collation import MAIN_LANGUAGE, name_key, natural_key
from graph.core.entity_types import NAME_COLUMN, OLDEST_FIRST, ListColumn, Validity
from graph.core.iris import last_segment
from graph.core.kind_table import SITE_TABLE, KindTable
from graph.core.namespaces import OA, TYPE, UTS
from graph.core.partial_dates import PartialDate, ValidInterval, VisiblePeriod, visible_periods
from graph.core.property_paths import INVERSE, PropertyPath
from graph.core.terms import Term, iri
from graph.index.derived_kinds import derive_kinds
from graph.index.protocol import FacetCount

if TYPE_CHECKING:
    from graph.read.entities import Entities  # imports this module

_CACHE_SIZE: Final = 50_000
_CACHED_KINDS: Final = 50
_MAX_ROWS: Final = 20_000
_ADOPTIONS: Final = f"""
PREFIX uts: <{UTS}>
SELECT ?class ?product ?organisation ?status ?asOf WHERE {{
  ?adoption uts:product ?product ; uts:adopter ?organisation ; uts:status ?status .
  ?organisation a ?class .
  OPTIONAL {{ ?adoption uts:asOf ?asOf }}
}} LIMIT {_MAX_ROWS}"""
_SPEAKERS: Final = f"""
PREFIX uts: <{UTS}>
SELECT DISTINCT ?class ?product ?organisation WHERE {{
  ?statement uts:about ?product ; uts:onBehalfOf ?organisation .
  ?organisation a ?class .
}} LIMIT {_MAX_ROWS}"""
_START_PATHS: Final = ((UTS + "evidence", OA + "hasSelector", OA + "start"), (UTS + "evidence", OA + "start"))


@dataclass(frozen=True, eq=False)
class ComputedSet:
    """An ordered set of entities, given by their IRIs."""

    index: "ComputedIndex"
    names: tuple[str, ...]
    kind: str = ""

    def __len__(self) -> int:
        """Return the number of entities."""
        return len(self.names)

    def __and__(self, other: Self, /) -> "ComputedSet":
        """Return the entities that are in `other` too."""
        there = frozenset(other.names)
        return ComputedSet(
            self.index, tuple(name for name in self.names if name in there), self.kind or other.kind
        )

    def __or__(self, other: Self, /) -> "ComputedSet":
        """Return the entities of both sets."""
        return self.index.in_order((*self.names, *other.names), self.kind)

    def __sub__(self, other: Self, /) -> "ComputedSet":
        """Return the entities that are not in `other`."""
        there = frozenset(other.names)
        return ComputedSet(self.index, tuple(name for name in self.names if name not in there), self.kind)

    def page(self, first: int, count: int, sort: str = "") -> tuple[str, ...]:
        """Return `count` IRIs from position `first` on, in the order `sort` of their kind."""
        return tuple(self.index.sorted(self, sort)[first : first + count])


class ComputedIndex:
    """An implementation of `graph.index.protocol.EntityIndex` that reads every entity of a kind once."""

    def __init__(self, entities: "Entities") -> None:
        """Read through `entities`."""
        self._entities = entities
        self.of_kind = lru_cache(_CACHED_KINDS)(self._of_kind)
        self.values = lru_cache(_CACHE_SIZE)(self._values)
        self.periods = lru_cache(_CACHED_KINDS)(self._periods)

    @cached_property
    def kinds(self) -> KindTable:
        """The table of the site, or if it has none, the kinds of what the store says."""
        return SITE_TABLE or derive_kinds(self._entities.select)

    def kind_of(self, name: str) -> str:
        """Return the kind of the entity with the IRI `name`, or "" for none."""
        types = self._entities.node(iri(name)).iris(TYPE) if self.kinds.named_kind(name) is not None else ()
        return self.kinds.kind_of(name, types)

    def link_counts(self, name: str) -> Mapping[str, int]:
        """Return how many IRIs link to the IRI `name`, by property."""
        return self._entities.count_links(name)

    def linking_to(self, name: str, *properties: str, kind: str = "") -> ComputedSet:
        """Return the IRIs that link to `name` by one of `properties`, only those of `kind` if given."""
        subjects = {each for property_ in properties for each in self._entities.find_links(name, property_)}
        return self.in_order((each for each in subjects if not kind or self.kind_of(each) == kind), kind)

    def with_value(self, kind: str, facet: str, key: str) -> ComputedSet:
        """Return the entities of `kind` that have the value that `key` stands for in the column `facet`."""
        column = self.kinds[kind].column(facet)
        names = (name for name in self.of_kind(kind).names if key in map(_url_key, self.values(name, column)))
        return ComputedSet(self, tuple(names), kind)

    def facet_counts(
        self, kind: str, facets: Sequence[str], members: ComputedSet, most: int | None = None
    ) -> Mapping[str, Sequence[FacetCount]]:
        """Return by facet the `most` most frequent values that `members`, entities of `kind`, have."""
        counted: dict[str, Sequence[FacetCount]] = {}
        for facet in facets:
            column = self.kinds[kind].column(facet)
            counts = Counter(value for name in members.names for value in self.values(name, column))
            found = [FacetCount(_url_key(value), value, count) for value, count in counts.items()]
            counted[facet] = sorted(found, key=lambda each: (-each.count, each.key))[:most]
        return counted

    def count_values(self, kind: str, facet: str, members: ComputedSet) -> int:
        """Return how many different values `members`, entities of `kind`, have in the column `facet`."""
        return len(self.facet_counts(kind, (facet,), members)[facet])

    def status_counts(self, product: str, class_: str) -> Mapping[str, int]:
        """Return by status how many organisations of `class_` have it as their latest on `product`."""
        return _status_counts(self._entities.select, product, class_)

    def valid_at(self, kind: str, when: PartialDate) -> ComputedSet:
        """Return the entities of `kind`, which has a validity, that are visible at the time `when`."""
        names = self.of_kind(kind).names
        visible = {period.interval.member for period in self.periods(kind) if period.is_visible_at(when)}
        return ComputedSet(self, tuple(name for at, name in enumerate(names) if at in visible), kind)

    def partition(self, kind: str, facet: str, members: ComputedSet) -> Mapping[str, ComputedSet]:
        """Return by value, an IRI or a literal's text, the `members` that have it in the column `facet`."""
        found: dict[str, list[str]] = {}
        for name in members.names:
            for value in self.values(name, self.kinds[kind].column(facet)):
                found.setdefault(value.value, []).append(name)
        return {value: ComputedSet(self, tuple(names), kind) for value, names in found.items()}

    def filter_kind(self, names: Iterable[str], kind: str) -> ComputedSet:
        """Return the IRIs of `names` that are entities of `kind`."""
        wanted = frozenset(names)
        return ComputedSet(self, tuple(name for name in self.of_kind(kind).names if name in wanted), kind)

    def in_order(self, names: Iterable[str], kind: str) -> ComputedSet:
        """Return the IRIs `names`, each once, in the order of the index on disk."""
        by_rank = sorted(dict.fromkeys(names), key=self._rank_key)
        return ComputedSet(self, tuple(sorted(by_rank, key=self._date_key, reverse=True)), kind)

    def sorted(self, members: ComputedSet, sort: str) -> Sequence[str]:
        """Return the IRIs of `members` in the order `sort`, entities without a value last."""
        if sort in {"", OLDEST_FIRST}:
            return members.names[::-1] if sort else members.names
        by_name = sort.removeprefix("-") == NAME_COLUMN
        column = None if by_name else self.kinds[members.kind].column(sort.removeprefix("-"))
        keys = {name: self._column_key(name, column) for name in members.names}
        having = sorted((name for name in members.names if keys[name]), key=lambda name: keys[name])
        lacking = [name for name in members.names if not keys[name]]
        return [*(reversed(having) if sort.startswith("-") else having), *lacking]

    def _of_kind(self, kind: str) -> ComputedSet:
        classes = self.kinds[kind].classes if kind in self.kinds else ()
        names = (name for class_ in classes for name in self._entities.members(class_))
        return self.in_order((name for name in names if self.kind_of(name) == kind), kind)

    def _periods(self, kind: str) -> tuple[VisiblePeriod, ...]:
        """Return the periods in which entities of `kind` are visible; a member is a position in the list."""
        validity = self.kinds[kind].validity or Validity()
        groups: dict[object, list[ValidInterval]] = {}
        for at, name in enumerate(self.of_kind(kind).names):
            if interval := validity.interval(*(self._date(name, paths) for paths in validity.date_paths)):
                node = self._entities.node(iri(name))
                group = tuple(min(node.iris(each), default="") for each in validity.unique_by) or at
                replaces = validity.pending[1] not in node.iris(validity.pending[0])
                groups.setdefault(group, []).append(ValidInterval(*interval, at, replaces))
        return tuple(period for intervals in groups.values() for period in visible_periods(intervals))

    def _date(self, name: str, paths: tuple[PropertyPath, ...]) -> str | None:
        """Return the earliest date at the end of the first of `paths` that leads to one."""
        found = (min((end.value for end in self._follow(name, path)), default=None) for path in paths)
        return next(filter(None, found), None)

    def _values(self, name: str, column: ListColumn) -> tuple[Term, ...]:
        """Return the values that `column` has for the IRI `name`, each once."""
        if column.counted_property:
            return ()
        if column.paths == ((TYPE,),):
            return tuple(map(iri, self._entities.types(self._entities.node(iri(name)))))
        ends = [self._follow(name, path) for path in column.paths]
        if column.year:
            dates = [end.value for found in ends for end in found if end.value[:4].isdecimal()]
            return (Term(dates[0][:4], "literal"),) if dates else ()
        return tuple(dict.fromkeys(end for found in ends for end in found if end.kind != "blank"))

    def _follow(self, name: str, path: PropertyPath) -> tuple[Term, ...]:
        ends: tuple[Term, ...] = (iri(name),)
        for step in path:
            if step.startswith(INVERSE):
                found = (self._entities.find_links(end.value, step.removeprefix(INVERSE)) for end in ends)
                ends = tuple(iri(each) for names in found for each in names)
            else:
                ends = tuple(value for end in ends for value in self._entities.node(end).terms(step))
        return ends

    def _date_key(self, name: str) -> tuple[int, str]:
        """Return the key that sorts kinds in reverse order, and entities of a kind by date."""
        kind = self.kind_of(name)
        dates = (
            end.value for path in (self.kinds[kind].dates if kind else ()) for end in self._follow(name, path)
        )
        order = [*self.kinds, ""]
        return -order.index(kind), next(dates, "")

    def _rank_key(self, name: str) -> tuple[str, int, bool, str, str]:
        """Return the key that sorts entities of one kind and one date."""
        kind = self.kind_of(name)
        source, start = "", 0
        if kind == "statement":
            source = min((end.value for end in self._follow(name, (UTS + "saidIn",))), default="")
            starts = (int(end.value) for path in _START_PATHS for end in self._follow(name, path))
            start = min(starts, default=0)
        has_links = kind and any(
            self.link_counts(name).get(column.counted_property) for column in self.kinds[kind].columns
        )
        return source, start, not has_links, self._column_key(name, None), natural_key(name)

    def _column_key(self, name: str, column: ListColumn | None) -> str:
        """Return the sort key of the IRI `name` by `column`, or by its label if that is None."""
        if column is None:
            labels = sorted(
                self._entities.labels(name), key=lambda label: (label.language != MAIN_LANGUAGE, label)
            )
            return name_key(labels[0].value) if labels else ""
        if column.counted_property:
            count = self.link_counts(name).get(column.counted_property, 0)
            return natural_key(str(count)) if count else ""
        sorts = (
            name_key(value.value)
            if value.kind == "literal"
            else f"{self._column_key(value.value, None)} {value.value}"
            for value in self.values(name, column)
        )
        return natural_key(min(sorts, default=""))


def _url_key(value: Term) -> str:
    return value.value if value.kind == "literal" else last_segment(value.value)


def _status_counts(
    select: Callable[..., list[dict[str, Term]]], product: str, class_: str
) -> Mapping[str, int]:
    """Return by the IRI of a status how many organisations of `class_` have it as their latest.

    Under "" are those that have made statements on the product but have no status.
    """
    both = {"class": iri(class_), "product": iri(product)}
    latest: dict[str, tuple[str, str]] = {}
    for row in select(_ADOPTIONS, **both):
        when = row["asOf"].value if "asOf" in row else ""
        organisation = row["organisation"].value
        latest[organisation] = max(latest.get(organisation, ("", "")), (when, row["status"].value))
    speakers = {row["organisation"].value for row in select(_SPEAKERS, **both)}
    counts = dict(Counter(status for _, status in latest.values()))
    unclear = len(speakers - latest.keys())
    return counts | ({"": unclear} if unclear else {})
