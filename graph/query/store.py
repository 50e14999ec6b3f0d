"""A release as it is read: opened read-only, asked with terms that know no engine."""

import threading
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Self, cast

import pyoxigraph as ox

from graph import index as tables
from graph.core.errors import Unavailable
from graph.core.terms import Term
from graph.rdf.convert import Node, to_node, to_term


class ReleaseStore:
    """The quads of one release; nothing here writes them.

    `engine` is the pyoxigraph store, for modules of this package only. `union` tells whether the default
    graph holds the union of the named graphs, each triple once, as it does in every release.
    """

    def __init__(self, engine: ox.Store, *, union: bool) -> None:
        """Take an engine's store whose content will not change."""
        self.engine = engine
        self.union = union
        self._tables: tables.SqliteIndex | None = None
        self._making = threading.Lock()

    @classmethod
    def open(cls, path: Path, *, union: bool = True) -> Self:
        """Open the store at `path`, for reading; raise Unavailable if there is none."""
        try:
            store = cls(ox.Store.read_only(str(path)), union=union)
        except OSError as error:
            raise Unavailable(
                f"There is no release to read: {error}", where=str(path), remedy="run utsaga build"
            ) from error
        if (beside := path.with_name(tables.INDEX_FILE)).exists():
            store._tables = tables.SqliteIndex.open(beside)
        return store

    @classmethod
    def of(cls, quads: Iterable[ox.Quad], *, union: bool = False) -> Self:
        """Hold `quads` in memory, as they are or with the union of them all as the default graph."""
        engine = ox.Store()
        for quad in quads:
            engine.add(quad)
            if union:
                engine.add(ox.Quad(quad.subject, quad.predicate, quad.object))
        return cls(engine, union=union)

    def select(self, query: str, **bindings: Term) -> list[dict[str, Term]]:
        """Return the rows of our own SELECT `query`, without the variables that are unbound in a row.

        `bindings` are the values of variables, which the engine wants to be among the selected ones.
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
    def index(self) -> tables.SqliteIndex:
        """The tables beside the store, or, where there are none, ones made now and held in memory."""
        with self._making:
            if self._tables is None:
                self._tables = tables.build_in_memory(self.engine)
            return self._tables

    @cached_property
    def graph_sizes(self) -> dict[str, int]:
        """The number of triples by named graph, and under "" that of the default graph; counted once."""
        rows = self.select("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g")
        sizes = {row["g"].value: int(row["n"].value) for row in rows if "g" in row}
        return {"": len(self.engine) - sum(sizes.values()), **sizes}
