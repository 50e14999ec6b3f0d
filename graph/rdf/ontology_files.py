"""The ontology as files: the vocabulary, its shapes and code lists, read into quads."""

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from graph.core.namespaces import GRAPH
from graph.rdf import reader

ONTOLOGY = Path(__file__).parents[2] / "ontology"
GRAPH_NAME = NamedNode(GRAPH + "ontology")


def read_ontology() -> list[Quad]:
    """Return the vocabulary, alignments, borrowed terms, shapes and code lists, in their named graph.

    Raise BadInput with file and line for a file that is malformed.
    """
    triples = (triple for path in _files() for triple in reader.read_quads(path))
    return [Quad(t.subject, t.predicate, t.object, GRAPH_NAME) for t in triples]


def read_inference_rules() -> list[str]:
    """Return the inference rules, SPARQL CONSTRUCT queries, in the order of their names."""
    return [path.read_text() for path in sorted((ONTOLOGY / "rules").glob("*.rq"))]


def _files() -> Iterator[Path]:
    yield from sorted(ONTOLOGY.glob("*.ttl"))
    yield from sorted((ONTOLOGY / "codelists").glob("*.ttl"))
