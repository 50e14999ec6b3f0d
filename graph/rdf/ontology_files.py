"""The files of the ontology, the site's own and its parts': vocabulary, shapes, code lists and rules."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from graph.core.namespaces import DISPLAY_NAME, GRAPH, RDFS
from graph.core.parts import PARTS_FOLDER
from graph.core.site import SITE
from graph.rdf import reader
from graph.rdf.part_shapes import without_overridden

ONTOLOGY_FOLDER = SITE.ontology
ONTOLOGY_GRAPH = NamedNode(GRAPH + "ontology")
DOCUMENTS: Final = ("ns", "alignments", "display-names", "shapes")
"""The documents that the ontology is published as: three by the names of files, the terms in the others."""
_DEFAULTS: Final = "defaults"  # shapes of parts, which are published with the others
_CODE_LISTS: Final = "codelists"
_EXTENSIONS = frozenset((".ttl", ".rdf", ".owl", ".nt"))
_MARKS_OF_TERMS = {NamedNode(RDFS + "isDefinedBy"), NamedNode(DISPLAY_NAME)}


def read_ontology() -> list[Quad]:
    """Return the quads of the vocabulary, alignments, display names, shapes and code lists.

    All are in the graph `ONTOLOGY_GRAPH`. Raise BadInput with file and line for a malformed file.
    """
    own = _triples(_own_files())
    triples = (*without_overridden(_triples(_part_files()), own), *own)
    return [Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in triples]


def read_document(document: str) -> list[Triple]:
    """Return the triples of one of `DOCUMENTS`, none if the site has no such document.

    Code lists have documents of their own.
    """
    own = _triples(_own_files())
    of_parts = without_overridden(_triples(_files_of(document, _part_files())), own)
    return [*of_parts, *_triples(_files_of(document, _own_files()))]


def has_document(document: str) -> bool:
    """Return whether the site has one of `DOCUMENTS`."""
    return any(_files_of(document, (*_part_files(), *_own_files())))


def known_terms(ontology: Iterable[Quad]) -> set[NamedNode]:
    """Return the terms that the quads of `ontology` define, and those of others that they have a name for."""
    found = (quad.subject for quad in ontology if quad.predicate in _MARKS_OF_TERMS)
    return {term for term in found if isinstance(term, NamedNode)}


def read_inference_rules() -> list[str]:
    """Return the inference rules, SPARQL CONSTRUCT queries, in the order of their file names.

    A rule of the site takes the place of one of its parts of the same name.
    """
    folders = (*_part_folders(), ONTOLOGY_FOLDER)
    paths = {path.name: path for folder in folders for path in (folder / "rules").glob("*.rq")}
    return [paths[name].read_text() for name in sorted(paths)]


def _part_folders() -> Iterator[Path]:
    return (PARTS_FOLDER / name for name in SITE.of_parts("folders"))


def _part_files() -> tuple[Path, ...]:
    return tuple(file for folder in _part_folders() for file in _files(folder))


def _own_files() -> tuple[Path, ...]:
    return tuple(_files(ONTOLOGY_FOLDER))


def _files(ontology: Path) -> Iterator[Path]:
    for folder in (ontology, ontology / _CODE_LISTS):
        yield from sorted(path for path in folder.glob("*") if path.suffix in _EXTENSIONS)


def _files_of(document: str, files: Iterable[Path]) -> tuple[Path, ...]:
    """Return which of `files` one of `DOCUMENTS` is made of."""
    named = ((path, "shapes" if path.stem == _DEFAULTS else path.stem) for path in files)
    return tuple(
        path
        for path, stem in named
        if path.parent.name != _CODE_LISTS and (stem if stem in DOCUMENTS[1:] else "ns") == document
    )


def _triples(files: Iterable[Path]) -> list[Triple]:
    return [quad.triple for path in files for quad in reader.read_quads(path)]
