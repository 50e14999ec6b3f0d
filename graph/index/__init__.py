"""Tables beside a store, made when it is: the place of everything in order, its links, who has which value.

An engine sorts and counts a hub's links each time it is asked, in seconds; here each answer is a few reads
by key. One SQLite file, written as a stream within bounded memory, the same bytes for the same triples, and
never changed afterwards: https://www.sqlite.org/uri.html#uriimmutable.
"""

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from graph.index import status_counts, validity
from graph.index.columns import write_columns
from graph.index.ordering import write_order
from graph.index.sqlite_index import SqliteIndex
from graph.index.staging import Staging

INDEX_FILE: Final = "tables-2.sqlite"  # beside the store; the number tells how they are laid out
_SETTINGS: Final = """
PRAGMA main.journal_mode = OFF; PRAGMA main.synchronous = OFF; PRAGMA main.cache_size = -32000;
PRAGMA staging.journal_mode = OFF; PRAGMA staging.synchronous = OFF; PRAGMA staging.cache_size = -64000;
PRAGMA temp_store = FILE;
"""

__all__ = ["INDEX_FILE", "SqliteIndex", "build_in_memory", "write_index"]


def write_index(path: Path, store: ox.Store) -> None:
    """Write the tables of the default graph of `store` to a new file at `path`."""
    staged = path.with_name(f"{path.name}.staging")
    connection = sqlite3.connect(path)
    try:
        connection.execute("ATTACH ? AS staging", (str(staged),))
        _make(connection, _default_graph(store))
    finally:
        connection.close()
        staged.unlink(missing_ok=True)


def build_in_memory(store: ox.Store) -> SqliteIndex:
    """Return the tables of the default graph of `store`, held in memory."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("ATTACH ':memory:' AS staging")
    _make(connection, _default_graph(store))
    return SqliteIndex(lambda: connection, connection)


def _default_graph(store: ox.Store) -> Iterable[ox.Quad]:
    """Return the triples of the default graph, each once."""
    return store.quads_for_pattern(None, None, None, ox.DefaultGraph())


def _make(connection: sqlite3.Connection, quads: Iterable[ox.Quad]) -> None:
    connection.executescript(_SETTINGS)
    connection.execute("BEGIN")
    staging = Staging(connection)
    staging.fill(quads)
    write_order(connection)
    write_columns(connection, staging.properties)
    status_counts.write_status_counts(connection)
    validity.write_validity(connection)
    connection.commit()
    connection.execute("DETACH staging")
