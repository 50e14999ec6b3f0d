"""Writes a store and the tables beside it, with or without the union of all graphs as default graph."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Quad, Store

from graph import index


def union(quads: Iterable[Quad]) -> Iterator[Quad]:
    """Yield the quads, and each triple once in the default graph."""
    seen = set()
    for quad in quads:
        yield quad
        plain = Quad(quad.subject, quad.predicate, quad.object)
        if plain not in seen:
            seen.add(plain)
            yield plain


def load(path: Path, quads: Iterable[Quad]) -> None:
    """Write an Oxigraph store of the quads at `path`, to be opened read-only, and its tables beside it."""
    store = Store(path)
    store.bulk_extend(quads)
    store.optimize()
    store.flush()
    index.write_index(path.with_name(index.INDEX_FILE), store)
