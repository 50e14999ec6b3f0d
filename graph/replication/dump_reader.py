"""Reads a dump graph by graph, in flat memory: runs of lines, sorted by graph, are merged from the disk.

Within a graph, lines with blank nodes come first. https://www.w3.org/TR/n-quads/#canonical-quads
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from heapq import merge
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Final

import zstandard

from graph.core.errors import Unavailable

_TERM: Final = rb'(?:<[^>]*>|_:[^ ]+|"[^"\\]*(?:\\.[^"\\]*)*"(?:@[^ ]+|\^\^<[^>]*>)?)'
_QUAD: Final = re.compile(rb"((?:<[^>]*>|_:[^ ]+) <[^>]*> (" + _TERM + rb") )(?:(<[^>]*>|_:[^ ]+) )?\.\n?$")
_RUN_BYTES: Final = 48 << 20  # of lines that are sorted in memory
_LEVEL: Final = 1  # of the compression of runs
Record = tuple[bytes, bytes]
Counter = Callable[[int], None]


def split_quad(line: bytes) -> tuple[bytes, bytes, bool]:
    """Return the triple in a line of N-Quads, its graph, and whether it has blank nodes.

    The triple is a line of N-Triples, and the graph b"" for the default graph. Raise Unavailable if `line` is
    not canonical N-Quads.
    """
    found = _QUAD.match(line)
    if found is None:
        raise Unavailable(
            f"a line of the dump is not canonical N-Quads: {line[:120].decode('utf-8', 'replace')}",
            where="utsaga.nq.gz",
            rule="N-Quads",
            remedy="build the release again",
        )
    triple, value, graph = found.groups()
    return triple + b".\n", graph or b"", triple.startswith(b"_:") or value.startswith(b"_:")


class SortedDump:
    """The quads of a dump, sorted by graph; `close` deletes what is on the disk."""

    def __init__(self, lines: Iterable[bytes], folder: Path, progress: Counter = lambda count: None) -> None:
        """Sort `lines`, with runs in the `folder`; `progress` is called with how many have been read."""
        self._folder, self._runs = folder, list[Path]()
        self._rest: list[Record] = []
        self.blank_triples: list[bytes] = []
        size = 0
        for number, line in enumerate(lines, 1):
            triple, graph, is_blank = split_quad(line)
            self._rest.append((graph + (b" 0 " if is_blank else b" 1 "), triple))
            if is_blank and triple not in self.blank_triples[-1:]:
                self.blank_triples.append(triple)
            size += len(line)
            if size >= _RUN_BYTES:
                self._write_run()
                size = 0
            if number % 100_000 == 0:
                progress(number)
        self._rest.sort(key=itemgetter(0))

    def graphs(self) -> Iterator[tuple[bytes, Iterator[tuple[bytes, bool]]]]:
        """Yield each graph with its triples as lines of N-Triples, each with whether it has blank nodes."""
        with ExitStack() as stack:
            runs = [stack.enter_context(_read_run(path)) for path in self._runs]
            records = merge(*runs, self._rest, key=itemgetter(0))
            for graph, members in groupby(records, key=lambda record: record[0][:-3]):
                yield graph, ((triple, key.endswith(b"0 ")) for key, triple in members)

    def _write_run(self) -> None:
        path = self._folder / f"run-{len(self._runs)}.zst"
        self._rest.sort(key=itemgetter(0))
        with path.open("wb") as file, zstandard.ZstdCompressor(_LEVEL).stream_writer(file) as run:
            for key, triple in self._rest:
                run.write(key + triple)
        self._runs.append(path)
        self._rest = []


@contextmanager
def _read_run(path: Path) -> Iterator[Iterator[Record]]:
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as run:
        yield map(_split_record, io.BufferedReader(run, 1 << 18))


def _split_record(line: bytes) -> Record:
    end = line.index(b" ", line.index(b" ") + 1) + 1
    return line[:end], line[end:]


def union_triples(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the triples without blank nodes of sorted `lines`, each once."""
    before = b""
    for line in lines:
        triple, _, is_blank = split_quad(line)
        if not is_blank and triple != before:
            yield triple
            before = triple
