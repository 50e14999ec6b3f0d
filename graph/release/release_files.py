"""Every file of a release with its size and digest, written when it is made: what another server fetches.

Files that a program makes anew when it opens the release are left out: locks, and the log of the store.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final, Self

from graph.core.errors import Unavailable

FILE: Final = "files.json"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_UNLISTED: Final = frozenset({FILE, "LOCK", "LOG", ".tantivy-meta.lock", ".tantivy-writer.lock"})


@dataclass(frozen=True)
class ReleaseFile:
    """A file: its path in the folder of the release, its bytes, and its SHA-256 in hexadecimal."""

    path: str
    size: int
    sha256: str

    @classmethod
    def measure(cls, folder: Path, path: Path) -> Self:
        """Return what the file at `path`, in `folder`, is."""
        return cls(path.relative_to(folder).as_posix(), path.stat().st_size, file_digest(path))


def file_digest(path: Path) -> str:
    """Return the SHA-256 of the file at `path` in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def measure(folder: Path) -> list[ReleaseFile]:
    """Return all files of the release in `folder` that belong to its content, by path."""
    found = (each for each in folder.rglob("*") if each.is_file() and each.name not in _UNLISTED)
    return sorted((ReleaseFile.measure(folder, each) for each in found), key=lambda each: each.path)


def write_listing(folder: Path) -> None:
    """Write the list of the files of the release in `folder` beside them."""
    (folder / FILE).write_text(render_listing(measure(folder)), encoding="utf-8")


def render_listing(files: Iterable[ReleaseFile]) -> str:
    """Return the text of a list of `files`, one a line."""
    rows = ",\n".join(json.dumps(asdict(each)) for each in files)
    return f"[\n{rows}\n]\n"


def read_listing(folder: Path) -> list[ReleaseFile]:
    """Return the files of the release in `folder`; none if an earlier version of the program made it.

    Raise Unavailable if their list is damaged, and OSError.
    """
    path = folder / FILE
    if not path.exists():
        return []
    try:
        return list(parse_listing(json.loads(path.read_text(encoding="utf-8"))))
    except (ValueError, KeyError, TypeError) as error:
        raise Unavailable(
            f"the release {folder.name} is damaged: its {FILE} cannot be read",
            where=f"{folder.name}/{FILE}",
            rule="list of files",
            remedy="choose another of utsaga releases list and activate it, or run utsaga build",
        ) from error


def parse_listing(rows: Any) -> Iterator[ReleaseFile]:
    """Yield the files that `rows` describe; raise ValueError, KeyError or TypeError if they describe none."""
    for row in rows:
        file = ReleaseFile(row["path"], row["size"], row["sha256"])
        if not isinstance(file.path, str) or not isinstance(file.size, int) or file.size < 0:
            raise ValueError(f"{row}")
        if not _DIGEST.fullmatch(file.sha256):
            raise ValueError(f"the digest {file.sha256}")
        yield file


def check_paths(files: Iterable[ReleaseFile]) -> None:
    """Raise ValueError, naming a path, unless all are different names of files inside of a folder."""
    seen: set[str] = set()
    for each in files:
        if not _is_inside(each.path) or each.path in seen:
            raise ValueError(each.path)
        seen.add(each.path)
    for path in seen:
        if any(parent.as_posix() in seen for parent in PurePosixPath(path).parents):
            raise ValueError(path)


def _is_inside(path: str) -> bool:
    """Return whether a path has ordinary names only, in the one way that it can be written."""
    parts = path.split("/")
    ordinary = all(part and part.isascii() and part.isprintable() for part in parts)
    return ordinary and not {".", ".."} & {*parts} and not set(r'\:*?"<>|') & {*path} and path != FILE
