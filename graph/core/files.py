"""Read text files of limited size, list folders, and replace files and links atomically."""

import os
from contextlib import suppress
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from graph.core.errors import BadInput, Forbidden
from graph.core.storage_errors import NO_ROOM, error_number, storage_fault

MAX_BYTES: Final = 10_000_000


def check_size(path: Path) -> None:
    """Raise BadInput if the file at `path` cannot be opened or has more than `MAX_BYTES` bytes."""
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
    """Return the UTF-8 text of `path`; raise BadInput if it is missing, too large or not UTF-8."""
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


def list_folder(folder: Path, pattern: str) -> list[Path]:
    """Return the paths in `folder` whose names match `pattern`, sorted; none if there is no such folder.

    Raise OSError if it cannot be read, as when too many files are open: Path.glob then finds nothing.
    """
    try:
        return sorted(path for path in folder.iterdir() if fnmatchcase(path.name, pattern))
    except FileNotFoundError:
        return []


def ensure_writable(folder: Path) -> None:
    """Create `folder` if it does not exist; raise Forbidden unless files can be created in it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_writable(folder, error) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise not_writable(folder, None)


def write_atomically(path: Path, text: str, *, mode: int = 0o666) -> None:
    """Replace the file at `path` with `text`; raise Forbidden, leaving it unchanged, if that fails.

    `mode` has the permissions of the new file, before the process's umask.
    """
    try:
        replace_text(path, text, mode=mode)
    except OSError as error:
        raise not_writable(path, error) from error


def replace_text(path: Path, text: str, *, mode: int = 0o666) -> None:
    """Do the same as `write_atomically`, but raise the OSError itself."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def replace_link(path: Path, target: str) -> None:
    """Make the symbolic link at `path` lead to `target`, in one step, whether or not there is one already."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)  # of a process that was killed
    part.symlink_to(target)
    part.replace(path)


def remove_unfinished(folder: Path) -> None:
    """Delete what processes that were killed have left in `folder` of files and links that they replaced."""
    for part in folder.glob(".*.part"):
        owner = part.name.split(".")[-2]
        if owner.isdecimal() and not _is_running(int(owner)):
            part.unlink(missing_ok=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is another user's
        return True
    return True


def one_line(text: str) -> str:
    """Return untrusted `text` on one line, without control characters that a terminal would obey."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def not_writable(path: Path, error: OSError | None) -> Forbidden:
    """Return the error that `path` cannot be written; what was there is as it was."""
    if error and error_number(error) in NO_ROOM:
        return Forbidden.of(
            [storage_fault(error, str(path), "make room on this disk: the file is as it was")]
        )
    return Forbidden(
        f"it cannot be written{f': {error.strerror}' if error else ''}",
        where=str(path),
        rule="facts folder",
        remedy="name a folder that you may write with --facts",
    )
