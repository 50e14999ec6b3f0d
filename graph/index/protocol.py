"""The interfaces that pages read through, whether a local index or a SPARQL endpoint implements them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar, overload

from graph.core.kind_table import KindTable
from graph.core.partial_dates import PartialDate
from graph.core.terms import Term

Item_co = TypeVar("Item_co", covariant=True)
_CHUNK_SIZE: Final = 200  # entities that an iteration reads at once


@dataclass(frozen=True)
class FacetCount:
    """The number of entities that have `value` in a facet; `key` identifies the value in a URL."""

    key: str
    value: Term
    count: int


class EntitySet(Protocol):
    """An ordered set of entities: statements and claims newest first, all others by name."""

    def __len__(self) -> int:
        """Return the number of entities."""

    def __and__(self, other: Any, /) -> "EntitySet":
        """Return the intersection with `other`."""

    def __or__(self, other: Any, /) -> "EntitySet":
        """Return the union with `other`."""

    def __sub__(self, other: Any, /) -> "EntitySet":
        """Return the difference from `other`."""

    def page(self, first: int, count: int, sort: str = "") -> tuple[str, ...]:
        """Return the IRIs of `count` entities from position `first` on, in the order `sort`.

        `sort` is the name of a column of their kind, with “-” before it for descending order; "" is the
        default order, and "oldest" its reverse.
        """


class EntityIndex(Protocol):
    """The entities of a graph in order, and how many have which value."""

    @property
    def kinds(self) -> KindTable:
        """The kinds of entities, and the columns of their lists."""

    def kind_of(self, name: str) -> str:
        """Return the kind of the entity with the IRI `name`, or "" for none."""

    def link_counts(self, name: str) -> Mapping[str, int]:
        """Return the number of subjects that link to the IRI `name`, by property."""

    def linking_to(self, name: str, *properties: str, kind: str = "") -> EntitySet:
        """Return the subjects that link to `name` by one of `properties`, only those of `kind` if given."""

    def of_kind(self, kind: str) -> EntitySet:
        """Return the entities of `kind`."""

    def with_value(self, kind: str, facet: str, key: str) -> EntitySet:
        """Return the entities of `kind` whose column `facet` has the value identified by `key`."""

    def facet_counts(
        self, kind: str, facets: Sequence[str], members: Any, limit: int | None = None
    ) -> Mapping[str, Sequence[FacetCount]]:
        """Return by facet the values of `members`, entities of `kind`, the most frequent first.

        At most `limit` values of each facet are returned.
        """

    def count_values(self, kind: str, facet: str, members: Any) -> int:
        """Return the number of distinct values of `members`, entities of `kind`, in the column `facet`."""

    def status_counts(self, product: str, class_: str) -> Mapping[str, int]:
        """Return the number of organisations of `class_` by the status of their latest adoption of `product`.

        Organisations with statements on the product but no adoption of it are counted under "".
        """

    def valid_at(self, kind: str, when: PartialDate) -> EntitySet:
        """Return the entities of `kind`, which has a validity, that are to be shown for the date `when`."""

    def partition(self, kind: str, facet: str, members: Any) -> Mapping[str, EntitySet]:
        """Return `members` by their values (IRI or text of a literal) in the column `facet`."""

    def filter_kind(self, names: Iterable[str], kind: str) -> EntitySet:
        """Return the entities of `kind` among the IRIs `names`."""


class StoreReader(Protocol):
    """A store that answers the project's own queries, which need no guard."""

    union: bool

    def select(self, query: str, **bindings: Term) -> list[dict[str, Term]]:
        """Return the rows of `query` with its variables bound to `bindings`, without unbound variables."""

    @property
    def index(self) -> EntityIndex | None:
        """The index of the store, or None if it has none."""

    @property
    def graph_sizes(self) -> dict[str, int]:
        """The number of triples by named graph, and under "" that of the default graph."""


class EntityList(Sequence[Item_co], Generic[Item_co]):
    """Entities in order, each of which is read when it is accessed."""

    def __init__(self, members: EntitySet, read: Callable[[str], Item_co], sort: str = "") -> None:
        """Read each of `members` by its IRI with `read`, in the order `sort`."""
        self.members = members
        self._read = read
        self._sort = sort

    def __len__(self) -> int:
        """Return the number of items."""
        return len(self.members)

    @overload
    def __getitem__(self, at: int) -> Item_co: ...

    @overload
    def __getitem__(self, at: slice) -> tuple[Item_co, ...]: ...

    def __getitem__(self, at: int | slice) -> Item_co | tuple[Item_co, ...]:
        """Return one item, or the items of a slice without step."""
        if isinstance(at, slice):
            first, last, _ = at.indices(len(self))
            return tuple(map(self._read, self.members.page(first, max(last - first, 0), self._sort)))
        position = range(len(self))[at]
        return self._read(self.members.page(position, 1, self._sort)[0])

    def __iter__(self) -> Iterator[Item_co]:
        """Yield all items, reading them in chunks."""
        for first in range(0, len(self), _CHUNK_SIZE):
            yield from map(self._read, self.members.page(first, _CHUNK_SIZE, self._sort))


class DeferredList(Sequence[Item_co], Generic[Item_co]):
    """A list of known length whose items are read together on first access."""

    def __init__(self, count: int, read: Callable[[], Sequence[Item_co]]) -> None:
        """Read the `count` items with `read`."""
        self._count = count
        self._read = read
        self._items: Sequence[Item_co] | None = None

    def __len__(self) -> int:
        """Return the number of items."""
        return self._count

    @overload
    def __getitem__(self, at: int) -> Item_co: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Item_co]: ...

    def __getitem__(self, at: int | slice) -> Item_co | Sequence[Item_co]:
        """Return one item, or the items of a slice."""
        if self._items is None:
            self._items = self._read()
        return self._items[at]
