"""The files of the ontology: vocabulary, shapes, code lists and inference rules."""

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from graph.core.namespaces import GRAPH
from graph.rdf import reader

ONTOLOGY_FOLDER = Path(__file__).parents[2] / "ontology"
ONTOLOGY_GRAPH = NamedNode(GRAPH + "ontology")


def read_ontology() -> list[Quad]:
    """Return the quads of the vocabulary, alignments, borrowed terms, shapes and code lists.

    All are in the graph `ONTOLOGY_GRAPH`. Raise BadInput with file and line for a malformed file.
    """
    triples = (triple for path in _files() for triple in reader.read_quads(path))
    return [Quad(t.subject, t.predicate, t.object, ONTOLOGY_GRAPH) for t in triples]


def read_inference_rules() -> list[str]:
    """Return the inference rules, SPARQL CONSTRUCT queries, in the order of their file names."""
    return [path.read_text() for path in sorted((ONTOLOGY_FOLDER / "rules").glob("*.rq"))]


def _files() -> Iterator[Path]:
    yield from sorted(ONTOLOGY_FOLDER.glob("*.ttl"))
    yield from sorted((ONTOLOGY_FOLDER / "codelists").glob("*.ttl"))
