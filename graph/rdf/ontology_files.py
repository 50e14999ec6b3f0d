"""The files of the ontology: vocabulary, shapes, code lists and inference rules."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad

from graph.core.namespaces import DISPLAY_NAME, GRAPH, RDFS
from graph.core.site import SITE
from graph.rdf import reader

ONTOLOGY_FOLDER = SITE.ontology
ONTOLOGY_GRAPH = NamedNode(GRAPH + "ontology")
PARTS_FOLDER: Final = Path(__file__).parents[2] / "ontology"
"""The vocabulary of statements, adoptions and assessments, which sites with parts have beside their own."""
DOCUMENTS: Final = ("ns", "alignments", "display-names", "shapes")
"""The documents that the ontology is published as: three by the names of files, the terms in the others."""
_PART_FILES: Final = ("utsaga.ttl", "alignments.ttl", "display-names.ttl")
_CODE_LISTS: Final = "codelists"
_PART_RULES: Final = ("inverses.rq", "superclasses.rq", "superproperties.rq")
_EXTENSIONS = frozenset((".ttl", ".rdf", ".owl", ".nt"))
_MARKS_OF_TERMS = {NamedNode(RDFS + "isDefinedBy"), NamedNode(DISPLAY_NAME)}


def read_ontology() -> list[Quad]:
    """Return the quads of the vocabulary, alignments, display names, shapes and code lists.

    All are in the graph `ONTOLOGY_GRAPH`. Raise BadInput with file and line for a malformed file.
    """
    triples = (triple for path in _files() for triple in reader.read_quads(path))
    return [Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in triples]


def document_files(document: str) -> tuple[Path, ...]:
    """Return the files of one of `DOCUMENTS`, which may be none; code lists have documents of their own."""
    named = [path for path in _files() if path.parent.name != _CODE_LISTS]
    if document == "ns":
        return tuple(path for path in named if path.stem not in DOCUMENTS)
    return tuple(path for path in named if path.stem == document)


def known_terms(ontology: Iterable[Quad]) -> set[NamedNode]:
    """Return the terms that the quads of `ontology` define, and those of others that they have a name for."""
    found = (quad.subject for quad in ontology if quad.predicate in _MARKS_OF_TERMS)
    return {term for term in found if isinstance(term, NamedNode)}


def read_inference_rules() -> list[str]:
    """Return the inference rules, SPARQL CONSTRUCT queries, in the order of their file names.

    A site with parts has those too that the terms of the parts need.
    """
    paths = {path.name: path for path in (ONTOLOGY_FOLDER / "rules").glob("*.rq")}
    if SITE.parts:
        paths |= {name: PARTS_FOLDER / "rules" / name for name in _PART_RULES}
    return [paths[name].read_text() for name in sorted(paths)]


def _files() -> Iterator[Path]:
    if SITE.parts and ONTOLOGY_FOLDER.resolve() != PARTS_FOLDER.resolve():
        yield from (PARTS_FOLDER / name for name in _PART_FILES)
        yield from sorted((PARTS_FOLDER / _CODE_LISTS).glob("*.ttl"))
    for folder in (ONTOLOGY_FOLDER, ONTOLOGY_FOLDER / _CODE_LISTS):
        yield from sorted(path for path in folder.glob("*") if path.suffix in _EXTENSIONS)
