"""Which classes and relations of the ontology are in its model."""

import pytest

from graph.core.namespaces import OA, ORG, OWL, RDFS, SH, UTS
from graph.core.terms import iri
from graph.query.store import ReleaseStore
from graph.rdf import ontology_files
from graph.read.entities import Entities
from graph.vocabulary.vocabulary_model import read_model
from tests.grown_ontology import grown_model


@pytest.fixture(scope="module")
def ontology() -> Entities:
    return Entities(ReleaseStore.of(ontology_files.read_ontology(), union=True))


def test_every_class_of_ours_is_in_the_model_once(ontology: Entities) -> None:
    own = {name for name in ontology.members(OWL + "Class") if name.startswith(UTS)}
    classes = read_model().classes
    listed = [each.ref.iri for each in classes] + [ref.iri for each in classes for ref, _ in each.subclasses]
    assert len(own) > 15
    assert own <= set(listed)
    assert len(listed) == len(set(listed))
    targets = {name for each in ontology.members(SH + "NodeShape") for name in targets_of(ontology, each)}
    assert targets & own <= set(listed)


def targets_of(ontology: Entities, shape: str) -> tuple[str, ...]:
    return ontology.node(iri(shape)).iris(SH + "targetClass")


def test_every_object_property_with_two_ends_is_a_relation_of_the_model(ontology: Entities) -> None:
    model = read_model()
    told = {each.ref.iri for each in model.relations}
    told |= {each.inverse.iri for each in model.relations if each.inverse}
    listed = {each.ref.iri for class_ in model.classes for each in class_.properties}
    for name in ontology.members(OWL + "ObjectProperty"):
        node = ontology.node(iri(name))
        if node.iris(RDFS + "domain") and node.iris(RDFS + "range"):
            assert name in told, name
        elif node.iris(RDFS + "domain", RDFS + "range"):
            assert name in told | listed, name
    for shape in ontology.members(SH + "NodeShape"):
        rules = [ontology.node(each) for each in ontology.node(iri(shape)).terms(SH + "property")]
        found = {path for rule in rules if rule.iris(SH + "class") for path in rule.iris(SH + "path")}
        own_class = any(target.startswith(UTS) for target in targets_of(ontology, shape))
        assert not own_class or found <= told, shape


def test_relations_lead_from_the_uppermost_class_to_the_uppermost_class() -> None:
    ends = {(each.ref.iri, each.source, each.target) for each in read_model().relations}
    organisation = ORG + "FormalOrganization"
    assert (UTS + "inCounty", organisation, UTS + "County") in ends
    assert (UTS + "adopter", UTS + "Adoption", organisation) in ends
    assert (UTS + "reportedIn", UTS + "Source", UTS + "Source") in ends
    assert (OA + "hasSelector", UTS + "Passage", OA + "TextPositionSelector") in ends
    assert UTS + "hasStatement" not in {name for name, _, _ in ends}, "it is said in backwards"


def test_a_property_of_codes_or_of_anything_belongs_to_its_class() -> None:
    statement = next(each for each in read_model().classes if each.ref.iri == UTS + "Statement")
    codes = {each.ref.iri: each.codes and each.codes.iri for each in statement.properties}
    assert codes[UTS + "kind"] == "https://w3id.org/utsaga/code/statement-kind"
    assert codes[UTS + "about"] is None


def test_a_relation_to_one_of_several_classes_leads_to_each() -> None:
    targets = {each.target for each in grown_model().relations if each.ref.iri == UTS + "follows"}
    assert targets == {UTS + "Source", UTS + "Contract"}, "to the class above Ruling"
