"""The stored queries as quads of a release, in the graphs of examples."""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from graph.core.namespaces import BASE, OWL, PREFIXES, RDF, SH, XSD
from graph.query.descriptions import EXAMPLES, PREFIXES_NODE, describe_query
from graph.query.stored import load_queries

FEDERATED: Final = EXAMPLES + "/federated"


def quads(endpoint: str = BASE + "sparql") -> Iterator[Quad]:
    """Yield the stored queries as sh:SPARQLExecutable, to be run at `endpoint`, for the graphs of examples.

    Those that ask other endpoints too are in a graph of their own, since not every server lets them run.
    """

    def quad(subject: str, predicate: str, value: NamedNode | Literal) -> Quad:
        return Quad(NamedNode(subject), NamedNode(predicate), value, NamedNode(EXAMPLES))

    yield quad(PREFIXES_NODE, RDF + "type", NamedNode(OWL + "Ontology"))
    for prefix, namespace in PREFIXES.items():
        declaration = f"{EXAMPLES}#prefix-{prefix}"
        yield quad(PREFIXES_NODE, SH + "declare", NamedNode(declaration))
        yield quad(declaration, SH + "prefix", Literal(prefix))
        yield quad(declaration, SH + "namespace", Literal(namespace, datatype=NamedNode(XSD + "anyURI")))
    for stored in load_queries().values():
        graph = FEDERATED if stored.services else EXAMPLES
        for triple in describe_query(stored, endpoint):
            yield Quad(triple.subject, triple.predicate, triple.object, NamedNode(graph))
