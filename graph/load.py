"""Writes a store: quads as they are, or with the union of them all in the default graph."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Quad, Store


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
    """Write an Oxigraph store of the quads at `path`, ready to be opened read-only."""
    store = Store(path)
    store.bulk_extend(quads)
    store.optimize()
    store.flush()
