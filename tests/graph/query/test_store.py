"""The store of a release."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from graph.core.errors import Unavailable
from graph.core.namespaces import XSD
from graph.core.terms import Term, iri, text
from graph.query.store import ReleaseStore
from graph.rdf.convert import to_node, to_term

S, P, G, H = (ox.NamedNode(f"http://example.org/{name}") for name in "spgh")


def quads() -> list[ox.Quad]:
    return [
        ox.Quad(S, P, ox.Literal("hej", language="sv"), G),
        ox.Quad(S, P, ox.Literal("hej", language="sv"), H),
        ox.Quad(S, P, ox.Literal(5), H),
    ]


def test_quads_in_memory_keep_their_graphs() -> None:
    store = ReleaseStore.of(quads())
    assert not store.union
    assert store.graph_sizes == {"": 0, G.value: 1, H.value: 2}


def test_the_union_has_no_duplicate_triples() -> None:
    store = ReleaseStore.of(quads(), union=True)
    assert store.union
    assert store.graph_sizes == {"": 2, G.value: 1, H.value: 2}


def test_an_empty_store_has_an_empty_default_graph() -> None:
    assert ReleaseStore.of([]).graph_sizes == {"": 0}


def test_a_release_is_opened_read_only(tmp_path: Path) -> None:
    written = ox.Store(str(tmp_path / "store"))
    written.extend(quads())
    written.flush()
    del written
    store = ReleaseStore.open(tmp_path / "store")
    assert store.union
    assert len(store.engine) == 3
    with pytest.raises(RuntimeError, match="read-write"):
        store.engine.add(ox.Quad(S, P, S))


def test_a_missing_release_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="utsaga build"):
        ReleaseStore.open(tmp_path / "nothing")


def test_rows_hold_terms_without_unbound_variables() -> None:
    store = ReleaseStore.of(quads(), union=True)
    rows = store.select("SELECT ?o ?no { ?s ?p ?o OPTIONAL { ?o ?no ?one } } ORDER BY STR(?o)")
    assert rows == [{"o": Term("5", "literal", "", XSD + "integer")}, {"o": text("hej", "sv")}]


def test_bindings_restrict_variables() -> None:
    store = ReleaseStore.of(quads(), union=True)
    query = "SELECT ?s ?o { ?s ?p ?o }"
    assert len(store.select(query, s=iri(S.value))) == 2
    assert store.select(query, o=text("hej", "sv")) == [{"s": iri(S.value), "o": text("hej", "sv")}]


def test_a_binding_cannot_change_the_query() -> None:
    store = ReleaseStore.of(quads(), union=True)
    assert store.select("SELECT ?o { ?s ?p ?o }", o=text('" } UNION { ?s ?p ?o } #')) == []


@pytest.mark.parametrize(
    "node",
    [
        S,
        ox.BlankNode("b1"),
        ox.Literal("a"),
        ox.Literal("a", language="sv"),
        ox.Literal("2017", datatype=ox.NamedNode(XSD + "gYear")),
    ],
)
def test_conversion_to_terms_and_back_is_lossless(node: ox.NamedNode | ox.BlankNode | ox.Literal) -> None:
    assert to_node(to_term(node)) == node


def test_a_plain_string_has_no_datatype_and_a_triple_becomes_text() -> None:
    assert to_term(ox.Literal("a")) == text("a")
    assert to_term(ox.Triple(S, P, S)).value == f"{S} {P} {S}"


def test_an_invalid_iri_is_refused() -> None:
    with pytest.raises(ValueError, match="IRI"):
        to_node(iri("not an IRI"))
