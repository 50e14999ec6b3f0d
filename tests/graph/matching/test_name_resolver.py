"""What a name that somebody types means."""

import pytest

from graph.backends.in_process import InProcess
from graph.core.namespaces import CODE, ID
from graph.matching.name_resolver import MAX_NEAREST, NameResolver
from graph.matching.reconciler import Reconciler
from graph.read.entities import Entities
from graph.release.release import Release
from graph.search.text_index import TextIndex


@pytest.fixture(scope="module")
def store(release: Release) -> InProcess:
    return InProcess.open(release.store)


@pytest.fixture(scope="module")
def resolver(release: Release, store: InProcess) -> NameResolver:
    index, entities = TextIndex.open_beside(release.store), Entities(store)
    assert index
    return NameResolver(store, entities, Reconciler(entities, index))


@pytest.mark.parametrize(
    ("typed", "kind", "name", "exact"),
    [
        ("Göteborg", "organisation", "organisation/goteborgs-kommun", True),
        ("goteborg", "organisation", "organisation/goteborgs-kommun", True),
        ("Gotebrog", "organisation", "organisation/goteborgs-kommun", False),
        ("Stockholms stad", "organisation", "organisation/stockholms-kommun", True),
        ("stockholms-stad", "organisation", "organisation/stockholms-kommun", True),
        ("SLL", "organisation", "organisation/region-stockholm", True),
        ("Datainspektionen", "organisation", "organisation/imy", True),
        ("Office 365", "product", "product/office-365", True),
        ("office365", "product", "product/office-365", True),
        ("O365", "product", "product/office-365", True),
        ("OSL", "law", "law/osl", True),
        ("2009:400", "law", "law/osl", True),
        ("organisation/malmo-kommun", "organisation", "organisation/malmo-kommun", True),
        (f"{ID}law/osl", "law", "law/osl", True),
        ("Anne Nilsson", "person", "person/anne-nilsson-region-uppsala", True),
        ("Uppsala län", "place", "place/uppsala-lan", True),
    ],
)
def test_a_name_means_one_entity(
    resolver: NameResolver, typed: str, kind: str, name: str, exact: bool
) -> None:
    found = resolver.resolve(typed, (kind,))
    assert (found.match, found.exact) == (ID + name, exact)
    assert found.nearest == ()


def test_every_municipality_is_found_as_a_city(resolver: NameResolver, release: Release) -> None:
    index = TextIndex.open_beside(release.store)
    assert index
    every = index.search("kommun", kind="organisation", limit=400).hits
    cities = {
        hit.iri: hit.names[0].value.replace(" kommun", " stad")
        for hit in every
        if hit.iri.endswith("-kommun")
    }
    assert len(cities) > 280
    found = {iri for iri, city in cities.items() if resolver.resolve(city, ("organisation",)).match == iri}
    assert cities.keys() - found == set()


@pytest.mark.parametrize("typed", ["Stockholm", "Uppsala", "Kalmar"])
def test_a_name_of_several_is_no_match(resolver: NameResolver, typed: str) -> None:
    found = resolver.resolve(typed, ("organisation",))
    assert found.match == ""
    kinds = {name.rpartition("/")[2].split("-")[0] for name in found.nearest}
    assert "region" in kinds
    assert 2 <= len(found.nearest) <= MAX_NEAREST


@pytest.mark.parametrize("typed", ["", "  ", "xyzzy plugh", "?", '"', "<b>", "a " * 200, "\x00", "ﷺ" * 400])
def test_what_is_like_nothing_means_nothing(resolver: NameResolver, typed: str) -> None:
    assert resolver.resolve(typed, ("organisation",)).match == ""
    assert resolver.resolve(typed, ("statement",)).match == ""


def test_statements_and_codes_are_found_by_their_words(resolver: NameResolver) -> None:
    found = resolver.resolve("Göteborg har satt stopp för Office 365", ("statement",))
    assert f"{ID}statement/ny-teknik-office-365-goteborg-stopp" in (found.match, *found.nearest)
    assert resolver.resolve("hinder", ("code",)).match == f"{CODE}assessment-outcome/obstacle"


def test_without_an_index_organisations_are_found_by_parts_of_names(store: InProcess) -> None:
    resolver = NameResolver(store, Entities(store), None)
    assert resolver.resolve("Malmö kommun").match == f"{ID}organisation/malmo-kommun"
    assert len(resolver.resolve("Region", ("organisation",)).nearest) == MAX_NEAREST
    assert resolver.resolve("Office 365", ("product",)).nearest == ()
