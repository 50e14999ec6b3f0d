"""The content of a release as one sorted stream of lines, merged from runs: its dump, and its counts."""

import gzip
import heapq
import io
import pickle
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any, Final

from pyoxigraph import RdfFormat, parse

from graph.release.content_statistics import ContentStatistics, collect

_MAX_OPEN: Final = 500  # runs read at once: a process may have 1,024 files open by default
_LINES: Final = 5_000  # handled at once
_COMPRESSION: Final = 6  # of the dump: higher levels take several times as long for a few per cent


def write_content(runs: list[Path], dump: Path, statistics: Path, described: frozenset[str] | None) -> None:
    """Write the merged lines of `runs` to `dump`, and what is counted in them to `statistics`.

    Only the graphs in `described` are described; None means all.
    """
    with ExitStack() as opened:
        stored = opened.enter_context(dump.open("wb"))
        packed = opened.enter_context(
            gzip.GzipFile(fileobj=stored, mode="wb", mtime=0, filename="", compresslevel=_COMPRESSION)
        )
        folder = Path(opened.enter_context(TemporaryDirectory(dir=statistics.parent)))
        merged = opened.enter_context(_merged(_reduce(runs, folder)))
        lines = _Teed(_distinct(merged), packed)
        quads = parse(io.BufferedReader(lines, 1 << 20), format=RdfFormat.N_QUADS)
        found = collect(quads, is_described=lambda graph: described is None or graph in described)
    part = statistics.with_name(f"{statistics.name}.part")
    part.write_bytes(pickle.dumps(found))
    part.replace(statistics)


def read_statistics(path: Path) -> ContentStatistics:
    """Return what `write_content` has written to `path`, a file of our own."""
    found: ContentStatistics = pickle.loads(path.read_bytes())  # noqa: S301
    return found


def _reduce(runs: list[Path], folder: Path) -> list[Path]:
    """Return `runs`, of which the smallest are merged into new ones in `folder` if they are too many."""
    left = sorted(runs, key=lambda path: path.stat().st_size)
    while len(left) > _MAX_OPEN:
        size = min(_MAX_OPEN, len(left) - _MAX_OPEN + 1)
        path = folder / f"{len(left)}.nq"
        with path.open("wb") as file, _merged(left[:size]) as lines:
            file.writelines(lines)
        left = [*left[size:], path]
    return left


@contextmanager
def _merged(runs: list[Path]) -> Iterator[Iterator[bytes]]:
    """Open `runs`, and give their lines in order."""
    with ExitStack() as opened:
        yield iter(heapq.merge(*(opened.enter_context(path.open("rb")) for path in runs)))


def _distinct(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield sorted lines, each once."""
    last = b""
    for line in lines:
        if line != last:
            yield line
            last = line


class _Teed(io.RawIOBase):
    """Lines to read as a file, each of which is written to another one too."""

    def __init__(self, lines: Iterator[bytes], copy: IO[bytes] | gzip.GzipFile) -> None:
        self._lines, self._copy, self._left = lines, copy, memoryview(b"")

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into `buffer`, and return how many bytes."""
        if not self._left:
            block = b"".join(islice(self._lines, _LINES))
            self._copy.write(block)
            self._left = memoryview(block)
        found, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(found)] = found
        return len(found)
