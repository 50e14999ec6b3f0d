"""Sorted runs of N-Quads on disk, which a file of plain RDF of any size is taken apart into.

Merged, the runs are the sorted content of the file, within the memory of one run. A run has a second file, of
its triples without their graphs, for the union of all graphs. Each is complete when it has its description,
so that reading that was interrupted goes on with the next run.
"""

import json
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from itertools import count, islice
from pathlib import Path
from typing import Final, Self

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, serialize

from graph.core.errors import Unavailable
from graph.core.files import replace_text
from graph.loading.store_loader import Report
from graph.loading.watched_file import WatchedFile
from graph.rdf import reader
from graph.rdf.convert import in_graph
from graph.streaming.blank_nodes import BlankNodeLabels, has_blank_nodes
from graph.streaming.plain_rdf import PlainFile

RUN_QUADS: Final = 500_000
_COMPLETE: Final = "complete"  # the file that says that all runs of a file are there
_BATCH_QUADS: Final = 50_000  # made into lines at once
_BUFFER_BYTES: Final = 1 << 18
_DEFAULT: Final = DefaultGraph()


@dataclass(frozen=True)
class Run:
    """A run: the file of its lines, how many there are by graph, and whether they have blank nodes."""

    path: Path
    graphs: dict[str, int]
    has_blank_nodes: bool

    @property
    def quads(self) -> int:
        """The number of its lines."""
        return sum(self.graphs.values())

    @property
    def triples(self) -> Path:
        """The file of its triples, without their graphs."""
        return triples_of(self.path)

    @classmethod
    def read(cls, path: Path) -> Self | None:
        """Return the run at `path`, or None if it is not complete."""
        try:
            described = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return cls(path, **described)

    def describe(self) -> None:
        """Write the description, by which the run is complete."""
        described = {name: value for name, value in asdict(self).items() if name != "path"}
        replace_text(self.path.with_suffix(".json"), json.dumps(described))


def triples_of(path: Path) -> Path:
    """Return the file of the triples of the run at `path`."""
    return path.with_suffix(".nt")


def write_runs(file: PlainFile, digest: str, folder: Path, report: Report) -> Iterator[Run]:
    """Yield the runs of `file` in the new or partly filled `folder`, each when it is complete.

    Raise BadInput if the file cannot be read or parsed, and Unavailable if it has not the `digest` any more.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / _COMPLETE).exists():
        runs = runs_in(folder)
        report(file.path.stat().st_size, sum(run.quads for run in runs))
        yield from runs
        return
    watched = WatchedFile(counts_lines=False)
    labels = BlankNodeLabels(file.name, file.format)
    quads = reader.read_quads(file.path, watched.stored, rename_blank_nodes=False)
    done = 0
    for number in count():
        path = folder / f"{number:05}.nq"
        run = Run.read(path)
        if run and not labels.are_kept:
            found = _skip(quads, RUN_QUADS)
        else:
            found, run = _write(path, islice(quads, RUN_QUADS), NamedNode(file.graph), labels)
        if run is None:
            break
        done += found
        report(watched.bytes_read, done)
        yield run
    if watched.digest() != digest:
        raise Unavailable(
            "the file was changed while it was read",
            where=str(file.path),
            rule="facts at rest",
            remedy="build again once it is written",
        )
    (folder / _COMPLETE).touch()


def runs_in(folder: Path) -> list[Run]:
    """Return the complete runs in `folder`, in order."""
    found = (Run.read(path) for path in sorted(folder.glob("*.nq")))
    return [run for run in found if run]


def write_sorted(path: Path, lines: list[bytes], *, blank: bool) -> Run:
    """Write a run of `lines` of N-Quads, each in a named graph, to the new file `path`."""
    lines = list(dict.fromkeys(sorted(lines)))
    graphs: Counter[bytes] = Counter()
    triples: list[bytes] = []
    for line in lines:
        end = line.rindex(b" ", 0, -3)
        graphs[line[end + 1 : -3]] += 1
        triples.append(line[:end] + b" .\n")
    for file, content in ((path, lines), (triples_of(path), triples)):
        with file.open("wb", buffering=_BUFFER_BYTES) as written:
            written.writelines(content)  # a third of the time that joining them takes
    names = {name.decode().removeprefix("<").removesuffix(">"): size for name, size in graphs.items()}
    run = Run(path, names, blank)
    run.describe()
    return run


def to_nquads(quads: Iterable[Quad]) -> bytes:
    """Return `quads` as N-Quads, a line for each."""
    return serialize(quads, format=RdfFormat.N_QUADS) or b""


def _write(
    path: Path, quads: Iterator[Quad], graph: NamedNode, labels: BlankNodeLabels
) -> tuple[int, Run | None]:
    """Write `quads` as a run; return how many they are and the run, None if there are none."""
    lines: list[bytes] = []
    found, blank = 0, False
    while batch := list(islice(quads, _BATCH_QUADS)):
        found += len(batch)
        placed = [each if each.graph_name != _DEFAULT else in_graph(each, graph) for each in batch]
        written = to_nquads(placed)
        if b"_:" in written and any(map(has_blank_nodes, placed)):
            blank = True
            written = to_nquads(map(labels.relabel, placed))
        lines += written.splitlines(keepends=True)
    return found, write_sorted(path, lines, blank=blank) if lines else None


def _skip(quads: Iterator[Quad], most: int) -> int:
    """Pass over at most so many `quads`, and return how many."""
    numbered = deque(enumerate(islice(quads, most), 1), maxlen=1)
    return numbered[0][0] if numbered else 0
