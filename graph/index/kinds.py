"""The table of kinds in an index, so that a server reads what the build has found."""

import sqlite3
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import pyoxigraph as ox

from graph.core.kind_table import SITE_TABLE, KindTable
from graph.core.site_kinds import FILE, SITE_KINDS, parse_kinds, write_kinds
from graph.core.terms import Term
from graph.index.derived_kinds import derive_kinds
from graph.rdf.convert import to_term

_READ: Final = "SELECT derived, written FROM kinds"


def kinds_of(store: ox.Store) -> KindTable:
    """Return the table of the site, or else the kinds of what the default graph of `store` says."""
    return SITE_TABLE or derive_kinds(lambda query: _select(store, query))


def write_kind_table(connection: sqlite3.Connection, kinds: KindTable) -> None:
    """Write `kinds` into the index."""
    connection.execute("CREATE TABLE kinds (derived INTEGER NOT NULL, written TEXT NOT NULL)")
    connection.execute("INSERT INTO kinds VALUES (?, ?)", (kinds.derived, write_kinds(kinds)))


def read_kind_table(rows: Callable[[str], list[Any]]) -> KindTable:
    """Return the table in an index, whose `rows` answer a query; that of the site if the index has none."""
    try:
        ((derived, written),) = rows(_READ)
    except sqlite3.OperationalError:  # an older index, which was made by the table of the site
        return SITE_TABLE
    if not derived and written == _site_table():
        return SITE_TABLE
    return KindTable(parse_kinds(Path(FILE), written), bool(derived))


@cache
def _site_table() -> str:
    return write_kinds(SITE_KINDS)


def _select(store: ox.Store, query: str) -> list[dict[str, Term]]:
    rows: Any = store.query(query)
    names = [variable.value for variable in rows.variables]
    return [
        {name: to_term(node) for name, node in zip(names, row, strict=True) if node is not None}
        for row in rows
    ]
