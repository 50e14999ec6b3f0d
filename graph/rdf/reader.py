"""Read RDF files in any format of pyoxigraph, plain or compressed with gzip or Zstandard."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

import zstandard
from pyoxigraph import Quad, RdfFormat, parse

from graph.core.errors import BadInput

_COMPRESSED = (".gz", ".zst")
_BLOCK_BYTES = 1 << 20
Watch = Callable[[IO[bytes]], IO[bytes]]


def read_quads(path: Path, watch: Watch | None = None) -> Iterator[Quad]:
    """Yield the quads of the RDF file at `path`, in the format of its extension (.ttl, .nq.gz …).

    `watch` takes the file as it is stored, and returns what is read in its place, to its end.

    Raise BadInput, with file and line, for an unknown extension, an unreadable file and malformed RDF.
    """
    plain = path.with_suffix("") if path.suffix in _COMPRESSED else path
    form = RdfFormat.from_extension(plain.suffix.removeprefix("."))
    if form is None:
        raise BadInput(
            f"“{plain.suffix}” is not the extension of an RDF format",
            where=str(path),
            rule="file name",
            remedy="use .ttl, .trig, .nt, .nq, .rdf or .jsonld, with .gz or .zst after it if compressed",
        )
    try:
        with path.open("rb") as stored:
            watched = watch(stored) if watch else stored
            with _open_file(path, watched) as file:
                yield from parse(
                    file, format=form, base_iri=path.absolute().as_uri(), rename_blank_nodes=True
                )
                while watched.read(_BLOCK_BYTES):  # what follows the end of a compressed stream
                    pass
    except SyntaxError as error:
        raise BadInput(
            error.msg,
            where=f"{path}:{error.lineno or 1}",
            rule=f"{form.name} syntax",
            remedy="correct the syntax",
        ) from error
    except (OSError, EOFError, zstandard.ZstdError) as error:
        raise BadInput(
            f"the file cannot be read: {getattr(error, 'strerror', None) or error}",
            where=str(path),
            rule="readable file",
            remedy="check the file",
        ) from error


def _open_file(path: Path, stored: IO[bytes]) -> IO[bytes]:
    match path.suffix:
        case ".gz":
            return cast("IO[bytes]", gzip.open(cast("BinaryIO", stored), "rb"))
        case ".zst":
            return cast("IO[bytes]", zstandard.open(cast("BinaryIO", stored), "rb"))
    return stored
