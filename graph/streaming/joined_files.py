"""Several files, read as one."""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, Final

_BUFFER_BYTES: Final = 1 << 20


def open_joined(paths: Iterable[Path]) -> IO[bytes]:
    """Open the files at `paths` as one; each is taken and opened when those before it have been read."""
    return io.BufferedReader(_JoinedFiles(paths), _BUFFER_BYTES)


class _JoinedFiles(io.RawIOBase):
    def __init__(self, paths: Iterable[Path]) -> None:
        self._files = (path.open("rb", buffering=0) for path in paths)
        self._file: Any = None

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into `buffer`, and return how many bytes: 0 after the last file."""
        while self._file or self._open_next():
            if count := self._file.readinto(buffer):
                return int(count)
            self._close_file()
        return 0

    def close(self) -> None:
        """Close the file that is open."""
        self._close_file()
        super().close()

    def _open_next(self) -> bool:
        self._file = next(self._files, None)
        return self._file is not None

    def _close_file(self) -> None:
        if self._file:
            self._file.close()
            self._file = None
