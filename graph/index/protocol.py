"""What pages need in order and counted: the one thing they ask, whether tables or an endpoint answer it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, overload

from graph.core.partial_dates import PartialDate
from graph.core.terms import Term

Item = TypeVar("Item", covariant=True)  # noqa: PLC0105 (a name that reads)
_CHUNK_SIZE = 200  # read at once by what goes through everything


@dataclass(frozen=True)
class FacetCount:
    """How many of some entities have `value`; `key` stands for it in a URL."""

    key: str
    value: Term
    count: int


class EntitySet(Protocol):
    """Some entities in their order: statements and claims newest first, all others by name."""

    def __len__(self) -> int:
        """Return how many they are."""

    def __and__(self, other: Any, /) -> "EntitySet":
        """Return those that are among the `other` too."""

    def __or__(self, other: Any, /) -> "EntitySet":
        """Return these and the `other`."""

    def __sub__(self, other: Any, /) -> "EntitySet":
        """Return those that are not among the `other`."""

    def page(self, first: int, count: int, sort: str = "") -> tuple[str, ...]:
        """Return the IRIs of `count` of them from number `first` on, in the order `sort` of their kind.

        `sort` is the name of a column, with “-” before it for the other direction; "" is their own order,
        "oldest" that order backwards.
        """


class EntityIndex(Protocol):
    """Which entities there are, in order, and how many have what."""

    def link_counts(self, name: str) -> Mapping[str, int]:
        """Return how many IRIs link to the IRI `name`, by property."""

    def linking_to(self, name: str, *properties: str, kind: str = "") -> EntitySet:
        """Return the IRIs that link to `name` by one of `properties`, only those of `kind` if given."""

    def of_kind(self, kind: str) -> EntitySet:
        """Return the entities of `kind`."""

    def with_value(self, kind: str, facet: str, key: str) -> EntitySet:
        """Return the entities of `kind` that have the value that `key` stands for in the column `facet`."""

    def facet_counts(
        self, kind: str, facets: Sequence[str], members: Any, most: int | None = None
    ) -> Mapping[str, Sequence[FacetCount]]:
        """Return by facet the values that `members`, entities of `kind`, have, most frequent first.

        Only the first `most` of each, if that is given.
        """

    def count_values(self, kind: str, facet: str, members: Any) -> int:
        """Return how many different values `members`, entities of `kind`, have in the column `facet`."""

    def status_counts(self, product: str, class_: str) -> Mapping[str, int]:
        """Return how many organisations of `class_` have which status on `product`, by the latest of each.

        Those that speak of it without any source saying where they stand are under "".
        """

    def valid_at(self, kind: str, when: PartialDate) -> EntitySet:
        """Return the entities of `kind`, which has a validity, that are to be shown for the time `when`."""

    def partition(self, kind: str, facet: str, members: Any) -> Mapping[str, EntitySet]:
        """Return by value, an IRI or a literal's text, which of `members` have it in the column `facet`."""

    def filter_kind(self, names: Iterable[str], kind: str) -> EntitySet:
        """Return those of the IRIs `names` that are entities of `kind`."""

    def language_columns(self, kind: str) -> frozenset[str]:
        """Return the columns of the list of `kind` that have text in a language."""


class StoreReader(Protocol):
    """What pages read with: short queries of our own, which need no guard."""

    union: bool

    def select(self, query: str, **bindings: Term) -> list[dict[str, Term]]:
        """Return the rows of `query` with the variables `bindings` bound, unbound ones left out."""

    @property
    def index(self) -> EntityIndex | None:
        """What is sorted and counted beforehand, or None where nothing is."""

    @property
    def graph_sizes(self) -> dict[str, int]:
        """The number of triples by named graph, and under "" that of the default graph."""


class EntityList(Sequence[Item], Generic[Item]):
    """Entities in order, each read only when it is looked at."""

    def __init__(self, members: EntitySet, read: Callable[[str], Item], sort: str = "") -> None:
        """Take which they are, how one is read by its IRI, and the order."""
        self.members = members
        self._read = read
        self._sort = sort

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.members)

    @overload
    def __getitem__(self, at: int) -> Item: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Item, ...]: ...

    def __getitem__(self, at: int | slice) -> Item | tuple[Item, ...]:
        """Return one of them, or some as a tuple; a slice has no step."""
        if isinstance(at, slice):
            first, last, _ = at.indices(len(self))
            return tuple(map(self._read, self.members.page(first, max(last - first, 0), self._sort)))
        wanted = range(len(self))[at]
        return self._read(self.members.page(wanted, 1, self._sort)[0])

    def __iter__(self) -> Iterator[Item]:
        """Yield all of them, some at a time."""
        for first in range(0, len(self), _CHUNK_SIZE):
            yield from map(self._read, self.members.page(first, _CHUNK_SIZE, self._sort))


class DeferredList(Sequence[Item], Generic[Item]):
    """So many things, read together when one of them is first looked at."""

    def __init__(self, count: int, read: Callable[[], Sequence[Item]]) -> None:
        """Take how many there will be, and how they are read."""
        self._count = count
        self._read = read
        self._items: Sequence[Item] | None = None

    def __len__(self) -> int:
        """Return how many there are."""
        return self._count

    @overload
    def __getitem__(self, at: int) -> Item: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Item]: ...

    def __getitem__(self, at: int | slice) -> Item | Sequence[Item]:
        """Return one of them, or some."""
        if self._items is None:
            self._items = self._read()
        return self._items[at]
