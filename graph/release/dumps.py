"""The files of a release to download: all of it in RDF and as tables, each graph alone, their digests."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, parse, serialize

from graph.core.namespaces import GRAPH, PREFIXES
from graph.release.release import DUMP, write_dump

FOLDER: Final = "dumps"
SUMS: Final = "SHA256SUMS"
TRIG: Final = "utsaga.trig.gz"
CSV: Final = "utsaga.csv.zip"
SQLITE: Final = "utsaga.sqlite"
PARQUET: Final = "utsaga.parquet.zip"
XLSX: Final = "utsaga.xlsx"
DATASETTE: Final = "utsaga.datasette.json"
GZIP: Final = "application/gzip"
ZIP: Final = "application/zip"
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]*\.nt\.gz")


@dataclass(frozen=True)
class DumpFormat:
    """A format: its title, the media type of its content, and that of what this is packed in, if it is."""

    title: str
    media_type: str
    packing: str = ""


WHOLE: Final = {
    XLSX: DumpFormat("XLSX", _OFFICE + "spreadsheetml.sheet"),
    CSV: DumpFormat("CSV", "text/csv", ZIP),
    SQLITE: DumpFormat("SQLite", "application/vnd.sqlite3"),
    PARQUET: DumpFormat("Parquet", "application/vnd.apache.parquet", ZIP),
    DUMP: DumpFormat("N-Quads", "application/n-quads", GZIP),
    TRIG: DumpFormat("TriG", "application/trig", GZIP),
}
"""The formats of the files that hold the whole release, in the order in which pages list them."""
_PARTS: Final = {".nt.gz": DumpFormat("N-Triples", "application/n-triples", GZIP)}
_ASIDE: Final = DumpFormat("JSON", "application/json")


@dataclass(frozen=True)
class Dump:
    """One file: its name, the bytes in it, and its SHA-256 in hexadecimal."""

    name: str
    size: int
    digest: str

    @property
    def format(self) -> DumpFormat:
        """Its format."""
        parts = (each for ending, each in _PARTS.items() if self.name.endswith(ending))
        return WHOLE.get(self.name) or next(parts, _ASIDE)

    @property
    def served_as(self) -> str:
        """The media type of the file as it is."""
        return self.format.packing or self.format.media_type

    @property
    def whole(self) -> bool:
        """Whether it holds the whole release, not one graph."""
        return self.name in WHOLE


def file_name(graph: str) -> str:
    """Return the name of the file with the named graph `graph`, one of ours."""
    return f"{graph.removeprefix(GRAPH).replace('/', '.')}.nt.gz"


def write(release: Path, lines: list[bytes]) -> list[Dump]:
    """Write the files in RDF beside the dump in the folder `release`, from its canonical `lines`.

    Return these and what is in the folder of the dumps already, and write the digests of all.
    """
    _write_rdf(release / FOLDER, lines)
    return write_digests(release)


def write_digests(release: Path) -> list[Dump]:
    """Write the digests of the dump in the folder `release` and of what is in its folder of dumps.

    Return all of these files.
    """
    folder = release / FOLDER
    folder.mkdir(exist_ok=True)
    written = [_measure(release / DUMP), *(_measure(path) for path in sorted(folder.iterdir()))]
    (folder / SUMS).write_text("".join(f"{each.digest}  {each.name}\n" for each in written))
    return written


def _write_rdf(folder: Path, lines: list[bytes]) -> None:
    folder.mkdir(exist_ok=True)
    quads = sorted(parse(b"".join(lines), format=RdfFormat.N_QUADS), key=lambda quad: str(quad.graph_name))
    write_dump(folder / TRIG, _trig(quads))
    for graph, members in groupby(quads, key=lambda quad: quad.graph_name):
        name = file_name(getattr(graph, "value", ""))
        if _NAME.fullmatch(name):
            write_dump(folder / name, (f"{quad.triple} .\n".encode() for quad in members))


def listed(release: Path) -> list[Dump]:
    """Return the files of the release in the folder `release`, those with all of it first.

    There are none if an earlier version of the program made it.
    """
    sums = release / FOLDER / SUMS
    if not sums.exists():
        return []
    digests = {
        name: digest for digest, _, name in (line.partition("  ") for line in sums.read_text().splitlines())
    }
    names = dict.fromkeys([*(name for name in WHOLE if name in digests), *digests])
    return [Dump(name, location(release, name).stat().st_size, digests[name]) for name in names]


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
