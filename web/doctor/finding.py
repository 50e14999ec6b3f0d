"""What a check finds, and what it looks at."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_NOFILE, getrlimit

from graph.core.settings import Settings
from graph.core.site import SITE, Site
from graph.release.releases import Releases


def _open_files() -> int:
    """Return how many files may be open at once: the hard limit, up to which the server raises its own."""
    hard = getrlimit(RLIMIT_NOFILE)[1]
    return sys.maxsize if hard == RLIM_INFINITY else hard


def _memory_bytes() -> int:
    """Return the memory of the machine, or that which the control group of this process may use."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    limits = [physical]
    for name in ("memory.max", "memory/memory.limit_in_bytes"):
        file = Path("/sys/fs/cgroup") / name
        text = file.read_text().strip() if file.is_file() else ""
        if text.isdecimal():
            limits.append(int(text))
    return min(limits)


class Level(StrEnum):
    """How bad a finding is: with a failure the site does not work."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """What was found, and what to do unless it is in order."""

    level: Level
    message: str
    remedy: str = ""


@dataclass(frozen=True)
class Machine:
    """What the machine offers to this process."""

    python: tuple[int, ...] = field(default_factory=lambda: tuple(sys.version_info[:3]))
    system: str = sys.platform
    processes: Path = Path("/proc")
    open_files: int = field(default_factory=_open_files)
    memory_bytes: int = field(default_factory=_memory_bytes)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))


@dataclass(frozen=True)
class Installation:
    """What the checks look at: settings, releases, the address to serve at, and the machine.

    `endpoint` is the URL that is served in place of a release. `is_deep` has every file of the live release
    read, and the facts compared with the rules.
    """

    releases: Releases
    settings: Settings = field(default_factory=Settings)
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)
    host: str = "127.0.0.1"
    port: int = 8000
    endpoint: str = ""
    is_deep: bool = False
    site: Site = SITE
    machine: Machine = field(default_factory=Machine)


Check = Callable[[Installation], Iterator[Finding]]


def ok(message: str) -> Finding:
    """Return that something is in order."""
    return Finding(Level.OK, message)


def warn(message: str, remedy: str) -> Finding:
    """Return that something works less well than it could."""
    return Finding(Level.WARN, message, remedy)


def fail(message: str, remedy: str) -> Finding:
    """Return that something does not work."""
    return Finding(Level.FAIL, message, remedy)
