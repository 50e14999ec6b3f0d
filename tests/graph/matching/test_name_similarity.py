"""The similarity of names, and the costs of differences."""

import pytest

from graph.matching.body_names import BodyType
from graph.matching.name_parser import parse_name
from graph.matching.name_similarity import compare_names

MUNICIPALITY: frozenset[BodyType] = frozenset({"municipality"})


def score(query: str, candidate: str = "Göteborgs kommun", *, kind_is_known: bool = False) -> float:
    parsed = parse_name(query), parse_name(candidate)
    return compare_names(*parsed, MUNICIPALITY, kind_is_known=kind_is_known).score


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("Göteborgs kommun", 100),
        ("Göteborg kommun", 100),
        ("Göteborgs stad", 100),
        ("Goteborgs kommun", 97),
        ("Goteborg kommun", 90),
        ("Göteborg", 96),
        ("Region Göteborg", 70),
    ],
)
def test_variants_of_the_same_name(query: str, expected: float) -> None:
    assert score(query) == expected


def test_a_known_kind_need_not_be_in_the_name() -> None:
    assert score("Göteborg", kind_is_known=True) == 100


def test_edits_cost_in_proportion_to_the_length() -> None:
    assert score("Götborgs kommun") > score("Lnds kommun", "Lunds kommun") >= 85
    assert score("Xöteborgs kommun") < score("Göteborxs kommun")
    assert score("Gxtexorgs kommun") <= 84
    assert score("Ln kommun", "Lunds kommun") < 85


@pytest.mark.parametrize("query", ["Solna", "Slna", "Soolna", "Sonla"])
def test_slips_cost_less_than_wrong_letters(query: str) -> None:
    """Letters left out, doubled or swapped are likelier than a wrong or an additional letter."""
    likely, other = score(f"{query} kommun", "Solna kommun"), score("Solxa kommun", "Solna kommun")
    assert likely > other >= 85
    assert score("Solxna kommun", "Solna kommun") < score("Soolna kommun", "Solna kommun")


@pytest.mark.parametrize(
    ("query", "candidate", "is_similar"),
    [
        ("Ael kommun", "Ale kommun", True),
        ("Hoj kommun", "Hjo kommun", True),
        ("Axe kommun", "Ale kommun", False),
        ("Ae kommun", "Ale kommun", False),
        ("Aale kommun", "Ale kommun", True),
        ("Ael", "Ale kommun", False),
        ("Msb", "Mbs", False),
    ],
)
def test_names_of_three_letters_are_similar_only_if_letters_are_swapped_or_doubled(
    query: str, candidate: str, is_similar: bool
) -> None:
    assert (score(query, candidate) >= 85) == is_similar


def test_accents_count_if_the_query_has_any() -> None:
    assert score("Hååbo kommun", "Håbo kommun") > score("Hååbo kommun", "Habo kommun")
    assert score("Habbo kommun", "Håbo kommun") == score("Habbo kommun", "Habo kommun")


def test_names_with_different_numbers_are_not_similar() -> None:
    similarity = compare_names(parse_name("Office 366"), parse_name("Office 365"), frozenset())
    assert similarity.score < 85
    assert similarity.edits == -1


def test_words_in_another_order_are_similar() -> None:
    assert compare_names(parse_name("Kron, Patrik"), parse_name("Patrik Kron"), frozenset()).score == 97
