"""What has been chosen in the query builder, as a tree that an address says in full.

An address names each chosen property by its place: `1.0.property` is the first property of what the second
property leads to. docs/query-builder.md describes all arguments.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from graph.core.terms import Term
from graph.query_builder.model import ClassChoice, PropertyChoice, ValueKind
from graph.read.entities import Ref

Sort = Literal["", "asc", "desc"]
Match = Literal["is", "not", "none", "optional", "during", "before", "from", "least", "most", "contains"]
Path = tuple[int, ...]
Arguments = list[tuple[str, str]]

MATCHES: Final[dict[ValueKind, tuple[Match, ...]]] = {
    "entity": ("is", "not", "none", "optional"),
    "code": ("is", "not", "none", "optional"),
    "choice": ("is", "not", "none", "optional"),
    "date": ("during", "from", "before", "none", "optional"),
    "number": ("is", "least", "most", "none", "optional"),
    "text": ("contains", "is", "none", "optional"),
    "link": ("contains", "is", "none", "optional"),
}
"""How the values of a property may be compared; the first is the default, and without a value means any."""
MULTIPLE: Final = frozenset({"entity", "code", "choice"})
"""The kinds of values of which one of several may be asked for."""
VALUELESS: Final = frozenset({"none", "optional"})

MAX_DEPTH: Final = 4
MAX_ROWS: Final = 20
MAX_VALUES: Final = 20
MAX_VALUE_LENGTH: Final = 200


@dataclass(frozen=True)
class Problem:
    """Why a part of an address cannot be used: the key of a message, and what fills it in."""

    key: str
    value: str = ""
    path: Path | None = None


@dataclass(frozen=True)
class Value:
    """A value as it was given, and what it means: a term, with its labels if any, or candidates for it.

    Addresses have the `key`, which stays valid when names change.
    """

    text: str
    key: str
    term: Term | None = None
    ref: Ref | None = None
    candidates: tuple[Ref, ...] = ()


@dataclass(frozen=True)
class Row:
    """A chosen property: how its values are compared and shown, and what is chosen of those in turn."""

    choice: PropertyChoice
    match: Match
    values: tuple[Value, ...] = ()
    show: bool = False
    sort: Sort = ""
    rows: tuple["Row", ...] = ()

    @property
    def classes(self) -> tuple[str, ...]:
        """The IRIs of the classes of the things that it leads to."""
        return self.choice.classes

    @property
    def is_column(self) -> bool:
        """Whether its values are a column of the result."""
        return self.show and self.match != "none"


@dataclass(frozen=True)
class BuilderState:
    """All that has been chosen; `problems` are the parts of the address that were left out.

    `added` is the path of the row that the form has just added, if any: no address says it.
    """

    class_: ClassChoice | None = None
    rows: tuple[Row, ...] = ()
    show: bool = True
    sort: Sort = ""
    count: bool = False
    problems: tuple[Problem, ...] = ()
    added: Path | None = None

    @property
    def is_complete(self) -> bool:
        """Whether it makes a query."""
        return self.class_ is not None and not self.problems

    def walk(self) -> Iterator[tuple[Path, Row]]:
        """Yield each row with its path, each before those in it."""
        yield from walk(self.rows)

    def row(self, path: Path) -> Row | None:
        """Return the row at `path`, or None if there is none."""
        return next((row for place, row in self.walk() if place == path), None)

    def with_row(self, path: Path, row: Row | None) -> "BuilderState":
        """Return the state with the row at `path` replaced, or without it if `row` is None."""
        return replace(self, rows=_replaced(self.rows, path, row))

    def arguments(self) -> Arguments:
        """Return the arguments of the address that says this state, and nothing else."""
        if self.class_ is None:
            return []
        found: Arguments = [("class", self.class_.name)]
        found += _flags("", show=self.show, sort=self.sort)
        if self.count:
            found.append(("count", "1"))
        for path, row in self.walk():
            found += _row_arguments(path, row)
        return found


def walk(rows: Sequence[Row], above: Path = ()) -> Iterator[tuple[Path, Row]]:
    """Yield each of `rows` and of the rows in them with its path below `above`."""
    for index, row in enumerate(rows):
        yield (*above, index), row
        yield from walk(row.rows, (*above, index))


def path_text(path: Path) -> str:
    """Return `path` as the names of arguments begin: `1.0`."""
    return ".".join(map(str, path))


def _row_arguments(path: Path, row: Row) -> Arguments:
    prefix = f"{path_text(path)}."
    found = [(f"{prefix}property", row.choice.name)]
    if row.match != MATCHES[row.choice.kind][0]:
        found.append((f"{prefix}match", row.match))
    found += [(f"{prefix}value", value.key) for value in row.values]
    return found + _flags(prefix, show=row.show, sort=row.sort)


def _flags(prefix: str, *, show: bool, sort: Sort) -> Arguments:
    shown = [(f"{prefix}show", "1")] if show else []
    return shown + ([(f"{prefix}sort", sort)] if sort else [])


def _replaced(rows: tuple[Row, ...], path: Path, new: Row | None) -> tuple[Row, ...]:
    index, *rest = path
    if index >= len(rows):
        return rows
    middle = new
    if rest:
        middle = replace(rows[index], rows=_replaced(rows[index].rows, tuple(rest), new))
    return (*rows[:index], *([middle] if middle else []), *rows[index + 1 :])
