"""Runs the stored queries on a release within the server's limits, and prints and records the results."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Final

from rich.table import Table

from graph.cli.group import out
from graph.core.errors import BadInput
from graph.core.settings import PREFIX, Settings
from graph.query.query_runs import Answer, QueryRun, run_query
from graph.query.stored import StoredQuery, load_queries
from graph.release import run_records
from graph.release.releases import Release

if TYPE_CHECKING:
    from graph.workers.pool import Pool

_WORKERS: Final = 2  # one answers while the other starts, in place of one that was ended
_START_SECONDS: Final = 10.0  # that it may take


def check_queries(release: Release, settings: Settings, *, services: bool = False) -> None:
    """Run each stored query on `release`; with `services`, those too that ask endpoints, where allowed.

    Raise BadInput with a fault for every query that was not answered or gave an unexpected number of rows.
    """
    queries = [query for query in load_queries().values() if services or not query.services]
    allowed = [query for query in queries if not query.disallowed_services(settings.services)]
    with _workers(release, settings) as answer:
        runs = {query.name: run_query(query, answer, settings.seconds) for query in allowed}
    run_records.record(release, runs)
    out.print(_table(queries, runs))
    faults = [fault for query in allowed if (fault := runs[query.name].fault(query))]
    if faults:
        raise BadInput.of(faults)


@contextmanager
def _workers(release: Release, settings: Settings) -> Iterator[Answer]:
    """Give what answers queries in worker processes, which end with the block."""
    with asyncio.Runner() as runner:
        pool = runner.run(_start(release, replace(settings, workers=_WORKERS)))
        try:
            yield lambda request: runner.run(pool.answer(request))
        finally:
            runner.run(_wait_until_idle(pool))
            pool.close()


async def _start(release: Release, settings: Settings) -> "Pool":
    from graph.workers.observer import UNOBSERVED  # noqa: PLC0415 (workers need Linux)
    from graph.workers.pool import Pool  # noqa: PLC0415

    pool = Pool(release.store, union=True, settings=settings, observer=UNOBSERVED)
    await pool.start()
    return pool


async def _wait_until_idle(pool: "Pool") -> None:
    """Wait until no worker is starting: one that is would outlive the event loop."""
    latest = monotonic() + _START_SECONDS
    while pool.idle_count < _WORKERS and monotonic() < latest:
        await asyncio.sleep(0.01)


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
