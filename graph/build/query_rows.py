"""Runs the stored queries on the content of a release: each must give as many rows as its header expects."""

from functools import partial

from graph.core.errors import BadInput
from graph.query.evaluate import evaluate
from graph.query.query_runs import QueryRun, run_query
from graph.query.store import ReleaseStore
from graph.query.stored import load_queries


def check(store: ReleaseStore) -> dict[str, QueryRun]:
    """Return the run on `store` of each stored query that asks no other endpoint, by name.

    Raise BadInput with a fault for every query without an answer or with an unexpected number of rows.
    """
    queries = [query for query in load_queries().values() if not query.services]
    runs = {query.name: run_query(query, partial(evaluate, store)) for query in queries}
    faults = [fault for query in queries if (fault := runs[query.name].fault(query))]
    if faults:
        raise BadInput.of(faults)
    return runs
