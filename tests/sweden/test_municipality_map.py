"""Findings about municipalities."""

import pytest
from pyoxigraph import RdfFormat, parse

from graph.backends.in_process import InProcess
from graph.core.namespaces import CODE, ID
from graph.read.entities import Entities
from graph.release.release import Release
from sweden.municipality_map import MunicipalityMap

OFFICE = f"{ID}product/office-365"
MALMO = f"{ID}organisation/malmo-kommun"


@pytest.fixture(scope="module")
def atlas(release: Release) -> MunicipalityMap:
    store = InProcess.open(release.store)
    return MunicipalityMap(store, Entities(store))


def test_municipalities_are_sorted_by_code(atlas: MunicipalityMap) -> None:
    codes = [each.code for each in atlas.municipalities()]
    assert len(codes) == 290
    assert codes == sorted(codes)
    assert all(each.county for each in atlas.municipalities())


def test_a_status_has_date_and_evidence(atlas: MunicipalityMap) -> None:
    found = atlas.adoptions(OFFICE)[MALMO]
    assert found.value.value == f"{CODE}adoption-status/in-use"
    assert found.as_of
    assert found.as_of.value == "2017"
    assert found.evidence == f"{ID}adoption/malmo-kommun-office-365-2017"


def test_regions_are_excluded(atlas: MunicipalityMap) -> None:
    assert f"{ID}organisation/region-uppsala" not in atlas.adoptions(OFFICE)
    assert f"{ID}organisation/region-uppsala" not in atlas.mail_providers()


def test_products_are_sorted_by_number_of_municipalities(atlas: MunicipalityMap) -> None:
    products = atlas.products()
    assert products[0][0].iri == OFFICE
    assert [count for _, count in products] == sorted((count for _, count in products), reverse=True)
    assert products[0][1] == len(atlas.adoptions(OFFICE))


def test_mail_providers_and_statement_counts(atlas: MunicipalityMap) -> None:
    assert len(atlas.mail_providers()) == 290
    assert atlas.mail_providers()[MALMO].value.value == "microsoft"
    assert atlas.statement_counts()[MALMO] == 13
    assert f"{ID}organisation/eda-kommun" not in atlas.statement_counts()


def test_an_unknown_product_has_no_findings(atlas: MunicipalityMap) -> None:
    assert atlas.adoptions(f"{ID}product/there-is-none") == {}
    assert atlas.discussed_by(f"{ID}product/there-is-none") == frozenset()


def test_the_newest_finding_is_used(sample: InProcess) -> None:
    atlas = MunicipalityMap(sample, Entities(sample))
    assert atlas.adoptions(f"{ID}product/p")[f"{ID}organisation/a"].evidence == f"{ID}adoption/newer"
    assert atlas.discussed_by(f"{ID}product/p") == {f"{ID}organisation/b"}


@pytest.fixture
def sample() -> InProcess:
    text = """
    @base <https://w3id.org/utsaga/id/> . @prefix uts: <https://w3id.org/utsaga/ns#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    <organisation/a> uts:municipalityCode "0001" . <organisation/b> uts:municipalityCode "0002" .
    <adoption/newer> uts:adopter <organisation/a> ; uts:product <product/p> ; uts:status <s/halted> ;
      uts:asOf "2020-05"^^xsd:gYearMonth .
    <adoption/older> uts:adopter <organisation/a> ; uts:product <product/p> ; uts:status <s/in-use> ;
      uts:asOf "2019"^^xsd:gYear .
    <adoption/undated> uts:adopter <organisation/a> ; uts:product <product/p> ; uts:status <s/evaluating> .
    <statement/b> uts:onBehalfOf <organisation/b> ; uts:about <product/p> ."""
    return InProcess.of(parse(text, format=RdfFormat.TURTLE))
