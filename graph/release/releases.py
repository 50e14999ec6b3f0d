"""Immutable releases side by side, and the symbolic link that says which one is live.

The content of a release gives its id, and the version of the program the form of the files made from it:
store, tables, index, map, dumps, description. Each form has a directory of its own, so that no version
changes the files of another.
"""

import gzip
import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from graph.core.errors import BadInput, NotFound, Unavailable
from graph.core.files import remove_unfinished, replace_link
from graph.core.locks import exclusive_lock
from graph.release import release_log
from graph.release.integrity import IntegrityCheck
from graph.release.release_files import write_listing

DUMP = "utsaga.nq.gz"
MANIFEST: Final = "manifest.json"
FORM: Final = 7  # one more whenever anything that is made of the content changes its form
_CURRENT = "current"
_BUILDING: Final = ".building"
_LOCK: Final = ".lock"
_RUNS: Final = "query-runs"
_DELETED: Final = ".deleted-"  # before the name of a release that is being deleted
_STAGED: Final = ".pulled-"  # before the name of a release of which files are being fetched
_ID: Final = re.compile(r"[0-9a-f]{12}")
FOLDER_NAME: Final = re.compile(rf"{_ID.pattern}(?:-([0-9]+))?")  # the id and the form


@dataclass(frozen=True)
class Manifest:
    """The description of a release: its id, the digest of its content that gives the id, and its counts.

    `removed` has a digest of the IRI of each person who was removed on request, which names nobody.
    """

    id: str
    digest: str
    created: str
    triples: int
    graphs: dict[str, int] = field(default_factory=dict)
    classes: dict[str, int] = field(default_factory=dict)
    statement_kinds: dict[str, int] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)

    def has_removed(self, name: str) -> bool:
        """Return whether the IRI `name` is, or is a part of, an entry that was removed on request."""
        return bool(self.removed) and removal_digest(name.partition("#")[0]) in self.removed


@dataclass(frozen=True)
class Release:
    """One release on disk."""

    path: Path
    manifest: Manifest

    @property
    def form(self) -> int:
        """The number of the form of its files; 0 if they were made before forms had numbers."""
        named = FOLDER_NAME.fullmatch(self.path.name)
        return int(named[1] or 0) if named else 0

    @property
    def store(self) -> Path:
        """The directory of the Oxigraph store."""
        return self.path / "store"

    @property
    def query_runs(self) -> Path:
        """The file with the last runs of the stored queries: beside the release, which never changes."""
        return self.path.parent / _RUNS / f"{self.path.name}.json"

    @property
    def engine_runs(self) -> Path:
        """The file beside it with the last runs of the stored queries on other engines that hold its data."""
        return self.query_runs.with_suffix(".engines.json")

    def lines(self) -> Iterator[str]:
        """Yield the canonical N-Quads lines of the release's content, sorted."""
        with gzip.open(self.path / DUMP, "rt", encoding="utf-8") as dump:
            yield from dump


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

    def live(self) -> Release:
        """Return the live release; raise Unavailable if there is none that this version can read."""
        release = self.current()
        if release and release.form == FORM:
            return release
        message, link = "there is no release yet", self.home / _CURRENT
        if release:
            message = "the live release was built by another version of this program"
        elif link.is_symlink():
            message = f"the live release, {link.readlink().name}, is missing"
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
        return sorted(self.home.glob(f"{_STAGED}*"))

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
        for folder in (self.home, self.home / _RUNS):
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
        for path in self.home.glob(f"*/{MANIFEST}"):
            if FOLDER_NAME.fullmatch(path.parent.name):
                with suppress(FileNotFoundError, Unavailable):  # deleted meanwhile, or damaged
                    found.append(open_release(path.parent))
        return found


def open_release(folder: Path) -> Release:
    """Return the release in `folder`; raise Unavailable for a damaged manifest, OSError if there is none."""
    manifest = folder / MANIFEST
    try:
        return Release(folder, Manifest(**json.loads(manifest.read_text())))
    except (ValueError, TypeError) as error:
        raise Unavailable(
            f"the release {folder.name} is damaged: its {MANIFEST} cannot be read",
            where=str(manifest),
            rule="manifest",
            remedy="choose another of utsaga releases list and activate it, or run utsaga build",
        ) from error


def is_release_id(text: str) -> bool:
    """Return whether `text` has the form of the id of a release."""
    return _ID.fullmatch(text) is not None


def removal_digest(name: str) -> str:
    """Return the digest by which a release knows the IRI `name` as one that was removed."""
    return hashlib.sha256(name.encode()).hexdigest()


def write_dump(path: Path, lines: Iterable[bytes]) -> None:
    """Write the lines compressed, without a time in the header: the same content gives the same file."""
    with path.open("wb") as file, gzip.GzipFile(fileobj=file, mode="wb", mtime=0, filename="") as dump:
        dump.writelines(lines)


def difference(old: Release, new: Release) -> Iterator[str]:
    """Yield the lines that `new` lacks, each after “- ”, and those it adds, each after “+ ”."""
    before, after = set(old.lines()), set(new.lines())
    yield from (f"- {line.rstrip()}" for line in sorted(before - after))
    yield from (f"+ {line.rstrip()}" for line in sorted(after - before))
