"""Counts the triples of the graphs of an endpoint, and compares them with those of a release."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from graph.backends.remote import RemoteEndpoint
from graph.core.errors import Unprocessable

_BATCH: Final = 500
_LEAST_LIMIT: Final = 1_000  # rows that an engine returns at least, if it limits them
_COUNTS: Final = "SELECT ?g (COUNT(*) AS ?n) WHERE {{ {values} GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g"
_DEFAULT: Final = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def count_default(endpoint: RemoteEndpoint) -> int:
    """Return the number of triples in the default graph; raise a request's error."""
    return int(endpoint.select(_DEFAULT)[0]["n"].value)


def count_graphs(endpoint: RemoteEndpoint, graphs: Collection[str]) -> dict[str, int]:
    """Return the number of triples in each of `graphs` that has any; raise a request's error.

    All are counted by one query. Where its result is refused, or may have been cut off, those that are not in
    it are counted by others.
    """
    try:
        found = _count(endpoint, "")
    except Unprocessable:  # too many rows, or too slow
        found = {}
        is_whole = False
    else:
        is_whole = len(found) < _LEAST_LIMIT
    missing = sorted(name for name in graphs if name not in found)
    if missing and not is_whole:
        for values in _batches(missing):
            found |= _count(endpoint, values)
    return {name: found[name] for name in graphs if name in found}


def _count(endpoint: RemoteEndpoint, values: str) -> dict[str, int]:
    rows = endpoint.select(_COUNTS.format(values=values))
    return {row["g"].value: int(row["n"].value) for row in rows if "g" in row}


def _batches(names: list[str]) -> Iterator[str]:
    for start in range(0, len(names), _BATCH):
        terms = " ".join(f"<{name}>" for name in names[start : start + _BATCH])
        yield f"VALUES ?g {{ {terms} }}"


def differences(expected: Mapping[str, int], found: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Return the graphs that have another number of triples than `expected`: that, and how many they have."""
    pairs = {name: (count, found.get(name, 0)) for name, count in expected.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
