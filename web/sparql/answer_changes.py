"""What came, went or changed between two answers to one query.

A row is known by the entities that its first columns name, up to the first column that names none; labels do
not count. Rows of the same entities that are in one answer only are a change if there is one on either side.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from graph.core.namespaces import ID
from graph.core.terms import Term
from graph.rdf.results import QueryResults
from web.sparql.result_table import is_label_column

Row = tuple[Term | None, ...]
Kind = Literal["new", "changed", "gone"]
_NO_ENTITY: Final = (f"{ID}statement/", f"{ID}source/", f"{ID}passage/")  # evidence, not what a row is about


@dataclass(frozen=True)
class RowChange:
    """A row that is new or gone, or that was another before."""

    kind: Kind
    columns: tuple[str, ...]
    row: Row
    before: Row | None = None


def compare_answers(
    old: QueryResults, new: QueryResults, hidden: Collection[str] = ()
) -> tuple[RowChange, ...]:
    """Return the changes from `old` to `new`, in the order of the rows, those that are gone last.

    Rows of `old` that hold one of the texts `hidden` are left out, as if they had never been.
    """
    if old.columns != new.columns:  # the query is another
        return ()
    was = [row for row in old.rows if not _holds(row, hidden)]
    key_columns = _key_columns(new.columns, [*new.rows, *was])
    left, right = set(was) - set(new.rows), set(new.rows) - set(was)
    before = _by_key([row for row in was if row in left], key_columns)
    after = _by_key([row for row in new.rows if row in right], key_columns)
    return tuple(_changes(new.columns, before, after))


def _changes(
    columns: tuple[str, ...], before: dict[Row, list[Row]], after: dict[Row, list[Row]]
) -> Iterator[RowChange]:
    for key, rows in after.items():
        if key and len(rows) == len(before.get(key, ())) == 1:
            yield RowChange("changed", columns, rows[0], before[key][0])
        else:
            yield from (RowChange("new", columns, row) for row in rows)
    for key, rows in before.items():
        if not (key and len(rows) == len(after.get(key, ())) == 1):
            yield from (RowChange("gone", columns, row) for row in rows)


def _key_columns(columns: Sequence[str], rows: Sequence[Row]) -> tuple[int, ...]:
    """Return the numbers of the first columns that name an entity in every row."""
    found: list[int] = []
    for number, column in enumerate(columns):
        if is_label_column(column, tuple(columns)):
            continue
        if not rows or not all(_is_entity(row[number]) for row in rows):
            break
        found.append(number)
    return tuple(found)


def _is_entity(term: Term | None) -> bool:
    if term is None or term.kind != "iri" or not term.value.startswith(ID):
        return False
    return not term.value.startswith(_NO_ENTITY)


def _by_key(rows: Sequence[Row], key_columns: tuple[int, ...]) -> dict[Row, list[Row]]:
    found: dict[Row, list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row[number] for number in key_columns)].append(row)
    return found


def _holds(row: Row, hidden: Collection[str]) -> bool:
    values = [term.value.casefold() for term in row if term]
    return any(each.casefold() in value for each in hidden for value in values)
