"""Nodes that are read many at a time are the same as those read one by one."""

import pytest
from pyoxigraph import RdfFormat, parse

from graph.core.terms import Term, iri, text
from graph.query.store import ReleaseStore
from graph.read import node_values
from graph.read.entities import Entities
from graph.read.node_values import read_values

DATA = """
@prefix : <https://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:a rdfs:label "b"@en, "a"@sv ; :p :b, :c . :b rdfs:label "B" ; :p [ :p 1 ] . :c :p "x" .
"""
NAMES = tuple(f"https://example.org/{each}" for each in "abcd")


@pytest.fixture
def store() -> ReleaseStore:
    return ReleaseStore.of(parse(DATA, format=RdfFormat.TURTLE))


@pytest.mark.parametrize("size", [1, 2, 200])
def test_each_has_all_its_values_in_order(
    store: ReleaseStore, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(node_values, "MAX_NAMES", size)
    found = dict(read_values(store, NAMES))
    assert found.keys() == set(NAMES[:3])
    assert all(found[each] == Entities(store).node(iri(each)).values for each in found)


def test_what_may_be_cut_off_is_left_out(store: ReleaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node_values, "MAX_ROWS", len(store.engine) - 1)
    assert dict(read_values(store, NAMES)) == {}


def test_preloaded_entities_need_no_query(store: ReleaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    entities = Entities(store)
    entities.preload(NAMES)
    expected = [(Entities(store).node(iri(each)), Entities(store).labels(each)) for each in NAMES[:3]]

    def fail(query: str, **bindings: Term) -> list[dict[str, Term]]:
        pytest.fail(f"{query} is asked")

    monkeypatch.setattr(store, "select", fail)
    entities.preload(NAMES)
    assert [(entities.node(iri(each)), entities.labels(each)) for each in NAMES[:3]] == expected
    assert set(entities.labels(NAMES[0])) == {text("a", "sv"), text("b", "en")}


def test_a_name_that_is_no_iri_is_refused(store: ReleaseStore) -> None:
    with pytest.raises(ValueError, match="IRI"):
        dict(read_values(store, ["> } #"]))
