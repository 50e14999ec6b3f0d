"""Files of a release that another release here has already: linked, once their digests are compared."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import Self

from graph.core.errors import Unavailable
from graph.release.release_files import ReleaseFile, file_digest, read_listing
from graph.release.releases import Releases


class LocalFiles:
    """The files of releases that are kept, by digest, and of those that were fetched in part, by path."""

    def __init__(self, by_digest: dict[str, Path], partial: list[Path]) -> None:
        """Take where the files are; begin with `of`."""
        self._by_digest, self._partial = by_digest, partial

    @classmethod
    def of(cls, releases: Releases, place: Path) -> Self:
        """Return the files of `releases`, and those that interrupted pulls into others than `place` left."""
        found: dict[str, Path] = {}
        for release in releases.all():
            with suppress(OSError, Unavailable):  # it is damaged, or has been deleted meanwhile
                found |= {each.sha256: release.path / each.path for each in read_listing(release.path)}
        return cls(found, [each for each in releases.staged() if each != place])

    def take(self, file: ReleaseFile, target: Path) -> bool:
        """Have `file` at `target` if it is here, whole and undamaged; return whether it is."""
        if is_whole(file, target):
            return True
        target.unlink(missing_ok=True)
        kept = self._by_digest.get(file.sha256)
        candidates = [*([kept] if kept else []), *(each / file.path for each in self._partial)]
        source = next((each for each in candidates if is_whole(file, each)), None)
        if source is None:
            return False
        _link(source, target)
        return True


def is_whole(file: ReleaseFile, path: Path) -> bool:
    """Return whether the file at `path` is there and has the size and the digest of `file`."""
    try:
        return path.stat().st_size == file.size and file_digest(path) == file.sha256
    except OSError:  # it is not there, or cannot be read
        return False


def _link(source: Path, target: Path) -> None:
    """Make the file `source` be at `target` too: as a link, or copied where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
