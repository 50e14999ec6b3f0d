"""A directory that keeps what was loaded from RDF files, so that the next start opens it at once.

A load is made in a folder of its own and becomes valid with the file `MARKER`, which is written last, so that
an interrupted load is never opened. A folder that a server still reads is left alone.
"""

import fcntl
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any, Final, Self

from graph.core.errors import BadInput, Unavailable
from graph.core.files import replace_text
from graph.core.locks import exclusive_lock
from graph.core.progress import Progress
from graph.loading.data_loader import load_files
from graph.loading.loaded_data import FileDigest, LoadedData
from graph.loading.watched_file import digest_file
from graph.release.release import FORM

MARKER: Final = "utsaga-data.json"
_UNFINISHED: Final = f".{MARKER}."  # before what a process that was killed has left of a marker
_LOCK: Final = ".utsaga-lock"
_FOLDER: Final = "data-"  # before a random name
_IN_USE: Final = ".in-use"
_OTHER_VERSION: Final = "another version of this program loaded it"
_NO_UNION: Final = "it was loaded without --union"
Notice = Callable[[str], None]


@dataclass(frozen=True)
class _Marker:
    """The content of the marker: the load, its form and folder, and the state of its files before it."""

    id: str
    created: str
    union: bool
    form: int
    folder: str
    files: list[dict[str, Any]]  # uri, digest, and state: see `_state`

    @classmethod
    def read(cls, place: Path) -> Self | None:
        """Return the content of the marker in `place`; None if there is no valid one."""
        try:
            found = cls(**json.loads((place / MARKER).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        return found if (place / found.folder / _IN_USE).is_file() else None

    def write(self, place: Path) -> None:
        """Replace the marker in `place` in one step."""
        replace_text(place / MARKER, json.dumps(asdict(self), indent=1) + "\n")

    def data(self, place: Path) -> LoadedData:
        """Return the load."""
        files = tuple(FileDigest(each["uri"], each["digest"]) for each in self.files)
        return LoadedData(self.id, self.created, self.union, place / self.folder, files)

    def difference(self, paths: tuple[Path, ...], union: bool) -> str:
        """Return why the load is not that of the files at `paths` as they are now; "" if it is."""
        if self.form != FORM:
            return _OTHER_VERSION
        if self.union != union:
            return _NO_UNION if union else "it was loaded with --union"
        known = {each["uri"]: each for each in self.files}
        if known.keys() != {path.absolute().as_uri() for path in paths}:
            return "other files were loaded"
        for path in paths:
            before, state = known[path.absolute().as_uri()], _state(path)
            if state is None:
                return f"{path} is no regular file, so that a change cannot be seen"
            if state != before["state"] and digest_file(path) != before["digest"]:
                return f"{path} has changed"
        return ""


class DataStore:
    """The directory of `--store`."""

    def __init__(self, place: Path) -> None:
        """Keep loads in the directory `place`, which need not exist."""
        self._place = place

    @contextmanager
    def opened(
        self, paths: tuple[Path, ...], progress: Progress, notice: Notice, *, union: bool
    ) -> Iterator[LoadedData]:
        """Yield what was loaded from the files at `paths`, now if it is not kept or they have changed.

        Without `paths`, yield what is kept. It is not deleted while the block runs. `notice` gets a line that
        says what is opened, or why it is loaded again.
        Raise what `load_files` raises, BadInput for a directory that is not ours or that has nothing to open,
        and Unavailable while another process loads into it.
        """
        self._check()
        busy = Unavailable(
            "another process loads data into this directory",
            where=str(self._place),
            rule="--store",
            remedy="wait until it has ended, or give another directory",
        )
        with exclusive_lock(self._place / _LOCK, busy):
            data = self._open(paths, progress, notice, union=union)
            in_use = (data.place / _IN_USE).open("rb")
            fcntl.flock(in_use, fcntl.LOCK_SH)
        with in_use:
            yield data

    def _check(self) -> None:
        """Make the directory; raise BadInput if it has files that are not ours."""
        try:
            self._place.mkdir(parents=True, exist_ok=True)
            found = {each.name for each in self._place.iterdir()}
        except OSError as error:
            raise BadInput(
                f"the directory cannot be used: {error.strerror}", where=str(self._place), rule="--store"
            ) from error
        others = {
            each
            for each in found - {MARKER, _LOCK, "lost+found"}
            if not each.startswith((_FOLDER, _UNFINISHED))
        }
        if others:
            raise BadInput(
                f"the directory holds other files: {', '.join(sorted(others)[:3])}",
                where=str(self._place),
                rule="--store",
                remedy="give an empty directory, or one that utsaga serve --store has made",
            )

    def _open(
        self, paths: tuple[Path, ...], progress: Progress, notice: Notice, *, union: bool
    ) -> LoadedData:
        kept = _Marker.read(self._place)
        if not paths:
            return self._open_without_files(kept, union=union)
        difference = kept.difference(paths, union) if kept else ""
        if kept and not difference:
            self._clean(kept.folder)
            notice(f"Opened what {self._place} keeps of these files")
            return kept.data(self._place)
        if kept:
            notice(f"Loading again into {self._place}: {difference}")
        self._clean(kept.folder if kept else "")
        return self._load(paths, progress, union=union)

    def _open_without_files(self, kept: _Marker | None, *, union: bool) -> LoadedData:
        if kept is None:
            reason = "nothing was loaded into it"
        elif kept.form != FORM:
            reason = _OTHER_VERSION
        elif union and not kept.union:
            reason = _NO_UNION
        else:
            return kept.data(self._place)
        raise BadInput(
            f"the directory cannot be opened: {reason}",
            where=str(self._place),
            rule="--store",
            remedy="give the RDF files",
        )

    def _load(self, paths: tuple[Path, ...], progress: Progress, *, union: bool) -> LoadedData:
        folder = _FOLDER + token_hex(6)
        states = {path.absolute().as_uri(): _state(path) for path in paths}  # before they are read
        data = load_files(paths, self._place / folder, progress, union=union)
        (data.place / _IN_USE).touch()
        files = [{**asdict(each), "state": states[each.uri]} for each in data.files]
        _Marker(data.id, data.created, union, FORM, folder, files).write(self._place)
        self._clean(folder)
        return data

    def _clean(self, kept: str) -> None:
        """Delete the folders of other loads than `kept`, whole or not, that nobody reads."""
        for folder in self._place.glob(f"{_FOLDER}*"):
            if folder.name != kept and not _is_held(folder):
                shutil.rmtree(folder)


def _state(path: Path) -> list[int] | None:
    """Return the size, times and inode of a file, which show any change; None if it is none."""
    if not path.is_file():
        return None
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino]


def _is_held(folder: Path) -> bool:
    """Return whether a process reads a folder; nobody reads one whose load was interrupted."""
    try:
        with (folder / _IN_USE).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
