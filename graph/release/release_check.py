"""Whether releases are whole, and which to use instead of one that is damaged."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from graph.core.errors import Fault, Unavailable
from graph.core.files import list_folder
from graph.release.integrity import IntegrityCheck
from graph.release.release import FOLDER_NAME, FORM, Release, open_release
from graph.release.releases import Releases

START_BYTES: Final = 256 << 20  # of which digests are computed before a server starts, in 0.2 s
_RULE: Final = "digest of a file"


def faults(release: Release, max_bytes: int | None = None) -> list[Fault]:
    """Return what is wrong with the files of `release`, by digests of at most `max_bytes`, or of all.

    Nothing is known of the files of one that an earlier version of the program made.
    """
    return IntegrityCheck.of(release.path, max_bytes).faults() if release.form >= FORM else []


def require_whole(release: Release, max_bytes: int | None = None) -> None:
    """Raise Unavailable, naming the newest release that is whole, if `release` is damaged."""
    if not (found := faults(release, max_bytes)):
        return
    message = f"the release {release.manifest.id} is damaged: {found[0].message}"
    if len(found) > 1:
        message += f", and {len(found) - 1} more of its files are not as they should be"
    raise Unavailable(message, where=found[0].where, rule=_RULE, remedy=remedy(release, max_bytes))


def remedy(damaged: Release, max_bytes: int | None = None) -> str:
    """Return what to do: activate the newest other release that is whole, or build."""
    for each in reversed(Releases(damaged.path.parent).all()):
        if each.form == FORM and each.path != damaged.path and not faults(each, max_bytes):
            name = each.manifest.id
            return f"run utsaga releases activate {name}, the newest that is whole, or utsaga build"
    return "run utsaga build"


def previous(releases: Releases, same: Release | None) -> Release | None:
    """Return the release that the changes up to the next one are counted from; None if there is none.

    That is the first of these that is whole: the `same` content in another form, what is live, the newest.
    """
    live = None
    with suppress(Unavailable):
        live = releases.current()
    candidates = (each for each in (same, live, *reversed(releases.all())) if each)
    return next((each for each in candidates if not faults(each, START_BYTES)), None)


def next_time(releases: Releases) -> str:
    """Return the time of a release that is made now: later than any other, even if the clock was set back."""
    times = [datetime.fromisoformat(each.manifest.created) for each in releases.all()]
    now = datetime.now(UTC).replace(microsecond=0)
    return max([now, *(each + timedelta(seconds=1) for each in times)]).isoformat(timespec="seconds")


def unreadable(releases: Releases) -> list[Path]:
    """Return the folders of releases whose manifest is damaged or missing."""
    folders = (path for path in list_folder(releases.home, "*") if FOLDER_NAME.fullmatch(path.name))
    return [path for path in folders if path.is_dir() and not _is_readable(path)]


def _is_readable(folder: Path) -> bool:
    try:
        open_release(folder)
    except (OSError, Unavailable):
        return False
    return True
