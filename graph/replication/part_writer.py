"""Writes a part of a file; failures to write are errors apart from those of reading what is written."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, Self


class NotWrittenError(Exception):
    """A part could not be written, for the `reason` that the system gives."""

    def __init__(self, reason: OSError) -> None:
        """Take the system's error."""
        super().__init__(str(reason))
        self.reason = reason


class PartWriter:
    """A context manager that writes to a file, which is on the disk when it is left."""

    def __init__(self, path: Path, mode: Literal["ab", "wb"]) -> None:
        """Open the file at `path`; raise NotWrittenError."""
        with _errors_wrapped():
            self._file = path.open(mode, buffering=0)

    def __enter__(self) -> Self:
        """Return this."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file; raise NotWrittenError."""
        with self._file, _errors_wrapped():
            os.fsync(self._file.fileno())

    def write(self, chunk: bytes) -> None:
        """Write all of `chunk`; raise NotWrittenError, when a part of it may have been written."""
        rest = memoryview(chunk)
        while rest:
            with _errors_wrapped():
                rest = rest[self._file.write(rest) :]


@contextmanager
def _errors_wrapped() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise NotWrittenError(error) from error
