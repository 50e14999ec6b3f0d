"""Loads RDF files into a store with its tables and its text index, and identifies what was loaded.

The digest of what is read gives the load its id: answers from the same files have the same entity tags. The
engine parses and writes in a process of its own, which reports how much it has read.
"""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pyoxigraph import Store

from graph.core.progress import Progress
from graph.loading.file_loading import LoadedFile, LoadFile, not_stored
from graph.loading.loaded_data import STORE, FileDigest, LoadedData
from graph.loading.store_indexes import write_indexes
from graph.loading.store_loader import Optimise, StoreLoader
from graph.release.release import FORM

_SMALL_BYTES: Final = 1 << 20  # of files, for which starting a process takes longer than loading them


def load_files(
    paths: tuple[Path, ...], place: Path, progress: Progress, *, union: bool = False
) -> LoadedData:
    """Load the files at `paths` into the directory `place`, which holds nothing yet.

    With `union`, every triple is in the default graph too. Raise BadInput for a file that cannot be read or
    parsed, and Unavailable if the store cannot be written.
    """
    try:
        place.mkdir(parents=True, exist_ok=True)
        files = _load(paths, place / STORE, progress, union=union)
        write_indexes(place, place / STORE, progress)
    except OSError as error:
        raise not_stored(error, str(place)) from error
    newest = max((path.stat().st_mtime for path in paths if path.is_file()), default=0.0)
    changed = datetime.fromtimestamp(newest, UTC).isoformat(timespec="seconds")
    digests = tuple(FileDigest(each.path.absolute().as_uri(), each.digest) for each in files)
    return LoadedData(_identify(digests, union), changed, union, place, digests)


def _load(paths: tuple[Path, ...], store: Path, progress: Progress, *, union: bool) -> list[LoadedFile]:
    """Write the store; files of a few lines in this process."""
    sizes = [path.stat().st_size if path.is_file() else None for path in paths]
    total = sum(size or 0 for size in sizes) if None not in sizes else 0
    files: list[LoadedFile] = []

    def report(done: int, count: int) -> None:
        before = sum(each.size for each in files), sum(each.lines for each in files)
        progress("load", before[0] + done, total, before[1] + count)

    if None not in sizes and total <= _SMALL_BYTES:
        engine = Store(store)
        files += [LoadFile(path, union)(engine, report) for path in paths]
        Optimise()(engine, report)
        return files  # and the engine is closed, so that its files are complete
    with StoreLoader(store, report) as loader:
        for path in paths:
            files.append(loader.run(LoadFile(path, union)))
            report(0, 0)
        progress("arrange", 0, 0, sum(each.lines for each in files))
        loader.run(Optimise())
    return files


def _identify(files: tuple[FileDigest, ...], union: bool) -> str:
    content = repr((FORM, union, sorted((each.uri, each.digest) for each in files)))
    return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()
