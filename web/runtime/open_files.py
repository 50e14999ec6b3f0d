"""How many files the server may have open at once: as many as its settings need, or it does not start."""

import resource
from typing import Final

from graph.core.errors import BadInput
from graph.core.settings import Settings

_FOR_WORKER: Final = 16  # its channel, a reply in a file, and the tables for two threads
_OWN: Final = 256  # the store and text index of a release, of the one after it and of older ones


def require_open_files(settings: Settings) -> None:
    """Raise the limit of open files of this process as far as `settings` need and it may.

    Raise BadInput, saying what to do, if it may not be as high as that:
    https://man7.org/linux/man-pages/man2/getrlimit.2.html.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    own = _OWN + settings.worker_count * _FOR_WORKER
    needed = settings.connections + own
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    if hard != resource.RLIM_INFINITY and hard < needed:
        fewer = f", or set UTSAGA_CONNECTIONS={hard - own}" if hard > own else ""
        raise BadInput(
            f"{hard:,} files may be open at once, and the settings need {needed:,}: one for each of "
            f"{settings.connections:,} connections, {own:,} for {settings.worker_count} workers and the data",
            where="RLIMIT_NOFILE",
            rule="UTSAGA_CONNECTIONS",
            remedy=f"raise the limit (ulimit -n {needed}, or LimitNOFILE={needed} of systemd){fewer}",
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
