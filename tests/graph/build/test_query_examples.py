"""The stored queries as RDF."""

from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, serialize
from pyshacl import validate
from rdflib import Graph

from graph.build import query_examples
from graph.build.query_examples import FEDERATED
from graph.core.namespaces import BASE, PREFIXES, QUERY, RDF, RDFS, SCHEMA, SH, SPEX
from graph.query.descriptions import EXAMPLES
from graph.query.stored import load_queries


def test_every_query_is_described() -> None:
    triples = list(query_examples.quads("http://example.org/sparql"))
    assert {quad.graph_name for quad in triples} == {NamedNode(EXAMPLES), NamedNode(FEDERATED)}
    assert all(
        isinstance(term, NamedNode | Literal) for quad in triples for term in (quad.subject, quad.object)
    )
    for query in load_queries().values():
        own = [(q.predicate.value, q.object) for q in triples if q.subject == NamedNode(QUERY + query.name)]
        assert (RDF + "type", NamedNode(SH + "SPARQLSelectExecutable")) in own
        assert (RDFS + "label", Literal(query.title["sv"], language="sv")) in own
        assert (RDFS + "comment", Literal(query.description["en"], language="en")) in own
        assert (SCHEMA + "target", NamedNode("http://example.org/sparql")) in own
        assert {o.value for p, o in own if p == SCHEMA + "keywords" and isinstance(o, Literal)} == set(
            query.keywords
        )
        assert [o.value for p, o in own if p == SH + "select" and isinstance(o, Literal)] == [query.text]
        assert [o for p, o in own if p == SPEX + "federatesWith"] == [*map(NamedNode, query.services)]
        graph = FEDERATED if query.services else EXAMPLES
        assert {q.graph_name for q in triples if q.subject == NamedNode(QUERY + query.name)} == {
            NamedNode(graph)
        }


def test_every_prefix_is_declared() -> None:
    declared = {
        q.object.value
        for q in query_examples.quads()
        if q.predicate.value == SH + "prefix" and isinstance(q.object, Literal)
    }
    assert declared == set(PREFIXES)


def test_the_endpoint_is_ours_unless_another_is_given() -> None:
    targets = {quad.object for quad in query_examples.quads() if quad.predicate.value == SCHEMA + "target"}
    assert targets == {NamedNode(BASE + "sparql")}


def test_the_description_follows_the_public_shape(shared: Path) -> None:
    turtle = serialize((quad.triple for quad in query_examples.quads()), format=RdfFormat.TURTLE)
    assert turtle is not None
    shapes = Graph().parse(shared / "suites/sib/spex.shacl.ttl")
    conforms, _, report = validate(Graph().parse(data=turtle.decode(), format="turtle"), shacl_graph=shapes)
    assert conforms, report
