"""Probes an engine before a push: where the union of all graphs goes, and whether it takes N-Quads.

The union goes into the default graph, a named graph, or nowhere. An engine whose default graph shows each
triple of its named graphs once needs no union of ours. One that has no default graph to write, or shows a
triple as often as graphs hold it, has the union in a named graph.
"""

from typing import Final

from graph.backends.dialects import VIRTUOSO, Dialect
from graph.backends.remote import RemoteEndpoint
from graph.core.errors import BadInput, UtsagaError
from graph.core.namespaces import UNION_GRAPH
from graph.replication.graph_counts import count_default
from graph.replication.graph_store import GraphStore
from graph.replication.push_marker import MARKER

DEFAULT: Final = "default"
NONE: Final = "none"
AUTO: Final = "auto"
_PROBES: Final = (f"{MARKER}:probe-1", f"{MARKER}:probe-2")
_NAMED_TRIPLE: Final = f"<{MARKER}:probe> <{MARKER}:probe> <{MARKER}:named> .\n".encode()
_QUAD: Final = _NAMED_TRIPLE.replace(b" .\n", f" <{_PROBES[0]}> .\n".encode())
_DEFAULT_TRIPLE: Final = f"<{MARKER}:probe> <{MARKER}:probe> <{MARKER}:default> .\n".encode()
_PROBED: Final = f"SELECT ?o WHERE {{ <{MARKER}:probe> <{MARKER}:probe> ?o }}"


def choose_union(
    endpoint: RemoteEndpoint, store: GraphStore, dialect: Dialect | None, wanted: str, *, overwrites: bool
) -> str:
    """Return DEFAULT, NONE or the IRI of a graph, as is `wanted` or, for AUTO, as tests of the engine show.

    Raise BadInput for a default graph that has triples, unless the push `overwrites` it, and the errors of
    requests, other than that the default graph cannot be written.
    """
    if wanted == AUTO and endpoint.default_graphs:
        return endpoint.default_graphs[0]
    if wanted == AUTO and dialect == VIRTUOSO:
        return UNION_GRAPH
    if wanted == DEFAULT and not overwrites:
        _check_default(endpoint)
    if wanted != AUTO:
        return wanted
    try:
        return _test(endpoint, store, overwrites=overwrites)
    finally:
        for graph in _PROBES:
            store.delete(graph)


def takes_quads(endpoint: RemoteEndpoint, store: GraphStore) -> bool:
    """Return whether the store takes N-Quads, as a test of it shows."""
    query = f"SELECT ?o WHERE {{ GRAPH <{_PROBES[0]}> {{ <{MARKER}:probe> <{MARKER}:probe> ?o }} }}"
    try:
        store.once.add_quads(_QUAD)
        return [row["o"].value for row in endpoint.select(query)] == [f"{MARKER}:named"]
    except UtsagaError:
        return False
    finally:
        store.delete(_PROBES[0])


def _test(endpoint: RemoteEndpoint, store: GraphStore, *, overwrites: bool) -> str:
    for graph in _PROBES:
        store.put(graph, _NAMED_TRIPLE)
    seen = endpoint.select(_PROBED)
    if seen:
        return NONE if len(seen) == 1 else UNION_GRAPH
    if not overwrites:
        _check_default(endpoint)
    try:
        store.once.put("", _DEFAULT_TRIPLE)
    except UtsagaError:
        return UNION_GRAPH
    return DEFAULT if endpoint.select(_PROBED) else UNION_GRAPH


def _check_default(endpoint: RemoteEndpoint) -> None:
    """Raise BadInput if the default graph has triples, which no push has written."""
    if count := count_default(endpoint):
        raise BadInput(
            f"the engine holds {count:,} triples in its default graph that no push of utsaga has written",
            where="--endpoint",
            rule="data of others",
            remedy="add --overwrite to replace them, or --union-graph with the name of a graph for our union",
        )
