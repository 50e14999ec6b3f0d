"""The files of a release to download: all of it as N-Quads and TriG, each graph alone, their digests."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse, serialize

from graph.core.namespaces import GRAPH, PREFIXES
from graph.release.releases import DUMP, write_dump

FOLDER: Final = "dumps"
SUMS: Final = "SHA256SUMS"
TRIG: Final = "utsaga.trig.gz"
MEDIA_TYPES: Final = {
    "nq": "application/n-quads",
    "trig": "application/trig",
    "nt": "application/n-triples",
}
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]*\.(nq|trig|nt)\.gz")


@dataclass(frozen=True)
class Dump:
    """One file: its name, the bytes in it, and its SHA-256 in hexadecimal."""

    name: str
    size: int
    digest: str

    @property
    def media_type(self) -> str:
        """The media type of what is compressed in it."""
        return MEDIA_TYPES[self.name.split(".")[-2]]

    @property
    def whole(self) -> bool:
        """Whether it holds the whole release, not one graph."""
        return self.name in {DUMP, TRIG}


def file_name(graph: str) -> str:
    """Return the name of the file with the named graph `graph`, one of ours."""
    return f"{graph.removeprefix(GRAPH).replace('/', '.')}.nt.gz"


def write(release: Path, lines: list[bytes]) -> list[Dump]:
    """Write the files beside the dump in the folder `release`, from its canonical `lines`; return all."""
    folder = release / FOLDER
    folder.mkdir()
    quads = sorted(parse(b"".join(lines), format=RdfFormat.N_QUADS), key=lambda quad: str(quad.graph_name))
    write_dump(folder / TRIG, _trig(quads))
    for graph, members in groupby(quads, key=lambda quad: quad.graph_name):
        name = file_name(getattr(graph, "value", ""))
        if _NAME.fullmatch(name):
            write_dump(folder / name, (f"{quad.triple} .\n".encode() for quad in members))
    written = [_measure(release / DUMP), *(_measure(path) for path in sorted(folder.iterdir()))]
    (folder / SUMS).write_text("".join(f"{each.digest}  {each.name}\n" for each in written))
    return written


def listed(release: Path) -> list[Dump]:
    """Return the files of the release in the folder `release`; none if an earlier version made it."""
    sums = release / FOLDER / SUMS
    if not sums.exists():
        return []
    named = [line.split("  ", 1) for line in sums.read_text().splitlines()]
    return [Dump(name, location(release, name).stat().st_size, digest) for digest, name in named]


def location(release: Path, name: str) -> Path:
    """Return where the file `name`, one of those listed, is in the folder `release`."""
    return release / name if name == DUMP else release / FOLDER / name


def _trig(quads: list[Quad]) -> Iterator[bytes]:
    """Yield the quads, which are in the order of their graphs, as TriG, a graph at a time."""
    prefixes = {name: full for name, full in PREFIXES.items() if name != "id"}
    for _, members in groupby(quads, key=lambda quad: quad.graph_name):
        yield serialize(members, format=RdfFormat.TRIG, prefixes=prefixes) or b""


def _measure(path: Path) -> Dump:
    with path.open("rb") as file:
        return Dump(path.name, path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())
