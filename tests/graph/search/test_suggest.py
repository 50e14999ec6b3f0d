"""What is suggested while somebody types."""

import pytest

from graph.release.releases import Release
from graph.search.search import Search
from graph.search.suggest import MOST, Suggestion, suggest


@pytest.fixture(scope="module")
def search(release: Release) -> Search:
    found = Search.beside(release.store)
    assert found
    return found


def slugs(found: tuple[Suggestion, ...]) -> list[str]:
    return [each.iri.rpartition("/")[2] for each in found]


@pytest.mark.parametrize(
    ("prefix", "first"),
    [
        ("stock", "region-stockholm"),
        ("Office", "office-365"),
        ("göt", "goteborgs-kommun"),
        ("GOT", "goteborgs-kommun"),
        ("2120001355", "goteborgs-kommun"),
        ("212000-1355", "goteborgs-kommun"),
        ("2009:4", "osl"),
        ("osl", "osl"),
        ("  malmö   komm", "malmo-kommun"),
        ("komm malm", "malmo-kommun"),
    ],
)
def test_the_best_known_entity_that_begins_so_comes_first(search: Search, prefix: str, first: str) -> None:
    assert slugs(suggest(search, prefix))[0] == first


def test_letters_are_folded_unless_they_are_typed(search: Search) -> None:
    municipalities = {"mala-kommun", "malmo-kommun"}
    assert municipalities <= set(slugs(suggest(search, "mal")))
    assert set(slugs(suggest(search, "malå"))) == {"mala-kommun"}
    assert "mala-kommun" in slugs(suggest(search, "mala"))
    assert slugs(suggest(search, "ünd")) == slugs(suggest(search, "und"))


def test_a_former_name_is_said_where_it_is_what_begins_so(search: Search) -> None:
    (found,) = suggest(search, "stockholms läns")[:1]
    assert found.matches == (("former", "Stockholms läns landsting"),)
    assert suggest(search, "region stockh")[0].matches == (("label", "Region Stockholm"),)


def test_a_name_is_found_to_its_end_and_no_further(search: Search) -> None:
    name = "offentlighets- och sekretesslagen"
    assert all("osl" in slugs(suggest(search, name[:end])) for end in range(1, len(name) + 1))
    assert "osl" not in slugs(suggest(search, f"{name} xyz"))


def test_only_a_kind_and_only_so_many_are_given_where_asked(search: Search) -> None:
    assert {each.kind for each in suggest(search, "s", kind="place")} == {"place"}
    assert len(suggest(search, "s", limit=3)) == 3
    assert len({each.iri for each in suggest(search, "s", limit=MOST)}) == MOST


@pytest.mark.parametrize("prefix", ["", " ", "-", "\x00", "“”", "zzzz", "x" * 10_000, "zz " * 1_000, '*"()'])
def test_nothing_begins_so(search: Search, prefix: str) -> None:
    assert suggest(search, prefix) == ()
