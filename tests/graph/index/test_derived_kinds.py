"""The kinds of a site without a table are its classes with instances, and their columns what these have."""

from collections.abc import Callable

import pyoxigraph as ox
import pytest

from graph.core.entity_types import EntityKind, Place
from graph.core.kind_table import KindTable
from graph.core.namespaces import DCTERMS, GEO, TYPE
from graph.core.terms import Term
from graph.index.derived_kinds import derive_kinds
from graph.query.store import ReleaseStore

NS = "https://museum.example/ns#"
DATA = """
@prefix m: <https://museum.example/ns#> . @prefix d: <https://museum.example/data/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix dct: <http://purl.org/dc/terms/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
m:WorkOfArt a owl:Class . m:Painting a owl:Class ; rdfs:subClassOf m:WorkOfArt .
m:Query a owl:Class .
d:p1 a m:Painting ; rdfs:label "One" ; m:room d:r1 ; dct:created "1890-05-01"^^xsd:date ; m:style "oil" .
d:p2 a m:Painting ; rdfs:label "Two" ; m:room d:r1 ; dct:created "1891"^^xsd:gYear ; m:style "oil" .
d:p3 a m:WorkOfArt ; rdfs:label "Three" ; m:room d:r2 ; m:style "wood" ; m:weight 12 .
d:r1 a m:Query ; rdfs:label "Hall" ; geo:lat 59.3 ; geo:long 18.1 .
d:r2 a m:Query ; rdfs:label "Attic" .
"""
SHAPE = """
@prefix m: <https://museum.example/ns#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
[] a sh:NodeShape ; sh:targetClass m:WorkOfArt ;
  sh:property [ sh:path m:weight ; sh:order 1 ], [ sh:path m:room ; sh:order 2 ], [ sh:path m:unused ] .
"""


@pytest.fixture
def derived() -> Callable[[str], KindTable]:
    def derive(text: str) -> KindTable:
        store = ReleaseStore.of(ox.parse(text.encode(), format=ox.RdfFormat.TURTLE))
        return derive_kinds(store.select, of_parts={})

    return derive


def shown(kind: EntityKind) -> list[str]:
    return [column.name for column in kind.visible_columns]


def test_a_class_below_another_is_part_of_its_kind(derived: Callable[[str], KindTable]) -> None:
    kinds = derived(DATA)
    assert kinds.derived
    assert kinds["work-of-art"].classes == (NS + "WorkOfArt", NS + "Painting")
    assert kinds["work-of-art"].column("type").paths == ((TYPE,),)
    assert not any(name in kinds for name in ("painting", "class", "node-shape"))


def test_a_kind_never_has_the_address_of_another_page(derived: Callable[[str], KindTable]) -> None:
    assert list(derived(DATA)) == ["work-of-art", "uts-query"]


def test_properties_in_use_become_columns_and_those_that_repeat_facets(
    derived: Callable[[str], KindTable],
) -> None:
    work = derived(DATA)["work-of-art"]
    assert {"room", "style", "created"} <= set(shown(work))
    assert set(work.facets) == {"type", "room", "style", "year"}
    assert work.dates == ((DCTERMS + "created",),)


def test_shapes_say_which_columns_there_are_and_in_which_order(derived: Callable[[str], KindTable]) -> None:
    assert shown(derived(DATA + SHAPE)["work-of-art"]) == ["type", "weight", "room"]


def test_coordinates_make_a_place(derived: Callable[[str], KindTable]) -> None:
    kinds = derived(DATA)
    assert kinds["uts-query"].place == Place(((GEO + "lat",),), ((GEO + "long",),))
    assert kinds["work-of-art"].place is None


def test_classes_with_the_same_instances_are_one_kind(derived: Callable[[str], KindTable]) -> None:
    kinds = derived("@prefix m: <https://museum.example/ns#> . m:x a m:B, m:A . m:y a m:A, m:B .")
    assert [kind.classes for kind in kinds.values()] == [(NS + "A", NS + "B")]


def test_nothing_is_derived_of_nothing(derived: Callable[[str], KindTable]) -> None:
    assert derived("").kinds == {}
    terms: list[dict[str, Term]] = []
    assert not derive_kinds(lambda query: terms, of_parts={})
