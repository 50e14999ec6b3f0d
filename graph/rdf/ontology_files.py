"""The files of the ontology: vocabulary, shapes, code lists and inference rules."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from graph.core.namespaces import DISPLAY_NAME, GRAPH, RDFS
from graph.core.site import SITE
from graph.rdf import reader

ONTOLOGY_FOLDER = SITE.ontology
ONTOLOGY_GRAPH = NamedNode(GRAPH + "ontology")
_EXTENSIONS = frozenset((".ttl", ".rdf", ".owl", ".nt"))
_MARKS_OF_TERMS = {NamedNode(RDFS + "isDefinedBy"), NamedNode(DISPLAY_NAME)}


def read_ontology() -> list[Quad]:
    """Return the quads of the vocabulary, alignments, display names, shapes and code lists.

    All are in the graph `ONTOLOGY_GRAPH`. Raise BadInput with file and line for a malformed file.
    """
    triples = (triple for path in _files() for triple in reader.read_quads(path))
    return [Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in triples]


def known_terms(ontology: Iterable[Quad]) -> set[NamedNode]:
    """Return the terms that the quads of `ontology` define, and those of others that they have a name for."""
    found = (quad.subject for quad in ontology if quad.predicate in _MARKS_OF_TERMS)
    return {term for term in found if isinstance(term, NamedNode)}


def read_inference_rules() -> list[str]:
    """Return the inference rules, SPARQL CONSTRUCT queries, in the order of their file names."""
    return [path.read_text() for path in sorted((ONTOLOGY_FOLDER / "rules").glob("*.rq"))]


def _files() -> Iterator[Path]:
    for folder in (ONTOLOGY_FOLDER, ONTOLOGY_FOLDER / "codelists"):
        yield from sorted(path for path in folder.glob("*") if path.suffix in _EXTENSIONS)
