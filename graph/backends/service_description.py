"""The endpoint's description of itself as RDF: https://www.w3.org/TR/sparql11-service-description/."""

from collections.abc import Iterator

import pyoxigraph as ox

from graph.core.namespaces import DCTERMS, RDF, SD, VOID, XSD
from graph.core.translations import for_site
from graph.index.protocol import StoreReader
from graph.rdf import formats
from graph.rdf.query_types import QueryResponse
from graph.rdf.writer import write_graph

_UNION = {
    "en": "The union of all named graphs, each triple once; the named graphs say where each comes from.",
    "sv": "Unionen av alla namngivna grafer, varje trippel en gång; de namngivna graferna visar varifrån var "
    "och en kommer.",
}
_OWN = {
    "en": "A graph of its own; a triple of a named graph is in it only if it was also loaded into it.",
    "sv": "En egen graf; en trippel i en namngiven graf finns här bara om den också lästs in hit.",
}


def describe(store: StoreReader, endpoint: str, media_type: str) -> QueryResponse:
    """Return the description of the endpoint at the URL `endpoint`, in one of the formats of a graph."""
    chosen = formats.by_media_type("graph")[media_type]
    return QueryResponse(write_graph(_triples(store, endpoint), chosen), chosen.content_type)


def _triples(store: StoreReader, endpoint: str) -> Iterator[ox.Triple]:
    service, dataset = ox.BlankNode("service"), ox.BlankNode("dataset")
    yield _says(service, RDF + "type", ox.NamedNode(SD + "Service"))
    yield _says(service, SD + "endpoint", ox.NamedNode(endpoint))
    for language in ("SPARQL10Query", "SPARQL11Query"):
        yield _says(service, SD + "supportedLanguage", ox.NamedNode(SD + language))
    if store.union:
        yield _says(service, SD + "feature", ox.NamedNode(SD + "UnionDefaultGraph"))
    for each in formats.FORMATS:
        yield _says(service, SD + "resultFormat", ox.NamedNode(each.iri))
    yield _says(service, SD + "defaultDataset", dataset)
    yield _says(dataset, RDF + "type", ox.NamedNode(SD + "Dataset"))
    for number, (name, size) in enumerate(store.graph_sizes.items()):
        graph = ox.BlankNode(f"graph{number}")
        if name:
            named = ox.BlankNode(f"named{number}")
            yield _says(dataset, SD + "namedGraph", named)
            yield _says(named, RDF + "type", ox.NamedNode(SD + "NamedGraph"))
            yield _says(named, SD + "name", ox.NamedNode(name))
            yield _says(named, SD + "graph", graph)
        else:
            yield _says(dataset, SD + "defaultGraph", graph)
            for language, words in for_site(_UNION if store.union else _OWN).items():
                yield _says(graph, DCTERMS + "description", ox.Literal(words, language=language))
        yield _says(graph, RDF + "type", ox.NamedNode(SD + "Graph"))
        yield _says(graph, VOID + "triples", ox.Literal(str(size), datatype=ox.NamedNode(XSD + "integer")))


def _says(
    subject: ox.BlankNode, predicate: str, value: ox.NamedNode | ox.BlankNode | ox.Literal
) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), value)
