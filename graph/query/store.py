"""The store of a release: opened read-only and queried with terms independent of the engine."""

import threading
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Self, cast

import pyoxigraph as ox

from graph.core.errors import Unavailable
from graph.core.terms import Term
from graph.index import INDEX_FILE, SqliteIndex, build_in_memory
from graph.rdf.convert import Node, to_node, to_term


class ReleaseStore:
    """The quads of one release, which never change.

    `engine` is the pyoxigraph store, for modules of this package only. `union` is whether the default graph
    is the union of the named graphs, as it is in every release.
    """

    def __init__(self, engine: ox.Store, *, union: bool) -> None:
        """Read from `engine`, whose content must not change."""
        self.engine = engine
        self.union = union
        self._index: SqliteIndex | None = None
        self._index_lock = threading.Lock()

    @classmethod
    def open(cls, path: Path, *, union: bool = True) -> Self:
        """Open the store at `path` read-only; raise Unavailable if there is none."""
        try:
            store = cls(ox.Store.read_only(str(path)), union=union)
        except OSError as error:
            raise Unavailable(
                f"There is no release to read: {error}", where=str(path), remedy="run utsaga build"
            ) from error
        if (index := path.with_name(INDEX_FILE)).exists():
            store._index = SqliteIndex.open(index)
        return store

    @classmethod
    def of(cls, quads: Iterable[ox.Quad], *, union: bool = False) -> Self:
        """Return a store of `quads` in memory; with `union`, all of them are added to the default graph."""
        engine = ox.Store()
        for quad in quads:
            engine.add(quad)
            if union:
                engine.add(ox.Quad(quad.subject, quad.predicate, quad.object))
        return cls(engine, union=union)

    def select(self, query: str, **bindings: Term) -> list[dict[str, Term]]:
        """Return the rows of the trusted SELECT `query`, without unbound variables.

        `bindings` are values of variables, which must be among the selected ones.
        """
        values: dict[ox.Variable, Node | ox.Triple] = {
            ox.Variable(name): to_node(term) for name, term in bindings.items()
        }
        rows = cast(ox.QuerySolutions, self.engine.query(query, substitutions=values))
        names = [variable.value for variable in rows.variables]
        return [
            {name: to_term(node) for name, node in zip(names, row, strict=True) if node is not None}
            for row in rows
        ]

    @property
    def index(self) -> SqliteIndex:
        """The index beside the store, or, if there is none, one built in memory on first use."""
        with self._index_lock:
            if self._index is None:
                self._index = build_in_memory(self.engine)
            return self._index

    @cached_property
    def graph_sizes(self) -> dict[str, int]:
        """The number of triples by named graph, and under "" that of the default graph; counted once."""
        rows = self.select("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g")
        sizes = {row["g"].value: int(row["n"].value) for row in rows if "g" in row}
        return {"": len(self.engine) - sum(sizes.values()), **sizes}
