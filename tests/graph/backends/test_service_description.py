from pathlib import Path

import pyoxigraph as ox
import pyshacl
import rdflib

from graph.backends.service_description import describe
from graph.core.namespaces import DCTERMS, SD, VOID
from graph.query.store import ReleaseStore

ENDPOINT = "http://localhost:8000/sparql"
G = ox.NamedNode("http://example.org/g")


def described(*, union: bool) -> rdflib.Graph:
    quad = ox.Quad(G, G, ox.Literal("x"), G)
    answer = describe(ReleaseStore.of([quad], union=union), ENDPOINT, "text/turtle")
    assert answer.media_type == "text/turtle; charset=utf-8"
    return rdflib.Graph().parse(data=answer.read(), format="turtle")


def test_it_names_the_endpoint_and_counts_its_graphs() -> None:
    graph = described(union=True)
    assert [str(each) for each in graph.objects(None, rdflib.URIRef(SD + "endpoint"))] == [ENDPOINT]
    assert [str(each) for each in graph.objects(None, rdflib.URIRef(SD + "name"))] == [G.value]
    assert [str(each) for each in graph.objects(None, rdflib.URIRef(VOID + "triples"))] == ["1", "1"]


def test_it_says_what_the_default_graph_is() -> None:
    def words(graph: rdflib.Graph) -> dict[str, str]:
        found = graph.objects(None, rdflib.URIRef(DCTERMS + "description"))
        return {str(each.language): str(each) for each in found if isinstance(each, rdflib.Literal)}

    features = rdflib.URIRef(SD + "feature"), rdflib.URIRef(SD + "UnionDefaultGraph")
    union, own = described(union=True), described(union=False)
    assert (None, *features) in union
    assert (None, *features) not in own
    assert "union" in words(union)["en"]
    assert set(words(union)) == set(words(own)) == {"sv", "en"}


def test_it_does_not_offer_federation() -> None:
    assert "Federated" not in described(union=True).serialize(format="nt")


def test_it_conforms_to_the_shapes_of_a_service_description(shared: Path) -> None:
    shapes = rdflib.Graph().parse(shared / "suites" / "protocol" / "sd-shapes.ttl")
    conforms, _, report = pyshacl.validate(described(union=True), shacl_graph=shapes)
    assert conforms, report
