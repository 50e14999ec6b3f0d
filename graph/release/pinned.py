"""Which release `?release=ID` means, and why there is none to read where it cannot be read any more."""

from datetime import datetime
from typing import Final

from graph.core.errors import BadInput, NotFound, ReleaseGone
from graph.index import INDEX_FILE, SqliteIndex
from graph.release import release_log
from graph.release.release import FORM, Manifest, Release, is_release_id
from graph.release.releases import Releases

ARGUMENT: Final = "release"
_MAX_SHOWN: Final = 40  # characters of an id in a message


def find_pinned(releases: Releases, name: str, live: Manifest) -> Release:
    """Return the kept release with the id `name`, to be read beside the one that is `live`.

    Raise BadInput for what is no id, NotFound for a release that was never made here, and ReleaseGone for one
    that is no longer kept, was built by another version of this program, or holds who was removed since.
    """
    if not is_release_id(name):
        raise BadInput(
            f"“{name[:_MAX_SHOWN]}” is no release id",
            where=ARGUMENT,
            rule="release id",
            remedy="give the twelve characters that /releases shows",
        )
    kept = releases.all()
    found = next((each for each in kept if each.manifest.id == name), None)
    if found and _is_readable(found, live):
        return found
    made = found.manifest.created if found else release_log.read(releases.home).get(name)
    if made is None:
        raise NotFound(
            f"No release “{name}” was ever made here",
            where=ARGUMENT,
            rule="release id",
            remedy="choose one of /releases",
        )
    readable = (each.manifest for each in kept if _is_readable(each, live))
    nearest = min(readable, key=lambda each: _distance(each.created, made), default=live)
    raise ReleaseGone(
        f"The release {name} {_reason(found)}",
        where=ARGUMENT,
        rule="kept releases",
        remedy=f"the nearest that can be read is {nearest.id}, made {nearest.created}",
        nearest=nearest.id,
    )


def _reason(found: Release | None) -> str:
    if found is None:
        return "was made here, and is no longer kept"
    if found.form != FORM:
        return "was built by another version of this program, which this one cannot read"
    return "cannot be read any more: it holds an entry that was removed on request"


def _distance(one: str, other: str) -> tuple[float, float]:
    """Return how far apart two times are, and, of two as far, a key that puts the later first."""
    seconds = datetime.fromisoformat(one).timestamp()
    return abs(seconds - datetime.fromisoformat(other).timestamp()), -seconds


def _is_readable(release: Release, live: Manifest) -> bool:
    """Return whether a release is in the form of this version and holds no person who was removed since."""
    if release.form != FORM:
        return False
    if not set(live.removed) - set(release.manifest.removed):
        return True
    index = SqliteIndex.open(release.path / INDEX_FILE)
    try:
        people = index.of_kind("person")
        return not any(live.has_removed(name) for name in people.page(0, len(people)))
    finally:
        index.close()
