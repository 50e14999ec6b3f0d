"""Messages for errors of the file system: no room left, not writable, too many open files, others.

Libraries wrap what the system says in exceptions of their own, some of which have nothing but its text.
"""

import errno
import os
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from graph.core.errors import Fault, Unavailable

NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
NOT_WRITABLE: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
TOO_MANY_OPEN: Final = frozenset({errno.EMFILE, errno.ENFILE})
_RUST: Final = re.compile(r"\(os error (\d+)\)")
_NAMED_FILE: Final = re.compile(
    r"[fF]ile(?: for \w+)?: (/[^:\n]+)|at path \"(/[^\"\n]+)\""  # as RocksDB and Tantivy name it
)
_TEXTS: Final = {
    "database or disk is full": errno.ENOSPC,
    "attempt to write a readonly database": errno.EROFS,
    "unable to open database file": errno.ENOENT,
    "disk I/O error": errno.EIO,
} | {os.strerror(each): each for each in (*NO_ROOM, *NOT_WRITABLE, *TOO_MANY_OPEN)}


def error_number(error: BaseException) -> int | None:
    """Return the number of the system's error in `error` or in what caused it; None if there is none."""
    for each in _causes(error):
        if isinstance(each, OSError) and each.errno is not None:
            return each.errno
        if found := _RUST.search(str(each)):
            return int(found[1])
        for text, number in _TEXTS.items():
            if text in str(each):
                return number
    return None


def is_storage_error(error: BaseException) -> bool:
    """Return whether `error` comes from the file system or from a damaged file."""
    return isinstance(error, OSError | sqlite3.Error) or error_number(error) is not None


def file_of(error: BaseException) -> str:
    """Return the path of the file that `error` names; nothing if it names none."""
    for each in _causes(error):
        if isinstance(each, OSError) and each.filename:
            return str(each.filename)
        if found := _NAMED_FILE.search(str(each)):
            return str(found[1] or found[2])
    return ""


def storage_fault(error: BaseException, where: str, remedy: str = "") -> Fault:
    """Return the fault to show for an error of the file system; `where` is used if it names no file."""
    number = error_number(error)
    place = file_of(error) or where
    if number in NO_ROOM:
        said = "the file may not grow any more" if number == errno.EFBIG else "there is no room left"
        return Fault(place, said, "room on the disk", remedy or "make room on this disk, and try again")
    if number == errno.EROFS:
        said = f"this cannot be written: {os.strerror(number)}"
        return Fault(place, said, "file system", remedy or "give a folder that this user may write to")
    if number in NOT_WRITABLE:
        said = f"this user may not use it: {os.strerror(number or 0)}"
        advice = "run this as the user whose it is, give it to this user (chown -R), or name another folder"
        return Fault(place, said, "file system", remedy or advice)
    if number in TOO_MANY_OPEN:
        advice = "raise the limit of open files (ulimit -n), and try again"
        return Fault(place, "too many files are open", "RLIMIT_NOFILE", remedy or advice)
    said = str(error.strerror or error) if isinstance(error, OSError) else str(error)
    return Fault(place, f"the system reports: {said}", "file system", remedy or "check the path and the disk")


def storage_error(error: BaseException, where: str, remedy: str = "") -> Unavailable:
    """Return `storage_fault` as an error to raise."""
    return Unavailable.of([storage_fault(error, where, remedy)])


def unreadable_files(where: str) -> Unavailable:
    """Return the error to show to readers of the address `where`, which shows no path of the server."""
    return Unavailable(
        "The files that the answer is in cannot be read just now", where=where, remedy="try again in a while"
    )


def folder_bytes(folder: Path) -> int:
    """Return how many bytes the files in `folder` have; 0 if there is none."""
    return sum(each.lstat().st_size for each in folder.rglob("*") if each.is_file())


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield `error`, and what it was raised from or after."""
    each: BaseException | None = error
    while each is not None:
        yield each
        each = each.__cause__ or each.__context__
