"""Slugs and entity IRIs."""

import pytest

from graph.core import iris
from graph.core.errors import BadInput


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Malmö kommun", "malmo-kommun"),
        ("Västra Götalandsregionen", "vastra-gotalandsregionen"),
        ("Region Jämtland Härjedalen", "region-jamtland-harjedalen"),
        ("  Ängelholms  kommun ", "angelholms-kommun"),
        ("É – (EU) 2016/679", "e-eu-2016-679"),
        ("Åre", "are"),
    ],
)
def test_a_slug_has_lower_case_letters_without_accents_and_hyphens(name: str, slug: str) -> None:
    assert iris.slugify(name) == slug


def test_an_entity_iri_is_parsed_into_kind_and_slug() -> None:
    assert iris.parse_entity_iri(iris.entity_iri("law", "osl")) == ("law", "osl")


@pytest.mark.parametrize(
    "other",
    [
        "https://example.org/id/law/osl",
        "https://w3id.org/utsaga/id/law/",
        "https://w3id.org/utsaga/id/lag/osl",
        "https://w3id.org/utsaga/id/law/osl#a",
        "https://w3id.org/utsaga/id/law/../x",
        "javascript:alert(1)",
    ],
)
def test_other_iris_are_not_entity_iris(other: str) -> None:
    assert iris.parse_entity_iri(other) is None


@pytest.mark.parametrize(
    ("kind", "name"),
    [("lag", "osl"), ("law", "OSL"), ("law", "../etc"), ("law", "a--b"), ("law", ""), ("law", "a" * 2_000)],
)
def test_an_unknown_kind_or_invalid_slug_is_refused(kind: str, name: str) -> None:
    with pytest.raises(BadInput):
        iris.entity_iri(kind, name)


def test_an_iri_longer_than_any_in_use_is_refused() -> None:
    longest = "x" * iris.MAX_IRI_LENGTH
    assert iris.check_iri_length(longest, "iri") == longest
    with pytest.raises(BadInput) as refused:
        iris.check_iri_length(longest + "x", "iri")
    assert refused.value.faults[0].where == "iri"
    assert longest not in str(refused.value)
