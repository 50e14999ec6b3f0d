"""Runs the stored queries on the content of a release, and checks how many rows they give."""

from collections.abc import Mapping
from functools import partial

from graph.core.errors import BadInput
from graph.core.site import FILE, SITE, Site
from graph.query.evaluate import evaluate
from graph.query.query_runs import QueryRun, run_query
from graph.query.store import ReleaseStore
from graph.query.stored import StoredQuery, load_queries


def run_all(store: ReleaseStore) -> dict[str, QueryRun]:
    """Return the run on `store` of each stored query that asks no other endpoint, by name."""
    return {name: run_query(query, partial(evaluate, store)) for name, query in _own_queries().items()}


def require_front_page_query(site: Site = SITE) -> None:
    """Raise BadInput if the front page of `site` is to show a query that is none of those that are run."""
    name = site.home.get("query")
    if name and name not in _own_queries():
        raise BadInput(
            f"“{name}” of [home] is no stored query of this site",
            where=str(site.folder / FILE),
            rule=FILE,
            remedy="name a file of queries/ that asks no other endpoint, without its .rq",
        )


def require_expected(runs: Mapping[str, QueryRun]) -> None:
    """Raise BadInput for `runs` without an answer or with an unexpected number of rows."""
    faults = [fault for name, query in _own_queries().items() if (fault := runs[name].fault(query))]
    if faults:
        raise BadInput.of(faults)


def _own_queries() -> dict[str, StoredQuery]:
    return {name: query for name, query in load_queries().items() if not query.services}
