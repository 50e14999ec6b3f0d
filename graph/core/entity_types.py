"""The kinds of entities: their classes, and the columns, dates, places and validity of their lists."""

from dataclasses import dataclass
from typing import Final

from graph.core.namespaces import expand_curie
from graph.core.partial_dates import END_OF_TIME, known_day_range
from graph.core.property_paths import INVERSE, PropertyPath
from graph.core.site import SITE

OLDEST_FIRST: Final = "oldest"
_UNBOUNDED: Final = (0, END_OF_TIME)
NAME_COLUMN: Final = "name"
_PART_CLASSES: Final = frozenset(map(expand_curie, SITE.of_parts("classes")))


@dataclass(frozen=True)
class ListColumn:
    """One column: the values that `paths` lead to, or how many triples with `counted_property` lead here.

    If `year` is true, the value is the year of the date at the end of the first path that leads to one. A
    column that is not `visible` is only a facet.
    """

    name: str
    paths: tuple[PropertyPath, ...] = ()
    counted_property: str = ""
    facet: bool = False
    year: bool = False
    visible: bool = True

    @property
    def property_(self) -> str:
        """The IRI of the property whose label names the column; empty for one against its direction."""
        last = self.paths[0][-1] if self.paths else ""
        return "" if last.startswith(INVERSE) else last


@dataclass(frozen=True)
class Validity:
    """When an entity of a kind is valid: from the first date that `since` leads to until that of `until`.

    Without an end date it is valid until further notice, and without a start date on the date `at` alone. If
    it is `open_ended`, an unknown start or end means that there is none. Of several entities with the same
    values of the properties `unique_by`, the one that began last replaces the others, unless it has the value
    that `pending` pairs with a property: such a one says that nothing is concluded yet.
    """

    since: tuple[PropertyPath, ...] = ()
    until: tuple[PropertyPath, ...] = ()
    at: tuple[PropertyPath, ...] = ()
    unique_by: tuple[str, ...] = ()
    pending: tuple[str, str] = ("", "")
    open_ended: bool = False

    @property
    def date_paths(self) -> tuple[tuple[PropertyPath, ...], ...]:
        """The paths to the start date, to the end date and to a date on which it was valid."""
        return self.since, self.until, self.at

    def interval(self, since: str | None, until: str | None, at: str | None) -> tuple[int, int] | None:
        """Return the first and the last day (YYYYMMDD) of the validity with these dates; None if unknown."""
        start, end, on = known_day_range(since), known_day_range(until), known_day_range(at)
        if self.open_ended:
            return (start[0] if start else 0), (end[1] if end else END_OF_TIME)
        first = start or on
        if first is None:
            return None
        return first[0], (end or (_UNBOUNDED if start else first))[1]


@dataclass(frozen=True)
class Place:
    """Where entities of a kind are: paths to latitude and longitude in WGS 84, or to a point as WKT."""

    latitude: tuple[PropertyPath, ...] = ()
    longitude: tuple[PropertyPath, ...] = ()
    geometry: tuple[PropertyPath, ...] = ()


@dataclass(frozen=True)
class EntityKind:
    """A kind of entity: its classes and the columns of its list.

    The list is ordered newest first by the first of the paths `dates` that leads to a date, or by name if
    there are no such paths. Entities of a kind with a `validity` are valid on some dates only; the pages of
    one that is `as_of` can show what was valid on a date. The property `status` has the code that says where
    an entity stands, by which maps and lists mark it. Entities that are `matched` can be found by the
    reconciliation service; the lists of kinds for the `menu` stand in it.
    """

    classes: tuple[str, ...]
    columns: tuple[ListColumn, ...]
    dates: tuple[PropertyPath, ...] = ()
    validity: Validity | None = None
    as_of: bool = False
    matched: bool = True
    menu: bool = True
    place: Place | None = None
    status: tuple[PropertyPath, ...] = ()

    @property
    def is_of_part(self) -> bool:
        """Whether a class of it is of a part that is on, which has pages of its own for its classes."""
        return not _PART_CLASSES.isdisjoint(self.classes)

    @property
    def facets(self) -> tuple[str, ...]:
        """The names of the columns that the list can be filtered by."""
        return tuple(column.name for column in self.columns if column.facet)

    def column(self, name: str) -> ListColumn:
        """Return the column called `name`; raise KeyError if there is none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def visible_columns(self) -> tuple[ListColumn, ...]:
        """The columns that the list displays."""
        return tuple(column for column in self.columns if column.visible)

    @property
    def count_columns(self) -> tuple[str, ...]:
        """The names of the columns that hold counts."""
        return tuple(column.name for column in self.columns if column.counted_property)

    @property
    def paths(self) -> tuple[PropertyPath, ...]:
        """All paths of its columns and its validity."""
        columns = tuple(path for column in self.columns for path in column.paths)
        dates = self.validity.date_paths if self.validity else ()
        return columns + tuple(path for paths in dates for path in paths) + self.dates

    @property
    def sort_orders(self) -> tuple[str, ...]:
        """The orders that the list can be sorted in, besides its default: each also descending, after “-”."""
        return (NAME_COLUMN, *(column.name for column in self.visible_columns))
