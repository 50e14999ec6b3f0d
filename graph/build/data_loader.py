"""Loads RDF files into a store with its tables and its text index, and identifies what was loaded.

The digest of what is read gives the load its id: answers from the same files have the same entity tags. Quads
are written in chunks, so that progress can be reported. bulk_load, which parses in the engine, was tried: it
is no faster, since writing takes most of the time, and it reports no progress.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import IO, Any, Final

from pyoxigraph import DefaultGraph, Quad, Store

from graph import index
from graph.core.errors import Unavailable
from graph.rdf import reader
from graph.release.releases import FORM
from graph.search import writer

STORE: Final = "store"
_CHUNK_QUADS: Final = 100_000
_SMALL: Final = 20_000  # triples, for which starting a process takes longer than writing an index
_BLOCK_BYTES: Final = 1 << 20

Report = Callable[[str, int, int, int], None]
"""Takes the name of a step, how much of it is done, the total (0 if unknown), and how many quads are done."""


@dataclass(frozen=True)
class FileDigest:
    """A file that was read, by its URI, and the digest of its bytes."""

    uri: str
    digest: str


@dataclass(frozen=True)
class LoadedData:
    """What was loaded: its id, when the newest of its files was changed, and the directory that holds it."""

    id: str
    created: str
    union: bool
    place: Path
    files: tuple[FileDigest, ...]

    @property
    def store(self) -> Path:
        """The directory of the Oxigraph store."""
        return self.place / STORE


def _new_digest() -> "hashlib.blake2b":
    return hashlib.blake2b(digest_size=16)


class WatchedFile(io.RawIOBase):
    """A file whose bytes are counted and digested as they are read."""

    def __init__(self, file: IO[bytes]) -> None:
        """Read from `file`, which is closed with this."""
        self._file, self._digest, self.count = file, _new_digest(), 0

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into `buffer`, and return how many bytes."""
        found = self._file.read(len(buffer))
        buffer[: len(found)] = found
        self._digest.update(found)
        self.count += len(found)
        return len(found)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        super().close()

    def digest(self) -> str:
        """Return the digest of what has been read."""
        return self._digest.hexdigest()


def digest_file(path: Path) -> str:
    """Return the digest of the bytes of a file; raise OSError if it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, _new_digest).hexdigest()


def load_files(paths: tuple[Path, ...], place: Path, report: Report, *, union: bool = False) -> LoadedData:
    """Load the files at `paths` into the directory `place`, which holds nothing yet.

    With `union`, every triple is in the default graph too. Raise BadInput for a file that cannot be read or
    parsed, and Unavailable if the store cannot be written.
    """
    try:
        return _load(paths, place, report, union=union)
    except OSError as error:
        raise Unavailable(
            f"The data cannot be stored: {error.strerror or error}",
            where=str(place),
            rule="room for the store",
            remedy="make room there, or give another directory with --store",
        ) from error


def _load(paths: tuple[Path, ...], place: Path, report: Report, *, union: bool) -> LoadedData:
    place.mkdir(parents=True, exist_ok=True)
    store = Store(place / STORE)
    files = _Files(paths)
    written = 0
    quads = files.quads()
    while chunk := list(islice(quads, _CHUNK_QUADS)):
        store.bulk_extend(_with_union(chunk) if union else chunk)
        written += len(chunk)
        report("load", files.bytes_read, files.bytes_total, written)
    report("arrange", 0, 0, written)
    store.optimize()
    store.flush()
    del store  # which closes it, so that its files are complete
    _write_indexes(place, Store.read_only(str(place / STORE)), report)
    return LoadedData(_identify(files.digests, union), files.changed, union, place, tuple(files.digests))


class _Files:
    """The files of a load: their quads, and what is known of them once these are read."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        self._paths = paths
        self._before = 0
        self._current: WatchedFile | None = None
        stats = [path.stat() for path in paths if path.is_file()]
        self.bytes_total = sum(each.st_size for each in stats) if len(stats) == len(paths) else 0
        newest = max((each.st_mtime for each in stats), default=0.0)
        self.changed = datetime.fromtimestamp(newest, UTC).isoformat(timespec="seconds")
        self.digests: list[FileDigest] = []

    @property
    def bytes_read(self) -> int:
        """How many bytes of all files have been read."""
        return self._before + (self._current.count if self._current else 0)

    def quads(self) -> Iterator[Quad]:
        """Yield the quads of all files; raise BadInput as `read_quads` does."""
        for path in self._paths:
            yield from reader.read_quads(path, self._watch)
            if self._current is not None:
                self.digests.append(FileDigest(path.absolute().as_uri(), self._current.digest()))
                self._before += self._current.count
                self._current = None

    def _watch(self, file: IO[bytes]) -> IO[bytes]:
        self._current = WatchedFile(file)
        return io.BufferedReader(self._current, _BLOCK_BYTES)


def _with_union(quads: list[Quad]) -> Iterator[Quad]:
    """Yield the quads, and each in the default graph too, where the store has it once."""
    for quad in quads:
        yield quad
        yield Quad(quad.subject, quad.predicate, quad.object)


def _identify(files: list[FileDigest], union: bool) -> str:
    content = repr((FORM, union, sorted((each.uri, each.digest) for each in files)))
    return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()


def _write_indexes(place: Path, store: Store, report: Report) -> None:
    """Write the tables and the text index, at the same time in two processes unless there is little to do."""
    default_graph = store.quads_for_pattern(None, None, None, DefaultGraph())
    is_small = sum(1 for _ in islice(default_graph, _SMALL)) < _SMALL
    total = len(store)
    with ExitStack() as running:
        pool = None if is_small else running.enter_context(ProcessPoolExecutor(1, get_context("spawn")))
        text = _write_text_index(place, pool)
        index.write_index(
            place / index.INDEX_FILE, store, lambda count: report("index", min(count, total), total, count)
        )
        report("text index", 0, 0, total)
        if text:
            text.result()


def _write_text_index(place: Path, pool: Executor | None) -> "Future[None] | None":
    """Write the text index now, or have `pool` do so."""
    folder, store = place / writer.INDEX_FOLDER, place / STORE
    if pool:
        return pool.submit(writer.write_text_index, folder, store)
    writer.write_text_index(folder, store)
    return None
