"""The values of nodes by property: of one from the rows of its query, of many IRIs by one query."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from graph.core.terms import Term, iri
from graph.index.protocol import StoreReader
from graph.rdf.convert import values_clause

Values = Mapping[str, tuple[Term, ...]]
MAX_NAMES: Final = 200  # in one query
MAX_ROWS: Final = 50_000  # of one query
_ROWS: Final = (
    f"SELECT ?entity ?property ?value WHERE {{{{ {{}} ?entity ?property ?value }}}} LIMIT {MAX_ROWS}"
)


def values_by_property(rows: Iterable[Mapping[str, Term]]) -> Values:
    """Return the values in the `rows` of one node by property, both in order."""
    values: dict[str, list[Term]] = {}
    for row in rows:
        values.setdefault(row["property"].value, []).append(row["value"])
    return {name: tuple(sorted(values[name])) for name in sorted(values)}


def read_values(store: StoreReader, names: Sequence[str]) -> Iterator[tuple[str, Values]]:
    """Yield each of the IRIs `names` that has values, with these: one query for every MAX_NAMES of them.

    Those of a query with MAX_ROWS rows are left out, since some of their values may be missing.
    """
    for first in range(0, len(names), MAX_NAMES):
        chunk = map(iri, names[first : first + MAX_NAMES])
        rows = store.select(_ROWS.format(values_clause("entity", chunk)))
        if len(rows) < MAX_ROWS:
            rows.sort(key=_entity)
            yield from ((name, values_by_property(group)) for name, group in groupby(rows, _entity))


def _entity(row: Mapping[str, Term]) -> str:
    return row["entity"].value
