"""Limited neighbourhoods of entities."""

from collections.abc import Iterator

import pytest
from pyoxigraph import NamedNode, Quad

from graph.backends.in_process import InProcess
from graph.core.namespaces import RDF
from graph.read.entities import Entities
from graph.read.neighbourhood import MAX_NODES, read_neighbourhood

HUB = "https://example.org/hub"


def link(subject: str, by: str, value: str) -> Quad:
    names = (f"https://example.org/{each}" if ":" not in each else each for each in (subject, by, value))
    return Quad(*map(NamedNode, names))


def hub() -> Iterator[Quad]:
    for number in range(500):
        yield link(f"fan{number}", "likes", "hub")
        yield link("hub", "knows", f"friend{number}")
    yield link("rare", "hates", "hub")
    yield link("hub", "owns", "thing")
    yield link("rare", "owns", "thing")
    yield link("hub", RDF + "type", "Class")


@pytest.fixture(scope="module")
def entities() -> Entities:
    return Entities(InProcess.of(hub()))


def test_the_neighbourhood_of_a_hub_is_limited_and_has_every_property(entities: Entities) -> None:
    around = read_neighbourhood(entities, HUB)
    assert len(around.nodes) <= MAX_NODES
    said = {(edge.property.iri.rpartition("/")[2], edge.subject.iri == HUB) for edge in around.edges}
    assert said == {("likes", False), ("knows", True), ("hates", False), ("owns", True), ("owns", False)}


def test_omitted_links_are_counted(entities: Entities) -> None:
    around = read_neighbourhood(entities, HUB)
    shown = sum(edge.property.iri.endswith("/likes") for edge in around.edges)
    left = {(each.property.iri.rpartition("/")[2], each.incoming): each.count for each in around.omitted}
    assert left["likes", True] == 500 - shown
    assert set(left) == {("likes", True), ("knows", False)}


def test_links_between_neighbours_are_included(entities: Entities) -> None:
    around = read_neighbourhood(entities, HUB)
    ends = {
        (edge.subject.iri.rpartition("/")[2], edge.object.iri.rpartition("/")[2]) for edge in around.edges
    }
    assert ("rare", "thing") in ends


def test_an_entity_without_links_has_no_neighbours(entities: Entities) -> None:
    around = read_neighbourhood(entities, "https://example.org/nothing")
    assert (around.edges, around.omitted) == ((), ())
    assert [node.iri for node in around.nodes] == ["https://example.org/nothing"]
