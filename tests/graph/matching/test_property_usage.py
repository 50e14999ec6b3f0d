"""The properties that are proposed for a type are those that its entities have values of."""

import pytest

from graph.backends.in_process import InProcess
from graph.core.kind_table import SITE_TABLE
from graph.core.namespaces import ID, RDFS, UTS, XSD
from graph.core.terms import Term
from graph.matching.properties import list_properties, property_values
from graph.matching.property_usage import propose_properties
from graph.matching.reconciliation_table import STATEMENTS, ReconciliationProperty
from graph.read.entities import Entities
from graph.release.release import Release

NO_STATEMENTS = Term("0", "literal", "", XSD + "integer")
KINDS = {
    **dict.fromkeys(("Municipality", "Region", "StateAgency", "Company", "NewsPublisher"), "organisation"),
    "Person": "person",
    "Product": "product",
    "LegalAct": "law",
    "County": "place",
    "Source": "source",
}
"""Classes with their kinds of entity."""


@pytest.fixture(scope="module")
def entities(release: Release) -> Entities:
    return Entities(InProcess.open(release.store))


def count(entities: Entities, names: tuple[str, ...], property_: ReconciliationProperty) -> int:
    """Return how many of the IRIs `names` have a value of `property_`, read one by one as for extension."""
    values = [property_values(entities, name, property_) for name in names]
    if property_.id == STATEMENTS:
        return sum(found[0] != NO_STATEMENTS for found in values)
    return sum(map(bool, values))


@pytest.mark.parametrize("type_", KINDS)
def test_what_is_proposed_has_values_and_what_most_have_is_first(entities: Entities, type_: str) -> None:
    names = entities.members(UTS + type_)
    offered = [each for each in list_properties(entities) if KINDS[type_] in each.kinds]
    counts = {each.id: count(entities, names, each) for each in offered}
    expected = sorted((id_ for id_ in counts if counts[id_]), key=lambda id_: -counts[id_])
    assert [each.id for each in propose_properties(entities, UTS + type_)] == expected
    assert counts[RDFS + "label"] == len(names) > 5


def test_the_properties_of_a_kind_are_those_of_all_its_classes(entities: Entities) -> None:
    of_kind = {each.id for each in propose_properties(entities, "organisation")}
    of_classes = (
        propose_properties(entities, UTS + each) for each in ("PublicBody", "Company", "NewsPublisher")
    )
    assert of_kind == {each.id for found in of_classes for each in found}
    assert "status/azure-ad" not in of_kind, "nobody has a status on it"
    assert entities.exists(f"{ID}product/azure-ad")


@pytest.mark.parametrize("type_", ["", "statement", f"{UTS}Statement", "https://example.org/> } #", "\x00"])
def test_nothing_is_proposed_for_what_is_not_matched(entities: Entities, type_: str) -> None:
    assert type_ not in SITE_TABLE.matched
    assert propose_properties(entities, type_) == ()
