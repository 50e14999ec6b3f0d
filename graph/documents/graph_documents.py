"""A named graph as RDF: what it says of itself, its size, where it is from, and what it is about.

https://www.w3.org/TR/void/, https://www.w3.org/TR/sparql11-service-description/#sd-Graph
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from graph.core.namespaces import DATASET, DCTERMS, PROV, SCHEMA, SD, TYPE, VOID, XSD
from graph.core.terms import Term, iri
from graph.documents.document_source import DocumentSource, name_triples
from graph.rdf.convert import Triple, to_triple
from graph.rdf.formats import Format
from graph.rdf.writer import write_graph
from graph.read.entities import Entities, Ref
from graph.read.graph_contents import GraphContents, GraphOrigin, read_contents, read_origin

MAX_SUBJECTS: Final = 500  # that are named in one document


@dataclass(frozen=True)
class GraphCounts:
    """What is counted in a named graph, as far as it is known, and the address of the file that has it."""

    triples: int
    subjects: int | None = None
    properties: int | None = None
    classes: Mapping[str, int] | None = None
    dump: str = ""
    licence: str = ""


def rdf_document(
    entities: Entities, graph: Ref, counts: GraphCounts, format_: Format, source: DocumentSource
) -> bytes:
    """Return the document about the named graph `graph`, which is at `source`, in a format of graphs."""
    contents, origin = read_contents(entities, graph.iri), read_origin(entities, graph)
    stated = [*_stated(entities, graph.iri), *_counted(graph.iri, counts), *_from(graph.iri, origin)]
    about = list(islice(_subjects(contents), MAX_SUBJECTS))
    names = name_triples(entities, (*(each.iri for each in (*origin.sources, *origin.publishers)), *about))
    topics = (to_triple(iri(graph.iri), SCHEMA + "about", iri(name)) for name in about)
    return write_graph((*source.triples(graph.iri), *stated, *topics, *names), format_)


def _stated(entities: Entities, name: str) -> Iterator[Triple]:
    for property_, values in entities.node(iri(name)).values.items():
        for value in values:
            yield to_triple(iri(name), property_, value)


def _counted(name: str, counts: GraphCounts) -> Iterator[Triple]:
    graph = iri(name)
    for class_ in (SD + "Graph", VOID + "Dataset"):
        yield to_triple(graph, TYPE, iri(class_))
    numbers = {
        "triples": counts.triples,
        "distinctSubjects": counts.subjects,
        "properties": counts.properties,
    }
    for property_, number in numbers.items():
        if number is not None:
            yield to_triple(graph, VOID + property_, _number(number))
    for at, (class_, number) in enumerate((counts.classes or {}).items()):
        part = Term(f"class{at}", "blank")
        yield to_triple(graph, VOID + "classPartition", part)
        yield to_triple(part, VOID + "class", iri(class_))
        yield to_triple(part, VOID + "entities", _number(number))
    if counts.licence:
        yield to_triple(graph, DCTERMS + "license", iri(counts.licence))
        yield to_triple(graph, DCTERMS + "isPartOf", iri(DATASET))
    if counts.dump:
        yield to_triple(graph, VOID + "dataDump", iri(counts.dump))


def _from(name: str, origin: GraphOrigin) -> Iterator[Triple]:
    for source in origin.sources:
        yield to_triple(iri(name), PROV + "wasDerivedFrom", iri(source.iri))
        for publisher in origin.publishers:
            yield to_triple(iri(source.iri), DCTERMS + "publisher", iri(publisher.iri))


def _subjects(contents: GraphContents) -> Iterator[str]:
    for members in contents.kinds.values():
        yield from members.page(0, MAX_SUBJECTS)
    yield from contents.others


def _number(value: int) -> Term:
    return Term(str(value), "literal", datatype=XSD + "integer")
