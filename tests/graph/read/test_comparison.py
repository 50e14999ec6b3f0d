"""Organisations side by side."""

import pytest

from graph.backends.in_process import InProcess
from graph.core.namespaces import ID
from graph.read.comparison import Comparison, Comparisons
from graph.read.entities import Entities
from graph.release.releases import Release

OFFICE = f"{ID}product/office-365"
NAMES = tuple(f"{ID}organisation/{slug}" for slug in ("goteborgs-kommun", "malmo-kommun", "eda-kommun"))


@pytest.fixture(scope="module")
def comparisons(release: Release) -> Comparisons:
    store = InProcess.open(release.store)
    return Comparisons(Entities(store))


@pytest.fixture(scope="module")
def found(comparisons: Comparisons) -> Comparison:
    return comparisons.compare(NAMES)


def test_sides_and_standings_keep_the_order_that_was_asked_for(found: Comparison) -> None:
    assert tuple(side.organisation.iri for side in found.sides) == NAMES
    for on in found.products:
        assert tuple(each.organisation.iri for each in on.standings) == NAMES


def test_what_most_of_them_have_a_position_on_comes_first(found: Comparison) -> None:
    assert found.products[0].product.iri == OFFICE
    goteborg, malmo, eda = found.products[0].standings
    stands = [each.status.iri.rpartition("/")[2] for each in goteborg.adoptions if each.status]
    assert set(stands) == {"rolling-out", "halted"}, "the newest four of five"
    assert [each.status.iri.rpartition("/")[2] for each in malmo.adoptions if each.status] == ["in-use"]
    assert {each.outcome.iri.rpartition("/")[2] for each in malmo.assessments if each.outcome} == {
        "no-obstacle",
        "under-review",
    }
    assert malmo.heard > 0
    assert (eda.adoptions, eda.assessments, eda.heard) == ((), (), 0)


def test_what_they_say_and_where_their_mail_goes(found: Comparison) -> None:
    _, malmo, eda = found.sides
    assert malmo.newest.total == 6
    assert len(malmo.newest.statements) == 3
    assert malmo.county
    assert malmo.mail
    assert malmo.mail.provider
    assert malmo.mail.provider.value == "microsoft"
    assert eda.newest.statements == ()


def test_one_product(comparisons: Comparisons) -> None:
    found = comparisons.compare(NAMES, f"{ID}product/libreoffice")
    assert [on.product.iri for on in found.products] == [f"{ID}product/libreoffice"]
    assert OFFICE in {each.iri for each in found.others}


def test_safeguards_are_the_statements_of_that_kind(comparisons: Comparisons, release: Release) -> None:
    store = InProcess.open(release.store)
    rows = store.select(
        "PREFIX uts: <https://w3id.org/utsaga/ns#> SELECT ?o ?s WHERE { ?s uts:onBehalfOf ?o ; "
        "uts:kind <https://w3id.org/utsaga/code/statement-kind/safeguard> } ORDER BY ?o"
    )
    assert rows
    name = rows[0]["o"].value
    (side,) = comparisons.compare([name]).sides
    assert side.safeguards.total == len([row for row in rows if row["o"].value == name])


def test_those_that_disagree(comparisons: Comparisons) -> None:
    pairs = comparisons.opposed()
    assert pairs
    assert {one.iri for one, _ in pairs} == {NAMES[0]}
    assert NAMES[1] in {other.iri for _, other in pairs}


def test_nobody(comparisons: Comparisons) -> None:
    assert comparisons.compare(()) == Comparison((), (), ())
