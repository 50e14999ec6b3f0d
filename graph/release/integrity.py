"""Whether the files in the folder of a release are those that were written: by their sizes and digests.

Sizes are compared always, which takes milliseconds. Digests are computed of the smallest files first, up to a
number of bytes, so that nobody has to wait for gigabytes.
"""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from graph.core.errors import Fault, Unavailable
from graph.release.release_files import FILE, ReleaseFile, file_digest, read_listing

_RULE: Final = "digest of a file"


@dataclass(frozen=True)
class IntegrityCheck:
    """The check of one folder: what is wrong with its list or sizes, and whose digests to compute when."""

    folder: Path
    size_faults: tuple[Fault, ...]
    at_once: tuple[ReleaseFile, ...] = ()
    later: tuple[ReleaseFile, ...] = ()

    @classmethod
    def of(cls, folder: Path, max_bytes: int | None = None) -> Self:
        """Compare the sizes in `folder`; plan the digests of at most `max_bytes`, or of all, at once."""
        try:
            listed = sorted(read_listing(folder), key=lambda file: file.size)
        except (OSError, Unavailable):
            return cls(folder, (Fault(str(folder / FILE), f"{FILE} cannot be read", _RULE),))
        if not listed:
            return cls(folder, (Fault(str(folder / FILE), f"{FILE} is missing", _RULE),))
        at_once: list[ReleaseFile] = []
        later: list[ReleaseFile] = []
        total = 0
        for each in listed:
            total += each.size
            (at_once if max_bytes is None or total <= max_bytes else later).append(each)
        faults = tuple(fault for each in listed if (fault := _size_fault(folder, each)))
        return cls(folder, faults, tuple(at_once), tuple(later))

    def faults(self) -> list[Fault]:
        """Return what is wrong with the list, the sizes, or else the digests that are computed at once.

        Somebody waits for these: they are computed on all processors.
        """
        if self.size_faults:
            return [*self.size_faults]
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            return [fault for fault in threads.map(self._digest_fault, self.at_once) if fault]

    def later_faults(self) -> Iterator[Fault]:
        """Yield what is wrong with the digests that were left for later, computed one by one."""
        yield from filter(None, map(self._digest_fault, self.later))

    def _digest_fault(self, file: ReleaseFile) -> Fault | None:
        path = self.folder / file.path
        try:
            if file_digest(path) == file.sha256:
                return None
        except OSError as error:
            return Fault(str(path), f"{file.path} cannot be read: {error.strerror}", _RULE)
        return Fault(str(path), f"{file.path} is not as it was written", _RULE)


def _size_fault(folder: Path, file: ReleaseFile) -> Fault | None:
    path = folder / file.path
    try:
        size = path.stat().st_size
    except OSError:
        return Fault(str(path), f"{file.path} is missing", _RULE)
    if size != file.size:
        return Fault(str(path), f"{file.path} has {size:,} bytes instead of {file.size:,}", _RULE)
    return None
