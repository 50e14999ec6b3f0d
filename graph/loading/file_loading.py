"""Tasks that load an RDF file into a store, for the process that writes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, Store, parse

from graph.core.errors import Unavailable
from graph.loading.store_loader import Report
from graph.loading.watched_file import WatchedFile
from graph.rdf import reader

_CHUNK_QUADS: Final = 100_000
_LINE_FORMATS: Final = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)  # which have a line for each quad


@dataclass(frozen=True)
class LoadedFile:
    """What was read of a file: its bytes as they are stored, their digest, its lines if each is a quad."""

    path: Path
    size: int
    digest: str
    lines: int


@dataclass(frozen=True)
class LoadFile:
    """Load the RDF file at `path`; with `union`, every triple into the default graph too."""

    path: Path
    union: bool = False

    def __call__(self, store: Store, report: Report, /) -> LoadedFile:
        """Load it; raise BadInput if it cannot be read or parsed, Unavailable if it cannot be stored."""
        form = reader.rdf_format(self.path)
        watched = WatchedFile(report, counts_lines=form in _LINE_FORMATS)
        with reader.open_rdf(self.path, watched.stored) as file:
            content, base = watched.content(file), reader.base_iri(self.path)
            try:
                if self.union:
                    _load_with_union(
                        store, parse(content, format=form, base_iri=base, rename_blank_nodes=True)
                    )
                else:
                    store.bulk_load(content, form, base_iri=base)
            except OSError as error:
                if watched.is_broken:
                    raise
                raise not_stored(error) from error
        return LoadedFile(self.path, watched.bytes_read, watched.digest(), watched.lines)


def not_stored(error: OSError, where: str = "") -> Unavailable:
    """Return the error that there is no room for data, or another reason that a store cannot be written."""
    return Unavailable(
        f"The data cannot be stored: {error.strerror or error}",
        where=where,
        rule="room for the store",
        remedy="make room there, or give another directory",
    )


def _load_with_union(store: Store, quads: Iterator[Quad]) -> None:
    """Load the quads, and each in the default graph too, where the store has it once."""
    while chunk := list(islice(quads, _CHUNK_QUADS)):
        store.bulk_extend(chunk)
        store.bulk_extend([Quad(each.subject, each.predicate, each.object) for each in chunk])
