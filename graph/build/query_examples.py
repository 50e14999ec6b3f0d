"""The stored queries as RDF, by the SIB convention: https://github.com/sib-swiss/sparql-examples."""

from collections.abc import Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Triple

from graph.core.namespaces import BASE, GRAPH, OWL, PREFIXES, QUERY, RDF, RDFS, SCHEMA, SH, SPEX, XSD
from graph.query.header import HEADER_LANGUAGES
from graph.query.stored import StoredQuery, load_queries

EXAMPLES: Final = GRAPH + "examples"
FEDERATED: Final = EXAMPLES + "/federated"
_PREFIXES: Final = EXAMPLES + "#prefixes"


def quads(endpoint: str = BASE + "sparql") -> Iterator[Quad]:
    """Yield the stored queries as sh:SPARQLExecutable, to be run at `endpoint`, for the graphs of examples.

    Those that ask other endpoints too are in a graph of their own, since not every server lets them run.
    """

    def quad(subject: str, predicate: str, value: NamedNode | Literal) -> Quad:
        return Quad(NamedNode(subject), NamedNode(predicate), value, NamedNode(EXAMPLES))

    yield quad(_PREFIXES, RDF + "type", NamedNode(OWL + "Ontology"))
    for prefix, namespace in PREFIXES.items():
        declaration = f"{EXAMPLES}#prefix-{prefix}"
        yield quad(_PREFIXES, SH + "declare", NamedNode(declaration))
        yield quad(declaration, SH + "prefix", Literal(prefix))
        yield quad(declaration, SH + "namespace", Literal(namespace, datatype=NamedNode(XSD + "anyURI")))
    for stored in load_queries().values():
        graph = FEDERATED if stored.services else EXAMPLES
        for triple in _described(stored, endpoint):
            yield Quad(triple.subject, triple.predicate, triple.object, NamedNode(graph))


def _described(stored: StoredQuery, endpoint: str) -> Iterator[Triple]:
    """Yield the description of one query that is to be run at `endpoint`."""
    subject = NamedNode(QUERY + stored.name)

    def says(predicate: str, value: NamedNode | Literal) -> Triple:
        return Triple(subject, NamedNode(predicate), value)

    yield says(RDF + "type", NamedNode(SH + "SPARQLExecutable"))
    yield says(RDF + "type", NamedNode(SH + "SPARQLSelectExecutable"))
    for language in HEADER_LANGUAGES:
        yield says(RDFS + "label", Literal(stored.title[language], language=language))
        yield says(RDFS + "comment", Literal(stored.description[language], language=language))
    for keyword in stored.keywords:
        yield says(SCHEMA + "keywords", Literal(keyword))
    for service in stored.services:
        yield says(SPEX + "federatesWith", NamedNode(service))
    yield says(SCHEMA + "target", NamedNode(endpoint))
    yield says(SH + "prefixes", NamedNode(_PREFIXES))
    yield says(SH + "select", Literal(stored.text))
