"""The releases side by side in one directory, and the symbolic link that says which one is live."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Final

from graph.core.errors import BadInput, NotFound, Unavailable
from graph.core.files import list_folder, remove_unfinished, replace_link
from graph.core.locks import exclusive_lock
from graph.release import release_log
from graph.release.integrity import IntegrityCheck
from graph.release.release import FOLDER_NAME, FORM, MANIFEST, RUNS, Manifest, Release, open_release
from graph.release.release_files import write_listing

_CURRENT = "current"
_BUILDING: Final = ".building"
_LOCK: Final = ".lock"
_DELETED: Final = ".deleted-"  # before the name of a release that is being deleted
_STAGED: Final = ".pulled-"  # before the name of a release of which files are being fetched


class Releases:
    """The releases in one directory; only `building`, `staging`, `activate` and `prune` change it."""

    def __init__(self, home: Path) -> None:
        """Look in the directory `home`, which need not exist yet."""
        self.home = home

    def all(self) -> list[Release]:
        """Return all releases, oldest first, each in the newest form that this program knows."""
        forms = sorted(self._forms(), key=lambda release: (release.form <= FORM, release.form))
        found = {release.manifest.id: release for release in forms}
        return sorted(found.values(), key=lambda release: (release.manifest.created, release.manifest.id))

    def find(self, name: str) -> Release | None:
        """Return the release with the id `name`, or None."""
        return next((release for release in self.all() if release.manifest.id == name), None)

    def current(self) -> Release | None:
        """Return the live release, or None before the first build."""
        link = self.home / _CURRENT
        return open_release(link.resolve()) if link.exists() else None

    @property
    def is_activated(self) -> bool:
        """Whether a release was made the live one, even if it is missing now."""
        return (self.home / _CURRENT).is_symlink()

    def live(self) -> Release:
        """Return the live release; raise Unavailable if there is none that this version can read."""
        release = self.current()
        if release and release.form == FORM:
            return release
        message = "there is no release yet"
        if release:
            message = "the live release was built by another version of this program"
        elif self.is_activated:
            message = f"the live release, {(self.home / _CURRENT).readlink().name}, is missing"
        others = [each.manifest.id for each in self.all() if each.form == FORM]
        remedy = (
            f"run utsaga releases activate {others[-1]}, or utsaga build" if others else "run utsaga build"
        )
        raise Unavailable(message, where=str(self.home), rule="live release", remedy=remedy)

    def get(self, name: str) -> Release:
        """Return the release whose id begins with `name`; raise NotFound unless there is exactly one."""
        matches = [release for release in self.all() if name and release.manifest.id.startswith(name)]
        if len(matches) != 1:
            raise NotFound(
                f"{len(matches) or 'no'} releases are called “{name}”",
                where="release",
                rule="release id",
                remedy="choose one from utsaga releases list",
            )
        return matches[0]

    def activate(self, release: Release) -> None:
        """Make `release` the live one, in one atomic step."""
        replace_link(self.home / _CURRENT, release.path.name)

    def prune(self, keep: int) -> list[Release]:
        """Delete all but the newest `keep` releases, each in one form, and the live one; return those."""
        if keep < 0:
            raise BadInput(
                f"{keep} releases cannot be kept", where="--keep", rule="count", remedy="give 0 or more"
            )
        live = self.current()
        releases = self.all()
        kept = {
            release.path for release in [*releases[max(len(releases) - keep, 0) :], *([live] if live else [])]
        }
        gone = sorted((r for r in self._forms() if r.path not in kept), key=lambda release: release.path.name)
        with suppress(Unavailable), self._build_lock():  # else a build is under way
            self._delete_left()  # first, since to put the others on record takes room
        self._record()
        for release in gone:
            for runs in (release.query_runs, release.engine_runs):
                runs.unlink(missing_ok=True)
            self._delete(release.path)
        return gone

    @contextmanager
    def building(self, *, resume: bool = False) -> Iterator[Path]:
        """Yield an empty directory to build in, while no other build runs; delete it afterwards.

        With `resume`, what an interrupted or failed build has left is in it, and a failure leaves it there.
        """
        with self._build_lock():
            place = self.home / _BUILDING
            try:
                self._delete_left(build=not resume)
                place.mkdir(exist_ok=resume)
                yield place
            finally:
                if not resume:
                    shutil.rmtree(place, ignore_errors=True)

    def adopt(self, place: Path, manifest: Manifest) -> Release:
        """Move the files built in `place` to the releases, unless the same is there, whole, in this form."""
        self._set_aside_damaged(manifest)
        if not self._path_of(manifest).exists():
            written = json.dumps(asdict(manifest), indent=2, ensure_ascii=False)
            (place / MANIFEST).write_text(f"{written}\n")
            write_listing(place)
        return self.adopt_staged(place, manifest)

    @contextmanager
    def staging(self, name: str) -> Iterator[Path]:
        """Yield a directory for the files of the release called `name`, while no other is fetched.

        It is kept, with what is in it, until the release is adopted or another has been.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        busy = Unavailable(
            "another release is being fetched",
            where=str(self.home),
            rule="one pull at a time",
            remedy="try again when that has ended",
        )
        with exclusive_lock(self.home / ".pull.lock", busy):
            place = self.home / f"{_STAGED}{name}-{FORM}"
            place.mkdir(exist_ok=True)
            yield place

    def adopt_staged(self, place: Path, manifest: Manifest) -> Release:
        """Move the files in `place`, its manifest and list of files too, to the releases, as `adopt` does."""
        path = self._path_of(manifest)
        if not path.exists():
            place.rename(path)
        self._record()
        return open_release(path)

    def delete_staged(self) -> None:
        """Delete what interrupted pulls have left; within `staging`, after the release is adopted."""
        for path in self.staged():
            shutil.rmtree(path)

    def staged(self) -> list[Path]:
        """Return the directories of releases of which not all files have been fetched."""
        return list_folder(self.home, f"{_STAGED}*")

    def _path_of(self, manifest: Manifest) -> Path:
        return self.home / f"{manifest.id}-{FORM}"

    def _set_aside_damaged(self, manifest: Manifest) -> None:
        """Let the release with this content, if there is one and it is damaged, give way to another."""
        path = self._path_of(manifest)
        if path.exists() and IntegrityCheck.of(path).faults():
            self._delete(path)

    @contextmanager
    def _build_lock(self) -> Iterator[None]:
        """Keep other builds out; raise Unavailable while there is one."""
        self.home.mkdir(parents=True, exist_ok=True)
        busy = Unavailable(
            "another build is under way",
            where=str(self.home),
            rule="one build at a time",
            remedy="try again",
        )
        with exclusive_lock(self.home / _LOCK, busy):
            yield

    def _delete_left(self, *, build: bool = True) -> None:
        """Delete what deletions and replacements that were interrupted have left, and a `build` too."""
        for left in (*([self.home / _BUILDING] if build else []), *self.home.glob(f"{_DELETED}*")):
            shutil.rmtree(left, ignore_errors=True)
        for folder in (self.home, self.home / RUNS):
            remove_unfinished(folder)

    def _record(self) -> None:
        """Put the releases that are kept on record, so that they are still known when they are deleted."""
        release_log.record(self.home, ((each.manifest.id, each.manifest.created) for each in self.all()))

    def _delete(self, path: Path) -> None:
        """Delete a release, which is gone at once: nobody finds a part of it."""
        leaving = path.with_name(_DELETED + path.name)
        path.rename(leaving)
        shutil.rmtree(leaving)

    def _forms(self) -> list[Release]:
        """Return every release in every form."""
        found: list[Release] = []
        for path in list_folder(self.home, "*"):
            if FOLDER_NAME.fullmatch(path.name):
                with suppress(FileNotFoundError, NotADirectoryError, Unavailable):  # none, or damaged
                    found.append(open_release(path))
        return found


def difference(old: Release, new: Release) -> Iterator[str]:
    """Yield the lines that `new` lacks, each after “- ”, and those it adds, each after “+ ”."""
    before, after = set(old.lines()), set(new.lines())
    yield from (f"- {line.rstrip()}" for line in sorted(before - after))
    yield from (f"+ {line.rstrip()}" for line in sorted(after - before))
