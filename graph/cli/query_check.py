"""Runs the stored queries on a release or on another engine with its data; prints and records the results.

The limits are those of the server.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Final

from rich.table import Table

from graph.backends.engine_probe import engine_name
from graph.backends.in_process import InProcess
from graph.backends.remote import RemoteEndpoint
from graph.cli.group import out
from graph.core.errors import BadInput
from graph.core.settings import PREFIX, Settings
from graph.query.query_runs import Answer, QueryRun, run_query
from graph.query.stored import StoredQuery, load_queries
from graph.release import run_records
from graph.release.release import DUMP, Release

if TYPE_CHECKING:
    from graph.workers.pool import Pool

_WORKERS: Final = 2  # one answers while the other starts, in place of one that was ended
_START_SECONDS: Final = 10.0  # that it may take


def check_queries(release: Release, settings: Settings, *, services: bool = False) -> None:
    """Run each stored query on `release`; with `services`, those too that ask endpoints, where allowed.

    Raise BadInput with a fault for every query that was not answered or gave an unexpected number of rows.
    """
    with _workers(release, settings) as answer:
        queries, runs = _run(answer, settings, services=services)
    run_records.record(release, runs)
    _report(queries, runs)


def check_engine(release: Release, url: str, settings: Settings, *, services: bool = False) -> None:
    """Run each stored query on the endpoint at `url`, which must hold the data of `release`.

    Raise BadInput if it holds other data, and as `check_queries`; Unavailable if it does not answer.
    """
    endpoint = RemoteEndpoint(url, settings, union=True)
    try:
        name = engine_name(endpoint)
        _require_same_data(release, endpoint)
        queries, runs = _run(endpoint.answer, settings, services=services)
    finally:
        endpoint.close()
    run_records.record_engine(release, name, runs)
    out.print(name, highlight=False)
    _report(queries, runs)


def _run(
    answer: Answer, settings: Settings, *, services: bool
) -> tuple[list[StoredQuery], dict[str, QueryRun]]:
    """Return the queries that are wanted, and the runs by name of those that may be run."""
    queries = [query for query in load_queries().values() if services or not query.services]
    allowed = [query for query in queries if not query.disallowed_services(settings.services)]
    return queries, {query.name: run_query(query, answer, settings.seconds) for query in allowed}


def _report(queries: list[StoredQuery], runs: dict[str, QueryRun]) -> None:
    """Print `runs`; raise BadInput with a fault for each that is not as expected."""
    out.print(_table(queries, runs))
    faults = [fault for query in queries if query.name in runs and (fault := runs[query.name].fault(query))]
    if faults:
        raise BadInput.of(faults)


def _require_same_data(release: Release, endpoint: RemoteEndpoint) -> None:
    """Raise BadInput unless the endpoint has as many triples in each graph as `release`."""
    ours, theirs = InProcess.open(release.store).graph_sizes, endpoint.graph_sizes
    other = [name for name, size in ours.items() if theirs.get(name) != size]
    if not other:
        return
    name = other[0]
    raise BadInput(
        f"The endpoint does not hold the data of the release {release.manifest.id}: {_graph(name)} has "
        f"{theirs.get(name, 0):,} triples there, and {ours[name]:,} in the release",
        where="--endpoint",
        rule="same data",
        remedy=f"load the release's {DUMP}; the default graph is the union of its graphs, each triple once",
    )


def _graph(name: str) -> str:
    return name or "the default graph"


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
