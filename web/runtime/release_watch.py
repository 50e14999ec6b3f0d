"""What is live, and whether its files are whole; the digests of large ones are computed beside requests."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from graph.core.errors import Unavailable
from graph.release import run_records
from graph.release.integrity import IntegrityCheck
from graph.release.release import Release
from graph.release.release_check import START_BYTES, remedy, require_whole
from graph.release.releases import Releases
from web.http.serving_status import ServingStatus

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True)
class LiveRelease:
    """The release that is live, its folder on the disk, and when runs of stored queries were last recorded.

    A folder that was deleted and put back is another one, whose files have to be opened again.
    """

    release: Release
    inode: int
    runs_recorded_at: int


def live_release(kept: Releases) -> LiveRelease:
    """Return what is live now; raise Unavailable if nothing is."""
    release = kept.live()
    try:
        inode = release.path.stat().st_ino
    except OSError as error:
        raise Unavailable(f"the live release is missing: {error}", where=str(release.path)) from error
    return LiveRelease(release, inode, run_records.recorded_at(release))


def require_whole_at_start(kept: Releases) -> None:
    """Raise Unavailable if no release is live, or one that is damaged, as far as a moment's check shows."""
    require_whole(kept.live(), START_BYTES)


def check_the_rest(release: Release, status: ServingStatus, is_served: Callable[[], bool]) -> None:
    """Compute on a thread the digests that were left out at the start; note in `status` if one is wrong."""
    check = IntegrityCheck.of(release.path, START_BYTES)
    if check.later:
        threading.Thread(target=_check, args=(check, release, status, is_served), daemon=True).start()


def _check(
    check: IntegrityCheck, release: Release, status: ServingStatus, is_served: Callable[[], bool]
) -> None:
    for fault in check.later_faults():
        if is_served():
            status.damaged = f"{fault.message}: what is served may be wrong; {remedy(release)}"
            _LOG.error("%s", status.damaged)
        return
