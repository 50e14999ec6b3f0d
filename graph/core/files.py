"""Writes a file so that it is the old one or the new one and never a part, whatever happens meanwhile."""

import os
from contextlib import suppress
from pathlib import Path

from graph.core.errors import Forbidden


def check_writable(folder: Path) -> None:
    """Raise Forbidden unless files can be made in `folder`, which is made if there is none."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unwritable(folder, None)


def write(path: Path, text: str) -> None:
    """Put `text` into the file at `path`, or leave it as it is and raise Forbidden."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def one_line(text: str) -> str:
    """Return `text`, which may come from anywhere, on one line and without what steers a terminal."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _unwritable(path: Path, error: OSError | None) -> Forbidden:
    return Forbidden(
        f"it cannot be written{f': {error.strerror}' if error else ''}",
        where=str(path),
        rule="facts folder",
        remedy="name a folder that you may write with --facts",
    )
