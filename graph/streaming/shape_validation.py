"""Validates named graphs of any size in a store against the shapes, but not again what was valid before.

A graph is taken apart into parts of some hundred subjects, at places that its content gives, so that a
change moves no other part. A part is validated with the descriptions of what it mentions. Its digest covers
these and the shapes, and is kept once it is valid.
"""

import hashlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby, islice
from operator import attrgetter
from pathlib import Path
from typing import Final
from zlib import crc32

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from graph.core.errors import BadInput, Fault
from graph.core.namespaces import SH
from graph.core.progress import Progress
from graph.loading.child_process import child_processes
from graph.rdf.ontology_files import read_ontology
from graph.rules.shacl import shapes

VALID: Final = "validated.sqlite"  # beside the releases
MAX_FAULTS: Final = 200  # after which a build stops
_PART_SUBJECTS: Final = 256  # on average
_BATCH_LINES: Final = 15_000  # validated at once
_MAX_OWN: Final = 5_000  # triples of one subject
_MAX_MENTIONED: Final = 64  # triples of something that is mentioned
_DEFAULT: Final = DefaultGraph()
Subject = NamedNode | BlankNode


@dataclass(frozen=True)
class _Part:
    """Subjects of a graph with the lines of their descriptions, and the digest of these and of the shapes."""

    subjects: frozenset[str]
    lines: tuple[str, ...]
    key: bytes
    quads: int


def validate_graphs(store: Path, graphs: Iterable[str], home: Path, progress: Progress, total: int) -> int:
    """Validate `graphs` in the store, and return how many parts had to be; the folder `home` keeps the valid.

    Raise BadInput with the first faults. `total` is the number of quads in the graphs.
    """
    engine = Store.read_only(str(store))
    parts = (part for graph in graphs for part in _parts(engine, NamedNode(graph)))
    with closing(sqlite3.connect(home / VALID)) as known, child_processes(os.cpu_count() or 1) as pool:
        known.execute("CREATE TABLE IF NOT EXISTS valid (key BLOB PRIMARY KEY) WITHOUT ROWID")
        running: list[tuple[list[_Part], Future[list[Fault]]]] = []
        faults: list[Fault] = []
        done = validated = 0
        for batch in _batches(parts, known):
            done += sum(part.quads for part in batch)
            changed = [part for part in batch if part.lines]
            if changed:
                validated += len(changed)
                running.append((changed, pool.submit(_validate, changed)))
            while running and (len(running) > 4 or running[0][1].done()):
                faults += _finish(*running.pop(0), known)
            progress("shapes", min(done, total), total, done)
            if len(faults) >= MAX_FAULTS:
                break
        for each in running:
            faults += _finish(*each, known)
    if faults:
        raise BadInput.of(faults[:MAX_FAULTS])
    return validated


def _parts(store: Store, graph: NamedNode) -> Iterator[_Part]:
    """Yield the parts of a graph, in the order of the store."""
    subjects: list[Subject] = []
    quads = 0
    for subject, members in groupby(
        store.quads_for_pattern(None, None, None, graph), key=attrgetter("subject")
    ):
        quads += sum(1 for _ in members)
        if isinstance(subject, NamedNode | BlankNode):
            subjects.append(subject)
        if crc32(str(subject).encode()) % _PART_SUBJECTS == 0:
            yield _describe(store, subjects, quads)
            subjects, quads = [], 0
    if subjects:
        yield _describe(store, subjects, quads)


def _describe(store: Store, subjects: list[Subject], count: int) -> _Part:
    own = dict.fromkeys(subjects)
    described = [quad for each in own for quad in _about(store, each, _MAX_OWN)]
    incoming = [
        quad
        for each in own
        for property_ in _inverse_properties()
        for quad in islice(store.quads_for_pattern(None, property_, each, _DEFAULT), _MAX_MENTIONED)
    ]
    mentioned = dict.fromkeys(
        quad.object for quad in described if isinstance(quad.object, NamedNode | BlankNode)
    )
    context = (quad for each in mentioned if each not in own for quad in _about(store, each, _MAX_MENTIONED))
    lines = sorted({f"{quad.triple} .\n" for quad in chain(described, incoming, context)})
    names = frozenset(each.value for each in own)
    digest = hashlib.blake2b(_rules_digest(), digest_size=16)
    for text in (*sorted(names), *lines):
        digest.update(text.encode("utf-8", "surrogatepass"))
    return _Part(names, tuple(lines), digest.digest(), count)


def _about(store: Store, subject: Subject, most: int) -> Iterator[Quad]:
    return islice(store.quads_for_pattern(subject, None, None, _DEFAULT), most)


def _batches(parts: Iterable[_Part], known: sqlite3.Connection) -> Iterator[list[_Part]]:
    """Yield parts together that are validated at once; the valid ones without their lines."""
    batch: list[_Part] = []
    size = 0
    for part in parts:
        if known.execute("SELECT 1 FROM valid WHERE key = ?", (part.key,)).fetchone():
            batch.append(_Part(part.subjects, (), part.key, part.quads))
        else:
            batch.append(part)
            size += len(part.lines)
        if size >= _BATCH_LINES or len(batch) >= _PART_SUBJECTS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _finish(parts: list[_Part], found: "Future[list[Fault]]", known: sqlite3.Connection) -> list[Fault]:
    """Return the faults of `parts`, or keep that they are valid if there are none."""
    faults = found.result()
    if not faults:
        with known:
            known.executemany("INSERT OR IGNORE INTO valid VALUES (?)", [(part.key,) for part in parts])
    return faults


def _validate(parts: list[_Part]) -> list[Fault]:
    """Return the faults of the subjects of `parts`; those of what they mention are others' to find."""
    text = "".join({line for part in parts for line in part.lines})
    quads = list(parse(text.encode("utf-8", "surrogatepass"), format=RdfFormat.N_TRIPLES))
    own = frozenset[str]().union(*(part.subjects for part in parts))
    return shapes(quads, _rules(), {}, own)


@cache
def _rules() -> list[Quad]:
    return read_ontology()


@cache
def _rules_digest() -> bytes:
    lines = sorted(
        f"{quad.predicate} {quad.object}" for quad in _rules() if quad.object.__class__ is not BlankNode
    )
    return hashlib.blake2b("\n".join(lines).encode()).digest()


@cache
def _inverse_properties() -> tuple[NamedNode, ...]:
    inverse = NamedNode(SH + "inversePath")
    found = {quad.object for quad in _rules() if quad.predicate == inverse}
    return tuple(sorted((each for each in found if isinstance(each, NamedNode)), key=str))
