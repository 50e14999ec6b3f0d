"""A deprecated term of ours says what to use instead, and no fact uses it."""

from itertools import chain

import pyshacl
import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store
from rdflib import Graph, Literal, Namespace
from rdflib.namespace import DCTERMS, OWL

from graph.core.namespaces import GRAPH, REPLACED_BY, UTS
from graph.rdf.ontology_files import ONTOLOGY_GRAPH

OWN = Namespace(UTS)
DEPRECATED = NamedNode(str(OWL.deprecated))
FACTS = NamedNode(GRAPH + "source/a")


def used(store: Store) -> set[NamedNode]:
    """Return the deprecated terms that occur outside the ontology."""
    terms = {quad.subject for quad in store.quads_for_pattern(None, DEPRECATED, None, None)}
    return {
        term
        for term in terms
        if isinstance(term, NamedNode)
        for quad in chain(
            store.quads_for_pattern(term, None, None, None),
            store.quads_for_pattern(None, term, None, None),
            store.quads_for_pattern(None, None, term, None),
        )
        if quad.graph_name not in {ONTOLOGY_GRAPH, DefaultGraph()}
    }


def test_no_fact_uses_a_deprecated_term(graph_store: Store) -> None:
    assert used(graph_store) == set()


def test_each_deprecated_term_says_what_replaces_it(graph_store: Store) -> None:
    for quad in graph_store.quads_for_pattern(None, DEPRECATED, None, None):
        assert any(graph_store.quads_for_pattern(quad.subject, NamedNode(REPLACED_BY), None, None)), quad


def test_facts_that_use_a_deprecated_term_are_found_out() -> None:
    old, thing = NamedNode(UTS + "old"), NamedNode("urn:a")
    store = Store()
    store.add(Quad(old, DEPRECATED, thing, ONTOLOGY_GRAPH))
    assert used(store) == set()
    store.add(Quad(thing, old, thing, FACTS))
    assert used(store) == {old}


@pytest.mark.parametrize("deprecated", [True, False])
def test_only_a_deprecated_term_may_be_replaced_and_keep_its_definition(
    ontology: Graph, shapes: Graph, deprecated: bool
) -> None:
    facts = Graph().add((OWN.vendor, DCTERMS.isReplacedBy, OWN.partOf))
    if deprecated:
        facts.add((OWN.vendor, OWL.deprecated, Literal(True)))
    conforms, _, text = pyshacl.validate(facts + ontology, shacl_graph=shapes)
    assert conforms == deprecated, text
