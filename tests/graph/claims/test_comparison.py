"""Comparison of organisations."""

import pytest

from graph.backends.in_process import InProcess
from graph.claims.comparison import ComparisonReader, OrganisationComparison
from graph.core.namespaces import ID
from graph.read.entities import Entities
from graph.release.release import Release

OFFICE = f"{ID}product/office-365"
NAMES = tuple(f"{ID}organisation/{slug}" for slug in ("goteborgs-kommun", "malmo-kommun", "eda-kommun"))


@pytest.fixture(scope="module")
def comparisons(release: Release) -> ComparisonReader:
    store = InProcess.open(release.store)
    return ComparisonReader(Entities(store))


@pytest.fixture(scope="module")
def found(comparisons: ComparisonReader) -> OrganisationComparison:
    return comparisons.compare(NAMES)


def test_organisations_and_positions_keep_the_order_of_the_request(found: OrganisationComparison) -> None:
    assert tuple(side.organisation.iri for side in found.organisations) == NAMES
    for on in found.products:
        assert tuple(each.organisation.iri for each in on.positions) == NAMES


def test_products_with_most_positions_come_first(found: OrganisationComparison) -> None:
    assert found.products[0].product.iri == OFFICE
    goteborg, malmo, eda = found.products[0].positions
    stands = [each.status.iri.rpartition("/")[2] for each in goteborg.adoptions if each.status]
    assert set(stands) == {"in-use", "rolling-out", "paused"}, "the newest four of seven"
    assert [each.status.iri.rpartition("/")[2] for each in malmo.adoptions if each.status] == ["in-use"]
    assert {each.outcome.iri.rpartition("/")[2] for each in malmo.assessments if each.outcome} == {
        "no-obstacle",
        "under-review",
    }
    assert malmo.statement_count > 0
    assert (eda.adoptions, eda.assessments, eda.statement_count) == ((), (), 0)


def test_organisations_have_newest_statements_and_mail_provider(found: OrganisationComparison) -> None:
    _, malmo, eda = found.organisations
    assert malmo.newest.total == 13
    assert len(malmo.newest.statements) == 3
    assert malmo.group
    assert malmo.mail
    assert malmo.mail.provider
    assert malmo.mail.provider.value == "microsoft"
    assert eda.newest.statements == ()


def test_comparison_on_one_product(comparisons: ComparisonReader) -> None:
    found = comparisons.compare(NAMES, f"{ID}product/libreoffice")
    assert [on.product.iri for on in found.products] == [f"{ID}product/libreoffice"]
    assert OFFICE in {each.iri for each in found.other_products}


def test_safeguards_are_statements_of_that_kind(comparisons: ComparisonReader, release: Release) -> None:
    store = InProcess.open(release.store)
    rows = store.select(
        "PREFIX uts: <https://w3id.org/utsaga/ns#> SELECT ?o ?s WHERE { ?s uts:onBehalfOf ?o ; "
        "uts:kind <https://w3id.org/utsaga/code/statement-kind/safeguard> } ORDER BY ?o"
    )
    assert rows
    name = rows[0]["o"].value
    (side,) = comparisons.compare([name]).organisations
    assert side.safeguards.total == len([row for row in rows if row["o"].value == name])


def test_opposed_pairs_are_organisations_with_contrary_outcomes(comparisons: ComparisonReader) -> None:
    pairs = comparisons.opposed_pairs()
    assert pairs
    assert {one.iri for one, _ in pairs} == {NAMES[0]}
    assert NAMES[1] in {other.iri for _, other in pairs}


def test_comparison_of_no_organisations_is_empty(comparisons: ComparisonReader) -> None:
    assert comparisons.compare(()) == OrganisationComparison((), (), ())
