"""Facts in plain RDF: files of any size in the folder `rdf` of the facts, and what each says in which graph.

Triples are in a named graph of their file, quads in the graphs that they name. Few of them are read as all
other facts are; many are built by `graph.streaming.large_build`, which never has them in memory.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat

from graph.core.iris import slugify
from graph.core.namespaces import GRAPH
from graph.ingest.facts import Facts
from graph.rdf import reader
from graph.rdf.convert import in_graph

FOLDER: Final = "rdf"
SMALL_BYTES: Final = 4 << 20  # of all files, as they are stored, that are read as all other facts are
_COMPRESSION: Final = 8  # how much larger the content of a compressed file is, about
_EXTENSIONS: Final = frozenset((".nq", ".nt", ".ttl", ".trig", ".rdf", ".jsonld"))
_DEFAULT: Final = DefaultGraph()


@dataclass(frozen=True)
class PlainFile:
    """A file, its path in the folder of plain RDF, and the IRI of the graph of its triples that name none."""

    path: Path
    name: str
    graph: str

    @property
    def format(self) -> RdfFormat:
        """The format that its name says."""
        return reader.rdf_format(self.path)

    @property
    def size(self) -> int:
        """The bytes of its content, about."""
        size = self.path.stat().st_size
        return size * _COMPRESSION if self.path.suffix in reader.COMPRESSED else size


def find_files(facts: Path) -> list[PlainFile]:
    """Return the RDF files in the folder `rdf` of the folder `facts`, and in its sub-folders, in order."""
    folder = facts / FOLDER
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and _extension(path) in _EXTENSIONS)
    return [
        PlainFile(path, name.as_posix(), _graph(name))
        for path in paths
        for name in (path.relative_to(folder),)
    ]


def are_small(files: list[PlainFile]) -> bool:
    """Return whether `files` are so small together that they are read as all other facts are."""
    return sum(file.size for file in files) <= SMALL_BYTES


def read_facts(file: PlainFile) -> list[Facts]:
    """Return what a small file says, by graph; raise BadInput if it cannot be read or parsed."""
    graphs: dict[str, list[Quad]] = {}
    own = NamedNode(file.graph)
    for quad in reader.read_quads(file.path):
        placed = in_graph(quad, own) if quad.graph_name == _DEFAULT else quad
        graphs.setdefault(getattr(placed.graph_name, "value", ""), []).append(placed)
    return [
        Facts(
            graph,
            quads,
            {quad.subject.value: str(file.path) for quad in quads if isinstance(quad.subject, NamedNode)},
            is_plain=True,
        )
        for graph, quads in graphs.items()
    ]


def _extension(path: Path) -> str:
    return (path.with_suffix("") if path.suffix in reader.COMPRESSED else path).suffix


def _graph(path: Path) -> str:
    """Return the IRI of the graph of the file at `path` in the folder."""
    name = path.name.partition(".")[0]
    return f"{GRAPH}{FOLDER}/{'/'.join(map(slugify, (*path.parent.parts, name)))}"
