"""Lookup of organisations by name."""

import pytest

from graph.backends.in_process import InProcess
from graph.core.namespaces import ID
from graph.read.organisation_names import find_organisations
from graph.release.release import Release


@pytest.fixture(scope="module")
def store(release: Release) -> InProcess:
    return InProcess.open(release.store)


@pytest.mark.parametrize(
    ("words", "slugs"),
    [
        ("Malmö kommun", ["malmo-kommun"]),
        ("  göteborg ", ["goteborgs-kommun", "goteborgs-posten"]),
        ("goteborg", ["goteborgs-kommun", "goteborgs-posten"]),
        ("Stockholms läns landsting", ["region-stockholm"]),
        ("stockholm", ["stockholms-kommun", "region-stockholm", "forvaltningsratten-i-stockholm"]),
        ("", []),
        ("%_*", []),
        ('x" } DROP ALL #', []),
        ("x" * 10_000, []),
    ],
)
def test_organisations_are_found_by_name_or_slug(store: InProcess, words: str, slugs: list[str]) -> None:
    found = [name.removeprefix(f"{ID}organisation/") for name in find_organisations(store, words)]
    assert sorted(found) == sorted(slugs)


def test_names_that_begin_with_the_words_come_first(store: InProcess) -> None:
    found = find_organisations(store, "Region")
    assert found[0].startswith(f"{ID}organisation/region-")


def test_products_and_people_are_not_found(store: InProcess) -> None:
    assert find_organisations(store, "Office 365") == ()
    assert find_organisations(store, "Patrik Kron") == ()
