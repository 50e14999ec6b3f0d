"""Read RDF files in any format of pyoxigraph, plain or compressed with gzip, bzip2 or Zstandard."""

import bz2
import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, cast

import zstandard
from pyoxigraph import Quad, RdfFormat, parse

from graph.core.errors import BadInput

COMPRESSED = (".gz", ".bz2", ".zst")
_BLOCK_BYTES = 1 << 20
Watch = Callable[[IO[bytes]], IO[bytes]]


def read_quads(path: Path, watch: Watch | None = None, *, rename_blank_nodes: bool = True) -> Iterator[Quad]:
    """Yield the quads of the RDF file at `path`, in the format of its extension (.ttl, .nq.gz …).

    `watch` takes the file as it is stored, and returns what is read in its place, to its end.

    Raise BadInput, with file and line, for an unknown extension, an unreadable file and malformed RDF.
    """
    form = rdf_format(path)
    with open_rdf(path, watch) as file:
        yield from parse(file, format=form, base_iri=base_iri(path), rename_blank_nodes=rename_blank_nodes)


def rdf_format(path: Path) -> RdfFormat:
    """Return the RDF format that the name of the file at `path` says; raise BadInput if it is none."""
    plain = path.with_suffix("") if path.suffix in COMPRESSED else path
    form = RdfFormat.from_extension(plain.suffix.removeprefix("."))
    if form is None:
        raise BadInput(
            f"“{plain.suffix}” is not the extension of an RDF format",
            where=str(path),
            rule="file name",
            remedy="use .ttl, .trig, .nt, .nq, .rdf or .jsonld, and .gz, .bz2 or .zst after it if compressed",
        )
    return form


def base_iri(path: Path) -> str:
    """Return the IRI by which relative references in the file at `path` are resolved."""
    return path.absolute().as_uri()


@contextmanager
def open_rdf(path: Path, watch: Watch | None = None) -> Iterator[IO[bytes]]:
    """Open the RDF file at `path`, decompressed; at the end of the block, read what is left of it.

    `watch` is as for `read_quads`. Raise BadInput, with file and line, if the file cannot be read, and for a
    SyntaxError of the block.
    """
    try:
        with path.open("rb") as stored:
            watched = watch(stored) if watch else stored
            with _open_file(path, watched) as file:
                yield file
                while watched.read(_BLOCK_BYTES):  # what follows the end of a compressed stream
                    pass
    except SyntaxError as error:
        raise BadInput(
            error.msg,
            where=f"{path}:{error.lineno or 1}",
            rule=f"{rdf_format(path).name} syntax",
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
        case ".bz2":
            return cast("IO[bytes]", bz2.open(stored, "rb"))
        case ".zst":
            return cast("IO[bytes]", zstandard.open(cast("BinaryIO", stored), "rb"))
    return stored
