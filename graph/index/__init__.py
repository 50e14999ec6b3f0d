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

from graph.index import standings, validity
from graph.index.columns import fill
from graph.index.ordering import place
from graph.index.reader import Tables
from graph.index.staging import Staging

FILE: Final = "tables-2.sqlite"  # beside the store; the number tells how they are laid out
_SETTINGS: Final = """
PRAGMA main.journal_mode = OFF; PRAGMA main.synchronous = OFF; PRAGMA main.cache_size = -32000;
PRAGMA staging.journal_mode = OFF; PRAGMA staging.synchronous = OFF; PRAGMA staging.cache_size = -64000;
PRAGMA temp_store = FILE;
"""

__all__ = ["FILE", "Tables", "of", "write"]


def write(path: Path, store: ox.Store) -> None:
    """Write the tables of the default graph of `store` to a new file at `path`."""
    staged = path.with_name(f"{path.name}.staging")
    connection = sqlite3.connect(path)
    try:
        connection.execute("ATTACH ? AS staging", (str(staged),))
        _make(connection, triples(store))
    finally:
        connection.close()
        staged.unlink(missing_ok=True)


def of(store: ox.Store) -> Tables:
    """Return the tables of the default graph of `store`, held in memory."""
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.execute("ATTACH ':memory:' AS staging")
    _make(connection, triples(store))
    return Tables(lambda: connection, connection)


def triples(store: ox.Store) -> Iterable[ox.Quad]:
    """Return the triples of the default graph, each once."""
    return store.quads_for_pattern(None, None, None, ox.DefaultGraph())


def _make(connection: sqlite3.Connection, quads: Iterable[ox.Quad]) -> None:
    connection.executescript(_SETTINGS)
    connection.execute("BEGIN")
    staging = Staging(connection)
    staging.fill(quads)
    place(connection)
    fill(connection, staging.properties)
    standings.count(connection)
    validity.write(connection)
    connection.commit()
    connection.execute("DETACH staging")
