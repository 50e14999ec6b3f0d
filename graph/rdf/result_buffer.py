"""Takes in an answer while the engine writes it: up to a limit, and in a nameless file once it is large."""

import re
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO, Final, Self, cast

from graph.core.errors import NotAcceptable, TooLarge
from graph.rdf.formats import Format

MEMORY_BYTES: Final = 1 << 20
_NOT_XML: Final = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


class ResultBuffer:
    """What the engine's serialisers write to; it stops them at `limit` bytes."""

    def __init__(self, limit: int, chosen: Format) -> None:
        """Take in an answer in the format `chosen`."""
        self._limit = limit
        self._chosen = chosen
        self._size = 0
        self._tail = b""
        self._taken = False
        self._file: IO[bytes] = BytesIO()  # tempfile's own way to begin in memory takes as long as a lookup

    @property
    def file(self) -> IO[bytes]:
        """The sink as the engine's types have it, which ask for a whole file and use two of its methods."""
        return cast("IO[bytes]", self)

    def write(self, data: bytes) -> int:
        """Take in `data`; raise TooLarge over the limit, NotAcceptable for what XML cannot express."""
        self._size += len(data)
        if self._size > self._limit:
            raise TooLarge(
                f"The answer has more than {self._limit:,} bytes",
                where="query",
                rule="UTSAGA_RESULT_BYTES",
                remedy="add a LIMIT, or ask for fewer columns",
            )
        if self._chosen.xml:
            joined = self._tail + data
            self._tail = joined[-2:]
            if _NOT_XML.search(joined):
                raise inexpressible(self._chosen, "it holds a character that XML cannot express")
        if self._size > MEMORY_BYTES and isinstance(self._file, BytesIO):
            self._file = _on_disk(self._file)
        return self._file.write(data)

    def flush(self) -> None:
        """Do nothing: whoever reads the body gets all of it."""

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *failure: object) -> None:
        """Close the file, unless it is the body that somebody has taken."""
        if not self._taken:
            self._file.close()

    def body(self) -> bytes | IO[bytes]:
        """Return all that was written: bytes if it is small, else a file to read from its beginning."""
        if isinstance(self._file, BytesIO):
            return self._file.getvalue()
        self._file.seek(0)
        self._taken = True
        return self._file


def _on_disk(begun: BytesIO) -> IO[bytes]:
    """Return a nameless file that goes on where `begun` ends."""
    file = TemporaryFile()  # noqa: SIM115 (the sink closes it)
    file.write(begun.getbuffer())
    return file


def inexpressible(chosen: Format, reason: str) -> NotAcceptable:
    """Return the error for an answer that the format `chosen` cannot express."""
    message = f"The answer cannot be written as {chosen.media_type}: {reason}"
    return NotAcceptable(message, where="Accept", rule="formats", remedy="ask for another format")
