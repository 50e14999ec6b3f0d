"""The parts of a release that are pushed, in one order: each named graph, and the union of all at last."""

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from graph.core.site import SITE
from graph.release.release import DUMP, Release
from graph.replication.dump_reader import SortedDump, union_triples
from graph.replication.pieces import skolemised
from graph.replication.store_probe import DEFAULT, NONE

_UNION_KEY: Final = "~"  # after all names of graphs
Triples = Iterator[tuple[bytes, bool]]
"""Lines of N-Triples, each with whether it has blank nodes; those first."""


@dataclass(frozen=True)
class Part:
    """A graph and its triples; "" is the default graph. Parts come in the order of their `key`."""

    key: str
    graph: str
    triples: Triples


class ReleaseParts:
    """The parts of one release, read from its dump; the dump is sorted when they are read first."""

    def __init__(
        self,
        release: Release,
        folder: Path,
        union: str,
        *,
        skolemises: bool = False,
        progress: Callable[[int], None] = lambda count: None,
    ) -> None:
        """Take the folder for what does not fit into memory, and the place of the union."""
        self._release, self._folder, self._union = release, folder, union
        self._progress = progress
        self._prefix = f"{SITE.base}.well-known/genid/{release.manifest.id}-".encode() if skolemises else b""
        self._sorted: SortedDump | None = None

    def __iter__(self) -> Iterator[Part]:
        """Yield the parts; the triples of one are there until the next is taken."""
        if self._sorted is None:
            self._sorted = SortedDump(self._lines(), self._folder, self._progress)
        for name, triples in self._sorted.graphs():
            if name:
                yield Part(name.decode(), name[1:-1].decode(), triples)
        if self._union != NONE:
            blank = ((triple, True) for triple in self._sorted.blank_triples)
            ground = ((triple, False) for triple in union_triples(self._lines()))
            graph = "" if self._union == DEFAULT else self._union
            yield Part(_UNION_KEY, graph, chain(blank, ground))

    def _lines(self) -> Iterator[bytes]:
        with gzip.open(self._release.path / DUMP) as dump:
            for line in dump:
                yield skolemised(line, self._prefix) if self._prefix else line
