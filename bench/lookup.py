"""What the workers of bench/handover.py run: a query on a store that the process holds open read-only."""

import os
import signal
from multiprocessing.connection import Connection

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

_stores: list[Store] = []  # the one of this process, kept from call to call


def open_store(path: str) -> None:
    """Open the store at `path` for the calls that follow."""
    _stores[:] = [Store.read_only(path)]


def lookup(query: str) -> bytes:
    """Return the answer to a SELECT query as JSON."""
    rows = _stores[0].query(query)
    if not isinstance(rows, QuerySolutions):
        raise TypeError("only SELECT is asked here")
    return rows.serialize(format=QueryResultsFormat.JSON) or b""


def die() -> None:
    """End this process as running out of memory does."""
    os.kill(os.getpid(), signal.SIGKILL)


def answer(connection: Connection, path: str) -> None:
    """Answer the queries that come by `connection` until it is closed."""
    open_store(path)
    while True:
        try:
            query = connection.recv_bytes().decode()
        except EOFError:
            return
        if not query:
            die()
        connection.send_bytes(lookup(query))
