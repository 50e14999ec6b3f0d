"""Suggestions for a prefix."""

import pytest

from graph.release.release import Release
from graph.search.suggest import MAX_SUGGESTIONS, Suggestion, suggest
from graph.search.text_index import TextIndex


@pytest.fixture(scope="module")
def index(release: Release) -> TextIndex:
    found = TextIndex.open_beside(release.store)
    assert found
    return found


def slugs(found: tuple[Suggestion, ...]) -> list[str]:
    return [each.iri.rpartition("/")[2] for each in found]


@pytest.mark.parametrize(
    ("prefix", "first"),
    [
        ("stockholms l", "region-stockholm"),
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
    index: TextIndex, prefix: str, first: str
) -> None:
    assert slugs(suggest(index, prefix))[0] == first


def test_accents_are_ignored_unless_typed(index: TextIndex) -> None:
    municipalities = {"mala-kommun", "malmo-kommun"}
    assert municipalities <= set(slugs(suggest(index, "mal")))
    assert set(slugs(suggest(index, "malå"))) == {"mala-kommun"}
    assert "mala-kommun" in slugs(suggest(index, "mala"))
    assert slugs(suggest(index, "ünd")) == slugs(suggest(index, "und"))


@pytest.mark.parametrize(
    ("prefix", "first"),
    [("gotebr", "goteborgs-kommun"), ("götebro", "goteborgs-kommun"), ("stokho", "stockholms-kommun")],
)
def test_a_misspelt_prefix_is_completed_if_no_name_has_it(index: TextIndex, prefix: str, first: str) -> None:
    assert first in slugs(suggest(index, prefix))
    assert {each.kind for each in suggest(index, prefix, kind="place")} <= {"place"}


@pytest.mark.parametrize("prefix", ["gtbr", "qwxzy", "gotebr x", "12345", "gotebrogkommunx"])
def test_what_is_too_far_from_names_is_not_completed(index: TextIndex, prefix: str) -> None:
    assert suggest(index, prefix) == ()


def test_a_former_name_with_the_prefix_is_the_match(index: TextIndex) -> None:
    (found,) = suggest(index, "stockholms läns")[:1]
    assert found.matches == (("former", "Stockholms läns landsting"),)
    assert suggest(index, "region stockh")[0].matches == (("label", "Region Stockholm"),)


def test_of_one_kind_present_names_come_before_former_ones(index: TextIndex) -> None:
    organisations = slugs(suggest(index, "stockholm", kind="organisation"))
    assert organisations.index("stockholms-kommun") < organisations.index("region-stockholm")
    assert slugs(suggest(index, "stockholm"))[0] == "stockholms-kommun"
    assert slugs(suggest(index, "gotland"))[0] == "region-gotland"


def test_a_name_is_suggested_for_each_of_its_prefixes_only(index: TextIndex) -> None:
    name = "offentlighets- och sekretesslagen"
    assert all("osl" in slugs(suggest(index, name[:end])) for end in range(1, len(name) + 1))
    assert "osl" not in slugs(suggest(index, f"{name} xyz"))


def test_suggestions_are_filtered_by_kind_and_limited(index: TextIndex) -> None:
    assert {each.kind for each in suggest(index, "s", kind="place")} == {"place"}
    assert len(suggest(index, "s", limit=3)) == 3
    assert len({each.iri for each in suggest(index, "s", limit=MAX_SUGGESTIONS)}) == MAX_SUGGESTIONS


@pytest.mark.parametrize("prefix", ["", " ", "-", "\x00", "“”", "zzzz", "x" * 10_000, "zz " * 1_000, '*"()'])
def test_prefixes_without_suggestions(index: TextIndex, prefix: str) -> None:
    assert suggest(index, prefix) == ()
