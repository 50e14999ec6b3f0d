"""Opens a file of facts with care, and holds what was read from it until the release is built."""

import os
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Quad

from graph.core.errors import BadInput

MAX_BYTES = 10_000_000


@dataclass(frozen=True)
class Facts:
    """The quads of one file, all in the named graph `graph`, and where each was written.

    `lines` maps a subject's IRI, and “subject predicate” where that is known, to file:line.
    """

    graph: str
    quads: list[Quad]
    lines: dict[str, str] = field(default_factory=dict)


def where(lines: dict[str, str], subject: str, predicate: str = "") -> str:
    """Return file:line of `predicate` on `subject`, else of `subject`, else the subject itself."""
    return lines.get(f"{subject} {predicate}") or lines.get(subject) or subject


def check_size(path: Path) -> None:
    """Raise BadInput when the file at `path` is missing, or larger than a file of facts may be."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise BadInput(
            f"the file cannot be read: {error.strerror}",
            where=str(path),
            rule="readable file",
            remedy="check the path",
        ) from error
    if size > MAX_BYTES:
        raise BadInput(
            f"the file has {size:,} bytes; at most {MAX_BYTES:,} are read",
            where=f"{path}:1",
            rule="file size",
            remedy="split it into several sources",
        )


def read_text(path: Path) -> str:
    """Return the UTF-8 text of `path`; raise BadInput when it is missing, too large or not UTF-8."""
    check_size(path)
    content = path.read_bytes()
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadInput(
            f"byte {error.start} is not UTF-8",
            where=f"{path}:{line}",
            rule="UTF-8",
            remedy="save the file as UTF-8",
        ) from error
