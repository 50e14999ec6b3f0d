"""The difference between two releases as RDF: a change set for each subject.

http://vocab.org/changeset/. Each triple added or removed is reified, and says which named graph it is of.
Nameless nodes have the labels that RDFC-1.0 gives them, which a change nearby may change too.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from graph.core.errors import NotAcceptable
from graph.core.namespaces import BASE, DCTERMS, RDF, XSD
from graph.rdf import formats
from graph.rdf.writer import write_graph
from graph.release.release import Release
from graph.release.releases import difference

CS: Final = "http://purl.org/vocab/changeset/schema#"
_SIDES: Final = {"- ": "removal", "+ ": "addition"}
Subject = NamedNode | BlankNode


def write(old: Release, new: Release, name: str) -> bytes:
    """Return the changes from `old` to `new` in the format of a graph called `name` (ttl, nt, rdf, jsonld).

    Raise NotAcceptable for an unknown format.
    """
    chosen = formats.find_format(name, "graph")
    if chosen is None:
        offered = ", ".join(each.name for each in formats.formats_for("graph"))
        raise NotAcceptable(
            f"changes cannot be written as {name}", where="--format", rule="format", remedy=f"use {offered}"
        )
    return write_graph(change_sets(old, new), chosen)


def change_sets(old: Release, new: Release) -> Iterator[Triple]:
    """Yield the triples of the change sets from `old` to `new`."""
    changed: dict[Subject, list[tuple[str, Quad]]] = defaultdict(list)
    for line in difference(old, new):
        quad = next(iter(parse(line[2:], format=RdfFormat.N_QUADS)))
        if not isinstance(quad.subject, Triple):
            changed[quad.subject].append((_SIDES[line[:2]], quad))
    document = f"{BASE}changes/{old.manifest.id}..{new.manifest.id}"
    created = Literal(new.manifest.created, datatype=NamedNode(XSD + "dateTime"))
    for number, (subject, changes) in enumerate(sorted(changed.items(), key=lambda each: str(each[0])), 1):
        node = NamedNode(f"{document}#{number}")
        yield Triple(node, NamedNode(RDF + "type"), NamedNode(CS + "ChangeSet"))
        yield Triple(node, NamedNode(CS + "subjectOfChange"), subject)
        yield Triple(node, NamedNode(CS + "createdDate"), created)
        for place, (side, quad) in enumerate(changes, 1):
            reified = NamedNode(f"{document}#{number}.{place}")
            yield Triple(node, NamedNode(CS + side), reified)
            yield from _reified(reified, quad)


def _reified(node: NamedNode, quad: Quad) -> Iterator[Triple]:
    yield Triple(node, NamedNode(RDF + "type"), NamedNode(RDF + "Statement"))
    yield Triple(node, NamedNode(RDF + "subject"), quad.subject)
    yield Triple(node, NamedNode(RDF + "predicate"), quad.predicate)
    yield Triple(node, NamedNode(RDF + "object"), quad.object)
    if isinstance(quad.graph_name, NamedNode):
        yield Triple(node, NamedNode(DCTERMS + "isPartOf"), quad.graph_name)
