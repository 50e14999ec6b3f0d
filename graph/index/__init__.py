"""The index beside a store: the entities in order, their links, and which of them have which value.

Sorting and counting the links of a hub takes the engine seconds; here it takes a few reads by key. The index
is one SQLite file, written as a stream within bounded memory, with the same bytes for the same triples, and
never changed afterwards: https://www.sqlite.org/uri.html#uriimmutable. It holds
the table of kinds that it was made by.

Imports `graph.core`. Begin with `protocol`, which pages read through, and `sqlite_index`.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final
from uuid import uuid4

import pyoxigraph as ox

from graph.core.kind_table import KindTable
from graph.index import status_counts, validity
from graph.index.columns import write_columns
from graph.index.kinds import kinds_of, write_kind_table
from graph.index.ordering import write_order
from graph.index.sqlite_index import SqliteIndex
from graph.index.staging import Staging

INDEX_FILE: Final = "tables-3.sqlite"  # beside the store; the number is that of the schema
_PROGRESS_TRIPLES: Final = 10_000
_PRAGMAS: Final = """
PRAGMA main.journal_mode = OFF; PRAGMA main.synchronous = OFF; PRAGMA main.cache_size = -32000;
PRAGMA staging.journal_mode = OFF; PRAGMA staging.synchronous = OFF; PRAGMA staging.cache_size = -64000;
PRAGMA temp_store = FILE;
"""

__all__ = ["INDEX_FILE", "SqliteIndex", "build_in_memory", "write_index"]


def write_index(path: Path, store: ox.Store, progress: Callable[[int], None] = lambda count: None) -> None:
    """Write the index of the default graph of `store` to a new file at `path`.

    `progress` is called now and then with the number of triples that have been read.
    """
    staging = path.with_name(f"{path.name}.staging")
    connection = sqlite3.connect(path)
    try:
        connection.execute("ATTACH ? AS staging", (str(staging),))
        _build(connection, _counted(_default_graph(store), progress), kinds_of(store))
    finally:
        connection.close()
        staging.unlink(missing_ok=True)


def build_in_memory(store: ox.Store) -> SqliteIndex:
    """Build and return the index of the default graph of `store` in memory."""
    # Connections share a database by its name, so that each thread can have its own: two threads that run one
    # query on one connection share its statement and take each other's rows (https://www.sqlite.org/inmemorydb.html).
    address = f"file:/{uuid4()}?vfs=memdb"
    connection = sqlite3.connect(address, uri=True, check_same_thread=False)
    connection.execute("ATTACH ':memory:' AS staging")
    _build(connection, _default_graph(store), kinds_of(store))
    return SqliteIndex.at(address, connection)


def _default_graph(store: ox.Store) -> Iterable[ox.Quad]:
    """Return the triples of the default graph, without duplicates."""
    return store.quads_for_pattern(None, None, None, ox.DefaultGraph())


def _counted(triples: Iterable[ox.Quad], progress: Callable[[int], None]) -> Iterator[ox.Quad]:
    """Yield the triples, and call `progress` with their number so far."""
    for number, triple in enumerate(triples, 1):
        yield triple
        if number % _PROGRESS_TRIPLES == 0:
            progress(number)


def _build(connection: sqlite3.Connection, quads: Iterable[ox.Quad], kinds: KindTable) -> None:
    connection.executescript(_PRAGMAS)
    connection.execute("BEGIN")
    staging = Staging(connection, kinds)
    staging.fill(quads)
    write_order(connection, kinds)
    write_columns(connection, kinds, staging.properties)
    status_counts.write_status_counts(connection, kinds)
    validity.write_validity(connection, kinds)
    write_kind_table(connection, kinds)
    connection.commit()
    connection.execute("DETACH staging")
