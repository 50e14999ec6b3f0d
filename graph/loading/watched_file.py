"""A file that is read once, while its bytes and lines are counted and a digest of it is made."""

import hashlib
import io
import time
from pathlib import Path
from typing import IO, Any, Final

from graph.loading.store_loader import Report

_BLOCK_BYTES: Final = 1 << 20
_REPORT_SECONDS: Final = 0.1


def new_digest() -> "hashlib.blake2b":
    """Return the digest by which files are known, before any byte."""
    return hashlib.blake2b(digest_size=16)


def digest_file(path: Path) -> str:
    """Return the digest of the bytes of a file; raise OSError if it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, new_digest).hexdigest()


class WatchedFile:
    """What is known of a file while it is read: the bytes as they are stored, and the lines in them."""

    def __init__(self, report: Report = lambda done, count: None, *, counts_lines: bool = False) -> None:
        """Call `report` now and then with the bytes and the lines that have been read."""
        self.bytes_read = self.lines = 0
        self.is_broken = False  # whether reading it has failed
        self._digest, self._report, self._counts_lines = new_digest(), report, counts_lines
        self._reported = time.monotonic()

    def stored(self, file: IO[bytes]) -> IO[bytes]:
        """Return `file`, whose bytes are counted and digested as they are read."""
        return io.BufferedReader(_Passing(file, self._note_bytes), _BLOCK_BYTES)

    def content(self, file: IO[bytes]) -> IO[bytes]:
        """Return `file`, the content of the stored one, whose lines are counted as they are read."""
        return io.BufferedReader(_Passing(file, self._note_lines, self._note_failure), _BLOCK_BYTES)

    def digest(self) -> str:
        """Return the digest of what has been read."""
        return self._digest.hexdigest()

    def _note_bytes(self, found: bytes) -> None:
        self._digest.update(found)
        self.bytes_read += len(found)

    def _note_lines(self, found: bytes) -> None:
        if self._counts_lines:
            self.lines += found.count(b"\n")
        now = time.monotonic()
        if now - self._reported >= _REPORT_SECONDS or not found:
            self._reported = now
            self._report(self.bytes_read, self.lines)

    def _note_failure(self) -> None:
        self.is_broken = True


class _Passing(io.RawIOBase):
    """A file whose bytes are shown to `note` as they are read; `failed` is called if they cannot be."""

    def __init__(self, file: IO[bytes], note: Any, failed: Any = None) -> None:
        self._file, self._note, self._failed = file, note, failed

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into `buffer`, and return how many bytes."""
        try:
            found = self._file.read(len(buffer))
        except Exception:
            if self._failed:
                self._failed()
            raise
        buffer[: len(found)] = found
        self._note(found)
        return len(found)
