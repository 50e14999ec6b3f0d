"""Locks between processes, which the operating system releases when a process ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from graph.core.errors import UtsagaError


@contextmanager
def exclusive_lock(path: Path, busy: UtsagaError, *, seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock file at `path`, waiting up to `seconds` for it; raise `busy` if it is still held."""
    try:
        lock = FileLock(path).acquire(timeout=seconds)
    except Timeout as error:
        raise busy from error
    with lock:
        yield
