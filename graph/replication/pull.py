"""Fetches a release from another server: only the files that no release here has, and swapped in as a whole.

Files are fetched into a folder beside the releases, which an interrupted pull leaves for the next.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.core.errors import BadInput, Unavailable
from graph.core.storage_errors import NO_ROOM
from graph.release.release import FORM, MANIFEST, Manifest, Release, is_release_id, open_release
from graph.release.release_files import FILE, ReleaseFile, render_listing
from graph.release.releases import Releases
from graph.replication.local_files import LocalFiles
from graph.replication.release_server import ReleaseServer

Report = Callable[[str, int, int, int], None]
"""Takes the name of a step, how many of how many bytes are done, and how many files."""

_SPARE_BYTES: Final = 16 << 20  # that a disk shall have left


@dataclass(frozen=True)
class Pulled:
    """What a pull did: the release, what was fetched, and what was here already, in files and bytes."""

    release: Release
    fetched: tuple[int, int] = (0, 0)
    kept: tuple[int, int] = (0, 0)

    @property
    def was_here(self) -> bool:
        """Whether the release was here already."""
        return not self.fetched[0] and not self.kept[0]


def pull(releases: Releases, server: ReleaseServer, name: str, report: Report, *, activate: bool) -> Pulled:
    """Fetch the release with the id `name`, or the live one if that is empty, and make it live if `activate`.

    Nothing of it is visible before all of it is here and verified. Raise BadInput for what is no id, NotFound
    and Unavailable if the release cannot be had, and Unavailable if there is no room for it.
    """
    if name and not is_release_id(name):
        raise BadInput(
            f"“{name[:40]}” is no release id",
            where="--release",
            rule="release id",
            remedy=f"give the twelve characters that {server.url}/releases shows",
        )
    name = name or server.live()
    found = releases.find(name)
    if found and found.form == FORM:
        pulled = Pulled(found)
    else:
        with releases.staging(name) as place, _no_room_reported(releases.home):
            pulled = _fetch(releases, server, name, place, report)
            releases.delete_staged()
    if activate:
        releases.activate(pulled.release)
    return pulled


def _fetch(releases: Releases, server: ReleaseServer, name: str, place: Path, report: Report) -> Pulled:
    """Have all files of a release in `place`, and adopt it."""
    files = server.files(name)
    total = sum(each.size for each in files)
    local, missing, done = LocalFiles.of(releases, place), list[ReleaseFile](), 0
    for number, each in enumerate(files):
        (place / each.path).parent.mkdir(parents=True, exist_ok=True)
        if not local.take(each, place / each.path):
            missing.append(each)
        done += each.size
        report("compare", done, total, number + 1)
    _check_room(place, missing)
    _fetch_missing(server, name, place, missing, report)
    manifest = _read_manifest(place, name)
    (place / FILE).write_text(render_listing(files), encoding="utf-8")
    _delete_others(place, files)
    fetched = len(missing), sum(each.size for each in missing)
    release = releases.adopt_staged(place, manifest)
    return Pulled(release, fetched, (len(files) - fetched[0], total - fetched[1]))


def _fetch_missing(
    server: ReleaseServer, name: str, place: Path, missing: list[ReleaseFile], report: Report
) -> None:
    total, done = sum(each.size for each in missing), 0

    for number, each in enumerate(missing):

        def received(size: int, number: int = number) -> None:
            nonlocal done
            done += size
            report("fetch", done, total, number)

        received(server.begun(place / each.path))
        server.fetch(name, each, place / each.path, received)
    report("fetch", total, total, len(missing))


def _check_room(place: Path, missing: list[ReleaseFile]) -> None:
    """Raise Unavailable if the disk has no room for the files that are `missing`."""
    needed = sum(each.size for each in missing) + _SPARE_BYTES
    if shutil.disk_usage(place).free < needed:
        raise _no_room(place.parent, f"{needed:,} bytes are needed")


def _read_manifest(place: Path, name: str) -> Manifest:
    """Return the manifest in `place`; raise Unavailable unless it is that of the release `name`."""
    manifest = None
    with suppress(FileNotFoundError, Unavailable):
        manifest = open_release(place).manifest
    if manifest is None or manifest.id != name:
        raise Unavailable(
            f"the files of the release {name} have no manifest of it",
            where=MANIFEST,
            rule="manifest",
            remedy="check that the URL is of an utsaga server of the same version",
        )
    return manifest


def _delete_others(place: Path, files: list[ReleaseFile]) -> None:
    """Delete what is in `place` and none of `files`: parts of an interrupted pull of another list."""
    listed = {place / each.path for each in files} | {place / FILE}
    for each in place.rglob("*"):
        if each.is_file() and each not in listed:
            each.unlink()


@contextmanager
def _no_room_reported(home: Path) -> Iterator[None]:
    """Raise Unavailable where the system reports that there is no room to write."""
    try:
        yield
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        raise _no_room(home, error.strerror or "") from error


def _no_room(home: Path, reason: str) -> Unavailable:
    return Unavailable(
        f"there is no room for the files of the release: {reason}",
        where=str(home),
        rule="room on the disk",
        remedy="make room (utsaga releases prune) and pull again: what has been fetched is kept",
    )
