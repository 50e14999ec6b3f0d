"""Order and counts of what has no tables, an endpoint elsewhere: everything is read, and sorted here."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Self

from graph.core.collation import natural_key, swedish_key
from graph.core.entity_types import (
    ENTITY_KINDS,
    INVERSE,
    NAME_COLUMN,
    OLDEST_FIRST,
    ListColumn,
    PropertyPath,
    Validity,
)
from graph.core.iris import KIND_NAMES as ORDER
from graph.core.iris import last_segment, parse_entity_iri
from graph.core.namespaces import OA, TYPE, UTS
from graph.core.partial_dates import PartialDate, ValidInterval, VisiblePeriod, visible_periods
from graph.core.terms import Term, iri
from graph.index.protocol import FacetCount

if TYPE_CHECKING:
    from graph.read.entities import Entities  # which holds one of these

_MEMO: Final = 50_000
_MOST_ROWS: Final = 20_000
_ADOPTIONS: Final = f"""
PREFIX uts: <{UTS}>
SELECT ?class ?product ?organisation ?status ?asOf WHERE {{
  ?adoption uts:product ?product ; uts:adopter ?organisation ; uts:status ?status .
  ?organisation a ?class .
  OPTIONAL {{ ?adoption uts:asOf ?asOf }}
}} LIMIT {_MOST_ROWS}"""
_SPEAKERS: Final = f"""
PREFIX uts: <{UTS}>
SELECT DISTINCT ?class ?product ?organisation WHERE {{
  ?statement uts:about ?product ; uts:onBehalfOf ?organisation .
  ?organisation a ?class .
}} LIMIT {_MOST_ROWS}"""
_STARTS: Final = ((UTS + "evidence", OA + "hasSelector", OA + "start"), (UTS + "evidence", OA + "start"))


@dataclass(frozen=True, eq=False)
class Names:
    """Some entities in their order, by their IRIs."""

    index: "Unindexed"
    names: tuple[str, ...]
    kind: str = ""

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self.names)

    def __and__(self, other: Self, /) -> "Names":
        """Return those that are among the `other` too."""
        there = frozenset(other.names)
        return Names(self.index, tuple(name for name in self.names if name in there), self.kind or other.kind)

    def __or__(self, other: Self, /) -> "Names":
        """Return these and the `other`."""
        return self.index.in_order((*self.names, *other.names), self.kind)

    def __sub__(self, other: Self, /) -> "Names":
        """Return those that are not among the `other`."""
        there = frozenset(other.names)
        return Names(self.index, tuple(name for name in self.names if name not in there), self.kind)

    def page(self, first: int, count: int, sort: str = "") -> tuple[str, ...]:
        """Return the IRIs of `count` of them from number `first` on, in the order `sort` of their kind."""
        return tuple(self.index.sorted(self, sort)[first : first + count])


class Unindexed:
    """Reads what is asked for through the entities of an endpoint; the list of each kind is read once."""

    def __init__(self, entities: "Entities") -> None:
        """Read by `entities`."""
        self._entities = entities
        self.of_kind = lru_cache(len(ORDER))(self._every)
        self.values = lru_cache(_MEMO)(self._values)
        self.pieces = lru_cache(len(ORDER))(self._pieces)

    def link_counts(self, name: str) -> Mapping[str, int]:
        """Return how many IRIs link to the IRI `name`, by property."""
        return self._entities.count_links(name)

    def linking_to(self, name: str, *properties: str, kind: str = "") -> Names:
        """Return the IRIs that link to `name` by one of `properties`, only those of `kind` if given."""
        found = {each for property_ in properties for each in self._entities.find_links(name, property_)}
        return self.in_order((each for each in found if not kind or self._kind(each) == kind), kind)

    def with_value(self, kind: str, facet: str, key: str) -> Names:
        """Return the entities of `kind` that have the value that `key` stands for in the column `facet`."""
        column = ENTITY_KINDS[kind].column(facet)
        names = (name for name in self.of_kind(kind).names if key in map(_key, self.values(name, column)))
        return Names(self, tuple(names), kind)

    def facet_counts(
        self, kind: str, facets: Sequence[str], members: Names, most: int | None = None
    ) -> Mapping[str, Sequence[FacetCount]]:
        """Return by facet the `most` most frequent values that `members`, entities of `kind`, have."""
        counted: dict[str, Sequence[FacetCount]] = {}
        for facet in facets:
            column = ENTITY_KINDS[kind].column(facet)
            counts = Counter(value for name in members.names for value in self.values(name, column))
            found = [FacetCount(_key(value), value, count) for value, count in counts.items()]
            counted[facet] = sorted(found, key=lambda each: (-each.count, each.key))[:most]
        return counted

    def count_values(self, kind: str, facet: str, members: Names) -> int:
        """Return how many different values `members`, entities of `kind`, have in the column `facet`."""
        return len(self.facet_counts(kind, (facet,), members)[facet])

    def status_counts(self, product: str, class_: str) -> Mapping[str, int]:
        """Return how many organisations of `class_` have which status on `product`, by the latest of each."""
        return _standings(self._entities.select, product, class_)

    def valid_at(self, kind: str, when: PartialDate) -> Names:
        """Return the entities of `kind`, which has a validity, that are to be shown for the time `when`."""
        names = self.of_kind(kind).names
        shown = {piece.interval.member for piece in self.pieces(kind) if piece.is_visible_at(when)}
        return Names(self, tuple(name for at, name in enumerate(names) if at in shown), kind)

    def partition(self, kind: str, facet: str, members: Names) -> Mapping[str, Names]:
        """Return by value, an IRI or a literal's text, which of `members` have it in the column `facet`."""
        found: dict[str, list[str]] = {}
        for name in members.names:
            for value in self.values(name, ENTITY_KINDS[kind].column(facet)):
                found.setdefault(value.value, []).append(name)
        return {value: Names(self, tuple(names), kind) for value, names in found.items()}

    def filter_kind(self, names: Iterable[str], kind: str) -> Names:
        """Return those of the IRIs `names` that are entities of `kind`."""
        wanted = frozenset(names)
        return Names(self, tuple(name for name in self.of_kind(kind).names if name in wanted), kind)

    def language_columns(self, kind: str) -> frozenset[str]:
        """Return the columns of the list of `kind` that have text in a language."""
        columns = ENTITY_KINDS[kind].columns
        names = self.of_kind(kind).names
        return frozenset(
            column.name
            for column in columns
            if any(value.language for name in names for value in self.values(name, column))
        )

    def in_order(self, names: Iterable[str], kind: str) -> Names:
        """Return the IRIs `names`, each once, in the order in which tables have them."""
        by_rank = sorted(dict.fromkeys(names), key=self._rank)
        return Names(self, tuple(sorted(by_rank, key=self._moment, reverse=True)), kind)

    def sorted(self, members: Names, sort: str) -> Sequence[str]:
        """Return the IRIs of `members` in the order `sort`, those without a value last."""
        if sort in {"", OLDEST_FIRST}:
            return members.names[::-1] if sort else members.names
        by_name = sort.removeprefix("-") == NAME_COLUMN
        column = None if by_name else ENTITY_KINDS[members.kind].column(sort.removeprefix("-"))
        keys = {name: self._sort(name, column) for name in members.names}
        having = sorted((name for name in members.names if keys[name]), key=lambda name: keys[name])
        lacking = [name for name in members.names if not keys[name]]
        return [*(reversed(having) if sort.startswith("-") else having), *lacking]

    def _every(self, kind: str) -> Names:
        names = (name for class_ in ENTITY_KINDS[kind].classes for name in self._entities.members(class_))
        return self.in_order((name for name in names if (parse_entity_iri(name) or ("",))[0] == kind), kind)

    def _pieces(self, kind: str) -> tuple[VisiblePeriod, ...]:
        """Return when each entity of `kind` is to be shown; its member is its number in the list."""
        validity = ENTITY_KINDS[kind].validity or Validity()
        alike: dict[object, list[ValidInterval]] = {}
        for at, name in enumerate(self.of_kind(kind).names):
            if span := validity.interval(*(self._date(name, paths) for paths in validity.date_paths)):
                node = self._entities.node(iri(name))
                among = tuple(min(node.iris(each), default="") for each in validity.unique_by) or at
                alike.setdefault(among, []).append(ValidInterval(*span, at))
        return tuple(piece for spans in alike.values() for piece in visible_periods(spans))

    def _date(self, name: str, paths: tuple[PropertyPath, ...]) -> str | None:
        """Return the earliest date at the end of the first of `paths` that leads to one."""
        found = (min((end.value for end in self._follow(name, path)), default=None) for path in paths)
        return next(filter(None, found), None)

    def _kind(self, name: str) -> str:
        """Return the kind whose list has `name`, or nothing."""
        kind = (parse_entity_iri(name) or ("",))[0]
        types = self._entities.node(iri(name)).iris(TYPE) if kind else ()
        return kind if kind and set(types) & set(ENTITY_KINDS[kind].classes) else ""

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

    def _moment(self, name: str) -> tuple[int, str]:
        """What sorts the kinds from last to first, and within them the newest last."""
        kind = self._kind(name)
        dates = (
            end.value
            for path in (ENTITY_KINDS[kind].dates if kind else ())
            for end in self._follow(name, path)
        )
        return -(ORDER.index(kind) if kind else len(ORDER)), next(dates, "")

    def _rank(self, name: str) -> tuple[str, int, bool, str, str]:
        """What sorts those of one kind and one date."""
        kind = self._kind(name)
        source, start = "", 0
        if kind == "statement":
            source = min((end.value for end in self._follow(name, (UTS + "saidIn",))), default="")
            starts = (int(end.value) for path in _STARTS for end in self._follow(name, path))
            start = min(starts, default=0)
        told = kind and any(
            self.link_counts(name).get(column.counted_property) for column in ENTITY_KINDS[kind].columns
        )
        return source, start, not told, self._sort(name, None), natural_key(name)

    def _sort(self, name: str, column: ListColumn | None) -> str:
        """What sorts the IRI `name` by a column, or by its name."""
        if column is None:
            labels = sorted(self._entities.labels(name), key=lambda label: (label.language != "sv", label))
            return swedish_key(labels[0].value) if labels else ""
        if column.counted_property:
            count = self.link_counts(name).get(column.counted_property, 0)
            return natural_key(str(count)) if count else ""
        sorts = (
            swedish_key(value.value)
            if value.kind == "literal"
            else f"{self._sort(value.value, None)} {value.value}"
            for value in self.values(name, column)
        )
        return natural_key(min(sorts, default=""))


def _key(value: Term) -> str:
    return value.value if value.kind == "literal" else last_segment(value.value)


def _standings(select: Callable[..., list[dict[str, Term]]], product: str, class_: str) -> Mapping[str, int]:
    """Return how many organisations of `class_` have which status, by the latest known of each.

    Those that speak of the product without any source saying where they stand are under "".
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
