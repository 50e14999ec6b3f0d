"""Counts distinct texts of any number within bounded memory."""

import tempfile
from array import array
from hashlib import blake2b
from typing import IO, Final

_PARTS: Final = 64  # of the digests, which are counted one after the other
_BUFFERED: Final = 8_192  # digests of a part that are kept in memory


class DistinctCounter:
    """Keeps digests of 64 bits in temporary files, one for each part of them, if there are many.

    That two of ten million texts have the same digest, and count as one, happens once in 370,000 such counts.
    """

    def __init__(self) -> None:
        """Have counted nothing."""
        self._parts = [_Part() for _ in range(_PARTS)]

    def add(self, text: str) -> None:
        """Count `text`."""
        digest = int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest())
        self._parts[digest % _PARTS].add(digest)

    def count(self) -> int:
        """Return how many distinct texts were added, and forget them."""
        total = sum(part.count() for part in self._parts)
        self._parts = [_Part() for _ in range(_PARTS)]
        return total


class _Part:
    """The digests of one part: the last ones in memory, those before them in a file."""

    def __init__(self) -> None:
        self._buffer = array("Q")
        self._file: IO[bytes] | None = None

    def add(self, digest: int) -> None:
        """Add a digest."""
        self._buffer.append(digest)
        if len(self._buffer) >= _BUFFERED:
            self._file = self._file or tempfile.TemporaryFile()  # noqa: SIM115 (closed by `count`)
            self._buffer.tofile(self._file)
            self._buffer = array("Q")

    def count(self) -> int:
        """Return how many distinct digests were added."""
        found = set(self._buffer)
        if self._file:
            with self._file as file:
                file.seek(0)
                found.update(memoryview(file.read()).cast("Q"))
        return len(found)
