"""Suggestions for a prefix."""

import pytest

from graph.release.releases import Release
from graph.search.suggest import MAX_SUGGESTIONS, Suggestion, suggest
from graph.search.text_index import TextIndex


@pytest.fixture(scope="module")
def search(release: Release) -> TextIndex:
    found = TextIndex.open_beside(release.store)
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
def test_the_most_linked_entity_with_the_prefix_comes_first(
    search: TextIndex, prefix: str, first: str
) -> None:
    assert slugs(suggest(search, prefix))[0] == first


def test_accents_are_ignored_unless_typed(search: TextIndex) -> None:
    municipalities = {"mala-kommun", "malmo-kommun"}
    assert municipalities <= set(slugs(suggest(search, "mal")))
    assert set(slugs(suggest(search, "malå"))) == {"mala-kommun"}
    assert "mala-kommun" in slugs(suggest(search, "mala"))
    assert slugs(suggest(search, "ünd")) == slugs(suggest(search, "und"))


def test_a_former_name_with_the_prefix_is_the_match(search: TextIndex) -> None:
    (found,) = suggest(search, "stockholms läns")[:1]
    assert found.matches == (("former", "Stockholms läns landsting"),)
    assert suggest(search, "region stockh")[0].matches == (("label", "Region Stockholm"),)


def test_a_name_is_suggested_for_each_of_its_prefixes_only(search: TextIndex) -> None:
    name = "offentlighets- och sekretesslagen"
    assert all("osl" in slugs(suggest(search, name[:end])) for end in range(1, len(name) + 1))
    assert "osl" not in slugs(suggest(search, f"{name} xyz"))


def test_suggestions_are_filtered_by_kind_and_limited(search: TextIndex) -> None:
    assert {each.kind for each in suggest(search, "s", kind="place")} == {"place"}
    assert len(suggest(search, "s", limit=3)) == 3
    assert len({each.iri for each in suggest(search, "s", limit=MAX_SUGGESTIONS)}) == MAX_SUGGESTIONS


@pytest.mark.parametrize("prefix", ["", " ", "-", "\x00", "“”", "zzzz", "x" * 10_000, "zz " * 1_000, '*"()'])
def test_prefixes_without_suggestions(search: TextIndex, prefix: str) -> None:
    assert suggest(search, prefix) == ()
