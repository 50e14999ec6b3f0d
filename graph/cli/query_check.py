"""Runs the stored queries on a release within the server's limits, prints and records what came of it."""

import asyncio
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rich.table import Table

from graph.cli.group import out
from graph.core.errors import BadInput
from graph.core.settings import PREFIX, Settings
from graph.query.query_runs import QueryRun, run_query
from graph.query.stored import StoredQuery, load_queries
from graph.release import run_records
from graph.release.releases import Release

if TYPE_CHECKING:
    from graph.backends.embedded import Embedded

_WORKERS: Final = 2  # one answers while the other starts, in place of one that was ended
_START_SECONDS: Final = 10.0  # that it may take


def check_queries(release: Release, settings: Settings, *, services: bool = False) -> None:
    """Run each stored query on `release`; with `services`, those too that ask endpoints, where allowed.

    Raise BadInput with a fault for every query that was not answered or gave an unexpected number of rows.
    """
    queries = [query for query in load_queries().values() if services or not query.services]
    allowed = [query for query in queries if not query.disallowed_services(settings.services)]
    with _backend(release, settings) as backend:
        runs = {query.name: run_query(query, backend.answer, settings.seconds) for query in allowed}
    run_records.record(release, runs)
    out.print(_table(queries, runs))
    faults = [fault for query in allowed if (fault := runs[query.name].fault(query))]
    if faults:
        raise BadInput.of(faults)


@contextmanager
def _backend(release: Release, settings: Settings) -> "Iterator[Embedded]":
    """Give a backend on an event loop of its own, which has stopped before this program ends."""
    from graph.backends.embedded import Embedded  # noqa: PLC0415 (its workers need Linux)

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        backend = Embedded.start(release.store, replace(settings, workers=_WORKERS), loop=loop)
        try:
            yield backend
        finally:
            _wait_until_idle(backend)
            backend.close()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _wait_until_idle(backend: "Embedded") -> None:
    """Wait until no worker is starting: one that is would outlive the event loop."""
    latest = time.monotonic() + _START_SECONDS
    while backend.idle < _WORKERS and time.monotonic() < latest:
        time.sleep(0.01)


def _table(queries: list[StoredQuery], runs: dict[str, QueryRun]) -> Table:
    table = Table("name", "rows", "expected", "ms", "result", box=None)
    for query in queries:
        expected = str(query.bounds or "")
        if run := runs.get(query.name):
            rows = "" if run.rows is None else str(run.rows)
            table.add_row(query.name, rows, expected, str(run.milliseconds), _result(query, run))
        else:
            asked = ", ".join(query.services)
            table.add_row(query.name, "", expected, "", f"not run: {PREFIX}SERVICES does not allow {asked}")
    return table


def _result(query: StoredQuery, run: QueryRun) -> str:
    if run.rows is None:
        return "no answer"
    return "unexpected" if run.fault(query) else "as expected"
