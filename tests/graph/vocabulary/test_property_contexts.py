"""Where the properties of the vocabulary stand."""

from graph.core.namespaces import CODE, ORG, UTS
from graph.vocabulary.property_contexts import read_contexts


def test_a_property_has_its_classes_and_its_code_lists() -> None:
    found = read_contexts().properties
    assert UTS + "Adoption" in found[UTS + "status"].classes
    assert found[UTS + "status"].codes == (CODE + "adoption-status",)
    assert ORG + "FormalOrganization" in found[UTS + "adopter"].ranges
    assert {UTS + "Adoption", UTS + "Assessment"} <= set(found[UTS + "product"].classes)


def test_a_class_has_those_above_it_the_nearest_first() -> None:
    above = read_contexts().superclasses[UTS + "Municipality"]
    assert above.index(ORG + "FormalOrganization") < above.index(ORG + "Organization")
    assert UTS + "Municipality" not in above
