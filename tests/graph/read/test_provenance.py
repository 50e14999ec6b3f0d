"""The named graphs of values."""

from pyoxigraph import Store

from graph.backends.in_process import InProcess
from graph.core.iris import entity_iri
from graph.core.namespaces import GRAPH, RDF, UTS
from graph.core.terms import iri, text
from graph.read.entities import Entities, Ref
from graph.read.provenance import read_value_sources, source_of_graph


def test_each_value_has_its_named_graphs(graph_store: Store) -> None:
    found = read_value_sources(
        Entities(InProcess(graph_store, union=False)), entity_iri("organisation", "goteborgs-kommun")
    )

    def graphs(property_: str, value: str) -> set[str]:
        term = iri(value) if ":" in value else next(each for _, each in found if each.value == value)
        return {ref.iri for ref in found[property_, term]}

    assert graphs(UTS + "municipalityCode", "1480") == {GRAPH + "register/municipalities"}
    assert graphs(RDF + "type", UTS + "PublicBody") == {GRAPH + "inferred"}
    assert (UTS + "municipalityCode", text("0000")) not in found


def test_the_graph_of_a_source_has_that_source() -> None:
    assert source_of_graph(Ref(GRAPH + "source/bladet")) == entity_iri("source", "bladet")
    assert source_of_graph(Ref(GRAPH + "inferred")) is None
    assert source_of_graph(Ref("https://example.org/graph/source/bladet")) is None
