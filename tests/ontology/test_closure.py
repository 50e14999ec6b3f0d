"""What follows by the rules of RDF Schema and OWL 2 RL holds no contradiction.

https://www.w3.org/TR/owl2-profiles/#Reasoning_in_OWL_2_RL_and_RDF_Graphs_using_Rules
"""

from collections.abc import Iterable
from itertools import combinations
from pathlib import Path

import owlrl
import pytest
from pyoxigraph import DefaultGraph, RdfFormat, Store, serialize
from rdflib import RDF, RDFS, Graph, Namespace, Node
from rdflib.collection import Collection
from rdflib.namespace import OWL

from graph.core.namespaces import ID, UTS
from graph.rdf.ontology_files import ONTOLOGY_GRAPH

OWN = Namespace(UTS)
THING = Namespace(ID)
ERROR = Namespace("http://www.daml.org/2002/03/agents/agent-ont#").error
# What is wrong, with the classes that a thing then has of which it can only have one.
WRONG = {
    "two kinds": ("a a uts:Person , uts:Product", {"Person", "Product"}),
    "a subclass of another kind": ("b a uts:Municipality , uts:Article", {"PublicBody", "Source"}),
    "an organisation of another kind": ("c a uts:Company , uts:County", {"Company", "County"}),
    "a value of another kind": ("d a uts:Source . :s uts:speaker :d", {"Person", "Source"}),
    "a subject of another kind": ("e a uts:Adoption ; uts:underAct :l", {"Adoption", "Assessment"}),
    "a value at the other end": ("f a uts:Passage . :g uts:hasVariant :f", {"Passage", "Product"}),
}


def contradictions(graph: Graph) -> list[str]:
    """Return the contradictions among `graph` and what follows from it, which is added to it."""
    rules = owlrl.DeductiveClosure(owlrl.RDFS_OWLRL_Semantics)
    rules.expand(graph)
    return sorted(str(message) for message in graph.objects(None, ERROR))


@pytest.fixture(scope="module")
def axioms(folder: Path, codes: Graph) -> Graph:
    """The vocabulary with its alignments and code lists."""
    return Graph().parse(folder / "utsaga.ttl").parse(folder / "alignments.ttl") + codes


def test_the_valid_examples_contradict_neither_the_vocabulary_nor_each_other(
    folder: Path, axioms: Graph
) -> None:
    graph = axioms + Graph()
    for path in sorted((folder / "examples").glob("*.ttl")):
        if not path.stem.endswith(".invalid"):
            graph.parse(path)
    assert contradictions(graph) == []
    assert (THING["person/anna-ek"], RDF.type, OWN.Person) in graph


@pytest.mark.slow
def test_a_release_holds_no_contradiction(graph_store: Store, axioms: Graph) -> None:
    graphs = {DefaultGraph(), ONTOLOGY_GRAPH}  # the union of all, and what the axioms are of
    triples = {quad.triple for quad in graph_store if quad.graph_name not in graphs}
    graph = Graph().parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")
    assert len(graph) > 20_000
    assert contradictions(graph + axioms) == []


def test_each_wrong_triple_makes_a_contradiction(axioms: Graph) -> None:
    text = "".join(f":{said} .\n" for said, _ in WRONG.values())
    found = contradictions(axioms + Graph().parse(data=f"@prefix : <{ID}> . @prefix uts: <{UTS}> .\n{text}"))
    for number, (fault, (_, kinds)) in enumerate(WRONG.items()):
        thing = ID + "abcdef"[number]
        told = [each for each in found if each.endswith(f" {thing}")]
        assert any(all(f"{UTS}{kind} " in each for kind in kinds) for each in told), fault
    assert {each.rpartition("/")[2] for each in found} == set("abcdef")


def test_every_two_kinds_of_things_are_disjoint_unless_both_are_organisations(vocabulary: Graph) -> None:
    organisations = {OWN.PublicBody, OWN.Company, OWN.NewsPublisher}
    kinds = {
        term
        for term in vocabulary.subjects(RDF.type, OWL.Class)
        if not set(vocabulary.objects(term, RDFS.subClassOf))
    }
    disjoint = {
        pair
        for axiom in vocabulary.subjects(RDF.type, OWL.AllDisjointClasses)
        for members in vocabulary.objects(axiom, OWL.members)
        for pair in pairs(Collection(vocabulary, members))
    }
    assert disjoint == pairs(kinds) - pairs(organisations)


def pairs(terms: Iterable[Node]) -> set[frozenset[Node]]:
    return {frozenset(pair) for pair in combinations(terms, 2)}
