"""The builder's model where shapes say nothing: from the kinds and what their instances have."""

from typing import Final

import pytest
from pyoxigraph import RdfFormat, parse

from graph.core.entity_types import EntityKind
from graph.core.kind_table import SITE_TABLE, KindTable
from graph.query.store import ReleaseStore
from graph.query_builder.derived_model import complete_model
from graph.query_builder.model import BuilderModel, ClassChoice
from graph.query_builder.read_model import read_model
from graph.read.entities import Entities, Ref

EX: Final = "https://birds.example/"
DATA: Final = f"""
@prefix : <{EX}> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:a a :Bird ; foaf:name "Alka"@sv ; :weight 720 ; :seen "2020-05-01"^^xsd:date ; :by :p ; :see <urn:e> .
:b a :Owl ; foaf:name "Berguv" ; :weight 2800.5 ; :by :p ; :at [ :note "here" ] .
:p a :Person ; foaf:name "Pia" ; :note "x"@en .
"""


@pytest.fixture(scope="module")
def entities() -> Entities:
    return Entities(ReleaseStore.of(parse(DATA, RdfFormat.TURTLE)))


def model_with(
    entities: Entities, monkeypatch: pytest.MonkeyPatch, table: KindTable, base: BuilderModel
) -> BuilderModel:
    monkeypatch.setattr(type(entities.index), "kinds", property(lambda _: table))
    return complete_model(base, entities)


KINDS: Final = {
    "bird": EntityKind(classes=(EX + "Bird", EX + "Owl"), columns=()),
    "person": EntityKind(classes=(EX + "Person",), columns=()),
}
EMPTY: Final = BuilderModel((), frozenset())


def test_classes_are_those_of_the_kinds_and_properties_those_in_use(
    entities: Entities, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = model_with(entities, monkeypatch, KindTable(KINDS, derived=True), EMPTY)
    assert [(each.name, each.depth) for each in model.classes] == [("Bird", 0), ("Owl", 1), ("Person", 0)]
    bird, owl, person = model.classes
    assert {name: each.kind for name, each in bird.properties.items()} == {
        "name": "text",
        "weight": "number",
        "seen": "date",
        "by": "entity",
        "see": "link",
    }
    assert "at" not in owl.properties, "its values are blank nodes alone"
    assert bird.label_property == "http://xmlns.com/foaf/0.1/name"
    assert bird.properties["name"].has_languages
    assert not owl.properties["name"].has_languages
    assert bird.properties["by"].classes == (EX + "Person",)
    assert bird.properties["by"].kinds == ("person",)
    assert {name for name, each in person.properties.items() if each.is_inverse} == {"Bird.by", "Owl.by"}


def test_what_shapes_describe_stays_and_only_what_they_lack_is_derived(
    entities: Entities, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = ClassChoice(Ref(EX + "Bird", ()), 0, {}, EX + "called")
    unused = ClassChoice(Ref(EX + "Fish", ()), 0, {}, EX + "called")
    base = BuilderModel((described, unused), frozenset())
    derived = model_with(entities, monkeypatch, KindTable(KINDS, derived=True), base)
    assert [each.name for each in derived.classes] == ["Bird", "Person"]
    assert derived.classes[0] is described
    chosen = model_with(entities, monkeypatch, KindTable(KINDS), base)
    assert [each.name for each in chosen.classes] == ["Bird", "Fish", "Person"]


def test_nothing_is_added_to_a_model_that_has_every_kind_of_the_menu(entities: Entities) -> None:
    assert entities.index.kinds == SITE_TABLE
    assert complete_model(read_model(), entities) == read_model()
