"""Checks of the machine: Python, what workers need of the system, open files, memory, clock."""

import multiprocessing
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from graph.core.errors import UtsagaError
from web.doctor.finding import Finding, Installation, fail, ok, warn

_OLDEST_PYTHON: Final = (3, 11)
_OTHER_FILES: Final = 300  # that the server and its workers have open beside connections, on a small machine
_STORE_BYTES: Final = 1_100_000_000  # that each worker maps, and all share
_TOLERANCE: Final = timedelta(minutes=5)
_WRITTEN: Final = datetime(2026, 1, 1, tzinfo=UTC)  # before any version of this program


def python(installation: Installation) -> Iterator[Finding]:
    """Check that Python is new enough."""
    found = ".".join(map(str, installation.machine.python))
    if installation.machine.python < _OLDEST_PYTHON:
        yield fail(f"Python {found} is too old", "install into an environment of Python 3.11 or newer")
    else:
        yield ok(f"Python {found}")


def system(installation: Installation) -> Iterator[Finding]:
    """Check that the system has what query workers need."""
    machine = installation.machine
    if machine.system != "linux" or "forkserver" not in multiprocessing.get_all_start_methods():
        yield fail(
            f"query workers do not run on {machine.system}", "serve on Linux, or in a container of Linux"
        )
    elif not (machine.processes / "self" / "schedstat").is_file():
        yield warn(
            "/proc does not show the processor time of workers: no query counts as long",
            "mount /proc, on a kernel with schedstat",
        )
    else:
        yield ok("the system has what query workers need")


def open_files(installation: Installation) -> Iterator[Finding]:
    """Check that as many files may be open as there may be connections."""
    allowed, connections = installation.machine.open_files, installation.settings.connections
    needed = connections + _OTHER_FILES
    if allowed < 2 * _OTHER_FILES:
        yield fail(
            f"only {allowed} files may be open", f"allow {needed}: ulimit -n, or LimitNOFILE= of systemd"
        )
    elif allowed < needed:
        yield warn(
            f"{allowed} files may be open, and {connections} connections",
            f"allow {needed} (ulimit -n, LimitNOFILE=), or set UTSAGA_CONNECTIONS={allowed - _OTHER_FILES}",
        )
    else:
        yield ok(f"{allowed} files may be open")


def memory(installation: Installation) -> Iterator[Finding]:
    """Check that the machine has the memory that workers may use, each its own part of it."""
    settings, total = installation.settings, installation.machine.memory_bytes
    own = max(settings.memory_bytes - _STORE_BYTES, 0)
    used = own * settings.long_count
    if settings.memory_bytes <= _STORE_BYTES:
        yield warn(
            f"a worker may map {_size(settings.memory_bytes)}, and an open store up to {_size(_STORE_BYTES)}",
            "raise UTSAGA_MEMORY_BYTES, unless the graph is small",
        )
    elif used > total:
        less = _STORE_BYTES + total // settings.long_count
        yield warn(
            f"{settings.long_count} long queries may use {_size(used)}, and there are {_size(total)}",
            f"set UTSAGA_MEMORY_BYTES={less}, or fewer UTSAGA_LONG_QUERIES",
        )
    else:
        yield ok(f"{_size(total)} of memory, of which long queries may use {_size(used)}")


def clock(installation: Installation) -> Iterator[Finding]:
    """Check that the clock is not behind what has been written already."""
    now = installation.machine.now
    try:
        times = [datetime.fromisoformat(each.manifest.created) for each in installation.releases.all()]
    except (UtsagaError, OSError, ValueError):
        times = []  # another check says so
    latest = max([_WRITTEN, *times])
    if now + _TOLERANCE < latest:
        yield fail(
            f"the clock says {now:%Y-%m-%d %H:%M}, and a release was made on {latest:%Y-%m-%d %H:%M}",
            "set the clock (timedatectl set-ntp true): times of releases and feeds would be wrong",
        )
    else:
        yield ok(f"the clock says {now:%Y-%m-%d %H:%M} UTC")


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
