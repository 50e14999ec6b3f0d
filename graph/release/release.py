"""One immutable release: its files on disk, and its description, the manifest.

The content of a release gives its id, and the version of the program the form of the files made from it:
store, tables, index, map, dumps, description. Each form has a directory of its own, so that no version
changes the files of another.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from graph.core.errors import Unavailable

DUMP = "utsaga.nq.gz"
MANIFEST: Final = "manifest.json"
FORM: Final = 6  # one more whenever anything that is made of the content changes its form
RUNS: Final = "query-runs"  # the folder beside the releases
_ID: Final = re.compile(r"[0-9a-f]{12}")
FOLDER_NAME: Final = re.compile(rf"{_ID.pattern}(?:-([0-9]+))?")  # the id and the form


@dataclass(frozen=True)
class Manifest:
    """The description of a release: its id, the digest of its content that gives the id, and its counts.

    `removed` has a digest of the IRI of each person who was removed on request, which names nobody.
    """

    id: str
    digest: str
    created: str
    triples: int
    graphs: dict[str, int] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)
    statement_kinds: dict[str, int] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)

    def has_removed(self, name: str) -> bool:
        """Return whether the IRI `name` is, or is a part of, an entry that was removed on request."""
        return bool(self.removed) and removal_digest(name.partition("#")[0]) in self.removed


@dataclass(frozen=True)
class Release:
    """One release on disk."""

    path: Path
    manifest: Manifest

    @property
    def form(self) -> int:
        """The number of the form of its files; 0 if they were made before forms had numbers."""
        named = FOLDER_NAME.fullmatch(self.path.name)
        return int(named[1] or 0) if named else 0

    @property
    def store(self) -> Path:
        """The directory of the Oxigraph store."""
        return self.path / "store"

    @property
    def query_runs(self) -> Path:
        """The file with the last runs of the stored queries: beside the release, which never changes."""
        return self.path.parent / RUNS / f"{self.path.name}.json"

    @property
    def engine_runs(self) -> Path:
        """The file beside it with the last runs of the stored queries on other engines that hold its data."""
        return self.query_runs.with_suffix(".engines.json")

    def lines(self) -> Iterator[str]:
        """Yield the canonical N-Quads lines of the release's content, sorted."""
        with gzip.open(self.path / DUMP, "rt", encoding="utf-8") as dump:
            yield from dump


def open_release(folder: Path) -> Release:
    """Return the release in `folder`; raise Unavailable for a damaged manifest, OSError if there is none."""
    manifest = folder / MANIFEST
    try:
        return Release(folder, Manifest(**json.loads(manifest.read_text())))
    except (ValueError, TypeError) as error:
        raise Unavailable(
            f"the release {folder.name} is damaged: its {MANIFEST} cannot be read",
            where=str(manifest),
            rule="manifest",
            remedy="choose another of utsaga releases list and activate it, or run utsaga build",
        ) from error


def is_release_id(text: str) -> bool:
    """Return whether `text` has the form of the id of a release."""
    return _ID.fullmatch(text) is not None


def removal_digest(name: str) -> str:
    """Return the digest by which a release knows the IRI `name` as one that was removed."""
    return hashlib.sha256(name.encode()).hexdigest()


def write_dump(path: Path, lines: Iterable[bytes]) -> None:
    """Write the lines compressed, without a time in the header: the same content gives the same file."""
    with path.open("wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as dump:
        dump.writelines(lines)
