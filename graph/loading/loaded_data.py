"""What was loaded from RDF files: its id, its files with their digests, and where it is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

STORE: Final = "store"


@dataclass(frozen=True)
class FileDigest:
    """A file that was read, by its URI, and the digest of its bytes."""

    uri: str
    digest: str


@dataclass(frozen=True)
class LoadedData:
    """What was loaded: its id, when the newest of its files was changed, and the directory that holds it."""

    id: str
    created: str
    union: bool
    place: Path
    files: tuple[FileDigest, ...]

    @property
    def store(self) -> Path:
        """The directory of the Oxigraph store."""
        return self.place / STORE
