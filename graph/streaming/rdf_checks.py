"""A task: run the checks, queries that must have no result, on a store of any size."""

from dataclasses import dataclass

from pyoxigraph import Store

from graph.loading.store_loader import Report
from graph.rules.checks import check


@dataclass(frozen=True)
class Check:
    """Run every check."""

    def __call__(self, store: Store, report: Report, /) -> None:
        """Raise BadInput with the first faults that each check finds."""
        check(store, {})
