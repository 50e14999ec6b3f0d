"""A buffer for the result that the engine serializes: limited, and in a temporary file once it is large."""

import re
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Final, Self, cast

from graph.core.errors import NotAcceptable, Unprocessable
from graph.rdf.formats import Format

MEMORY_BYTES: Final = 1 << 20
_INVALID_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


class ResultBuffer:
    """The file that the engine's serializers write to, limited to a number of bytes."""

    def __init__(self, limit: int, format_: Format) -> None:
        """Accept at most `limit` bytes of a result in the format `format_`."""
        self._limit = limit
        self._format_ = format_
        self._size = 0
        self._tail = b""
        self._detached = False
        self._file: IO[bytes] = BytesIO()  # tempfile's SpooledTemporaryFile takes as long as a lookup

    @property
    def file(self) -> IO[bytes]:
        """The buffer with the type that the engine declares, of which it calls only write and flush."""
        return cast("IO[bytes]", self)

    def write(self, data: bytes) -> int:
        """Append `data`; raise Unprocessable over the limit, NotAcceptable for what XML does not allow."""
        self._size += len(data)
        if self._size > self._limit:
            raise result_too_large(f"The result has more than {self._limit:,} bytes")
        if self._format_.xml:
            joined = self._tail + data
            self._tail = joined[-2:]
            if _INVALID_XML.search(joined):
                raise inexpressible(self._format_, "it holds a character that XML cannot express")
        if self._size > MEMORY_BYTES and isinstance(self._file, BytesIO):
            self._file = _spill_to_file(self._file)
        return self._file.write(data)

    def flush(self) -> None:
        """Do nothing, since `body` returns everything written."""

    def __enter__(self) -> Self:
        """Return the buffer."""
        return self

    def __exit__(self, *failure: object) -> None:
        """Close the file, unless `body` has returned it."""
        if not self._detached:
            self._file.close()

    def body(self) -> bytes | IO[bytes]:
        """Return everything written: bytes if small, else a file at its start, for the caller to close."""
        if isinstance(self._file, BytesIO):
            return self._file.getvalue()
        self._file.seek(0)
        self._detached = True
        return self._file


def _spill_to_file(memory: BytesIO) -> IO[bytes]:
    """Return an unnamed temporary file that begins with the content of `memory`."""
    file = TemporaryFile()  # noqa: SIM115 (the buffer closes it)
    file.write(memory.getbuffer())
    return file


def result_too_large(message: str, rule: str = "UTSAGA_RESULT_BYTES") -> Unprocessable:
    """Return the error for a query whose result is over the limit called `rule`."""
    return Unprocessable(
        message, where="query", rule=rule, remedy="add a lower LIMIT, or ask for fewer columns"
    )


def inexpressible(format_: Format, reason: str) -> NotAcceptable:
    """Return the error for a result that `format_` cannot express."""
    message = f"The result cannot be written as {format_.media_type}: {reason}"
    return NotAcceptable(message, where="Accept", rule="formats", remedy="ask for another format")
