"""Adds to a store, in the graph of inferences, what follows from what it holds, whatever its size.

These are the periods and rules of every release. What follows is written as runs before it is loaded, so
that an interrupted stage goes on from there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import Final, cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, QueryTriples, Store, Triple

from graph.core.namespaces import TYPE
from graph.loading.store_loader import Report
from graph.rdf.convert import in_graph
from graph.rdf.ontology_files import read_inference_rules
from graph.rules.inference import GRAPH_NAME
from graph.rules.periods import PERIOD_CLASSES, Value, Values, period_of
from graph.streaming.quad_runs import RUN_QUADS, Run, runs_in, to_nquads, write_sorted
from graph.streaming.run_loading import LoadRun

_BATCH: Final = 50_000
_PERIODS: Final = "periods"  # the file that says that the periods are in the runs


@dataclass(frozen=True)
class Infer:
    """A task: add what follows, with the runs of it in the folder `folder`."""

    folder: Path

    def __call__(self, store: Store, report: Report, /) -> list[Path]:
        """Add it, and return the paths of the runs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        runs = runs_in(self.folder)
        for run in runs:
            LoadRun(run)(store, report)
        if not (self.folder / _PERIODS).exists():
            runs += self._add(store, _periods(store), report, runs)
            (self.folder / _PERIODS).touch()
        while added := self._apply_rules_once(store, report, runs):
            runs += added
        return [run.path for run in runs]

    def _apply_rules_once(self, store: Store, report: Report, runs: list[Run]) -> list[Run]:
        found = (
            triple for rule in read_inference_rules() for triple in cast(QueryTriples, store.query(rule))
        )
        return self._add(store, found, report, runs)

    def _add(self, store: Store, triples: Iterator[Triple], report: Report, before: list[Run]) -> list[Run]:
        """Write the `triples` that the store has not as runs, load these, and return them."""
        default = DefaultGraph()
        new = (triple for triple in triples if in_graph(triple, default) not in store)
        runs: list[Run] = []
        for number in count(len(before)):
            lines: list[bytes] = []
            while len(lines) < RUN_QUADS and (batch := list(islice(new, _BATCH))):
                lines += to_nquads(in_graph(triple, GRAPH_NAME) for triple in batch).splitlines(keepends=True)
            if not lines:
                break
            blank = any(b"_:" in line for line in lines)
            runs.append(write_sorted(self.folder / f"{number:05}.nq", lines, blank=blank))
            report(0, sum(run.quads for run in (*before, *runs)))
        for run in runs:
            LoadRun(run)(store, report)
        return runs


def _periods(store: Store) -> Iterator[Triple]:
    """Yield the triples of the period of each claim in the store."""
    values = _values_in(store)
    type_, default = NamedNode(TYPE), DefaultGraph()
    for name in PERIOD_CLASSES:
        for quad in store.quads_for_pattern(None, type_, NamedNode(name), default):
            if isinstance(quad.subject, NamedNode):
                yield from period_of(quad.subject.value, name, values)


def _values_in(store: Store) -> Values:
    """Return what gives the values of a property of a node that have an IRI or are literals."""

    def values(name: str, property_: str) -> Sequence[Value]:
        try:
            subject = NamedNode(name)
        except ValueError:  # a literal where a path expects a node
            return ()
        quads = store.quads_for_pattern(subject, NamedNode(property_), None, DefaultGraph())
        return [each.object for each in quads if isinstance(each.object, NamedNode | Literal)]

    return values
