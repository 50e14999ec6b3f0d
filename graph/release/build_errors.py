"""Errors of the disk during a build: which step and file they stopped, and how much room a build needs."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import disk_usage
from typing import Final

from graph.core.errors import UtsagaError
from graph.core.progress import Progress
from graph.core.storage_errors import NO_ROOM, error_number, folder_bytes, is_storage_error, storage_error

_PEAK: Final = 2  # a store is arranged anew before the old files are deleted, so that it is there twice
_KEPT: Final = "the release that was live still is"
_MEGABYTE: Final = 1_000_000


class Steps:
    """Passes on the steps of a build, and remembers the last."""

    def __init__(self, progress: Progress) -> None:
        """Call `progress` with each report."""
        self._progress, self.now = progress, ""

    def __call__(self, step: str, done: int = 0, total: int = 0, count: int = 0, /) -> None:
        """Take a report of `step`."""
        self.now = step
        self._progress(step, done, total, count)


def require_writable(home: Path) -> None:
    """Raise Unavailable if the folder of releases cannot be written or made; before a build."""
    nearest = next(each for each in (home, *home.absolute().parents) if each.exists())
    if not nearest.is_dir():
        raise storage_error(NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR)), str(nearest))
    if not os.access(nearest, os.W_OK | os.X_OK):
        number = errno.EROFS if os.statvfs(nearest).f_flag & os.ST_RDONLY else errno.EACCES
        raise storage_error(OSError(number, os.strerror(number)), str(nearest))


@contextmanager
def storage_errors(place: Path, steps: Steps) -> Iterator[None]:
    """Raise what the disk does to a build in `place` as Unavailable, which names step, file and remedy."""
    try:
        yield
    except UtsagaError:
        raise
    except Exception as error:
        if not is_storage_error(error):
            raise
        remedy = _room_needed(place) if error_number(error) in NO_ROOM else ""
        found = storage_error(error, str(_newest(place)), remedy)
        fault = found.faults[0]
        message = f"{fault.message}, in the step “{steps.now}” of the build; {_KEPT}"
        raise type(found)(message, where=fault.where, rule=fault.rule, remedy=fault.remedy) from error


def _room_needed(place: Path) -> str:
    """Return how much room to make, by the largest release that is kept and what this build has written."""
    written = folder_bytes(place)
    releases = (each for each in place.parent.iterdir() if each.is_dir() and each != place)
    needed = _PEAK * max([written, *map(folder_bytes, releases)])
    free = disk_usage(place.parent).free + written  # which is deleted now
    return (
        f"make room on this disk, with utsaga releases prune for example: a build needs about "
        f"{needed / _MEGABYTE:,.1f} MB, of which {max(0, needed - free) / _MEGABYTE:,.1f} MB are missing"
    )


def _newest(place: Path) -> Path:
    """Return the file in `place` that was written last, or the folder of releases if it holds none."""
    files = (each for each in place.rglob("*") if each.is_file())
    return max(files, key=lambda each: each.stat().st_mtime_ns, default=place.parent)
