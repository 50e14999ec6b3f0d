"""Processes that a test watches, stops and kills.

They are read from /proc: https://man7.org/linux/man-pages/man5/proc.5.html.
"""

import asyncio
import gc
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bench.soak import tree

_LONGEST = 180.0  # seconds until a condition that has not come true never will
_PAUSE = 0.01


def query_workers(home: Path, root: int | None = None) -> set[int]:
    """Return the processes under `root`, or this one, without children and with a store in `home` open."""
    found = set(tree(root or os.getpid())) - {os.getpid()}
    return {pid for pid in found if len(tree(pid)) == 1 and _has_open(pid, home)}


def is_running(pid: int) -> bool:
    """Return whether a process has not ended, even if its parent has not read its status yet."""
    return any(state not in {"Z", "X"} for state, _ in _threads(pid))


def is_low_priority(pid: int) -> bool:
    """Return whether a thread of a process has the lowest priority."""
    return any(nice == 19 for _, nice in _threads(pid))


def stop(pid: int) -> None:
    """Stop a process, and return when all of its threads have stopped."""
    os.kill(pid, signal.SIGSTOP)
    wait_until(lambda: {state for state, _ in _threads(pid)} == {"T"})


def resume(pid: int) -> None:
    """Let a process that was stopped go on, if it has not ended."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGCONT)


def kill(pid: int) -> None:
    """Kill a process, if it has not ended, and return when it has."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_running(pid))


def kill_workers(home: Path) -> set[int]:
    """Kill the query workers of this process with a store in `home` open; return which there were."""
    pids = query_workers(home)
    for pid in pids:
        kill(pid)
    return pids


def stop_workers(home: Path) -> list[int]:
    """Stop the same, so that what they are sent runs until they are resumed; return which there are."""
    pids = sorted(query_workers(home))
    for pid in pids:
        stop(pid)
    return pids


def wait_until(condition: Callable[[], object]) -> None:
    """Return when `condition` holds; fail if it never does."""
    end = time.monotonic() + _LONGEST
    while not condition():
        if time.monotonic() > end:
            pytest.fail("what the test waits for does not come")
        time.sleep(_PAUSE)


async def until(condition: Callable[[], object]) -> None:
    """Return when `condition` holds, while the event loop goes on; fail if it never does."""
    end = time.monotonic() + _LONGEST
    while not condition():
        if time.monotonic() > end:
            pytest.fail("what the test waits for does not come")
        await asyncio.sleep(_PAUSE)


def open_files() -> int:
    """Return how many descriptors this process has open, without those that nothing refers to any more."""
    gc.collect()
    return len(list(Path("/proc/self/fd").iterdir()))


@contextmanager
def no_more_files() -> Iterator[None]:
    """Keep this process from opening another descriptor."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest_free = os.dup(0)
    os.close(lowest_free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest_free, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)


def _threads(pid: int) -> list[tuple[str, int]]:
    """Return the state and the nice value of each thread of a process."""
    found = []
    for stat in Path(f"/proc/{pid}/task").glob("*/stat"):
        try:
            values = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        found.append((values[0], int(values[16])))
    return found


def _has_open(pid: int, home: Path) -> bool:
    try:
        files = [link.readlink() for link in Path(f"/proc/{pid}/fd").iterdir()]
    except OSError:  # it has ended, or closed a file, meanwhile
        return False
    return any(file.is_relative_to(home) and "store" in file.parts for file in files)
