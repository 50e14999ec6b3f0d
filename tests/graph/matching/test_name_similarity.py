"""How alike names are: what costs how much."""

import pytest

from graph.matching.name_parser import take_apart
from graph.matching.name_similarity import compare

MUNICIPALITY = frozenset({"municipality"})


def score(asked: str, known: str = "Göteborgs kommun", *, told: bool = False) -> float:
    return compare(take_apart(asked), take_apart(known), MUNICIPALITY, told=told).score  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("asked", "expected"),
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
def test_the_same_name(asked: str, expected: float) -> None:
    assert score(asked) == expected


def test_a_kind_of_body_that_is_told_need_not_be_in_the_name() -> None:
    assert score("Göteborg", told=True) == 100


def test_slips_cost_by_their_share_of_the_name() -> None:
    assert score("Götborgs kommun") > score("Lnds kommun", "Lunds kommun") >= 85
    assert score("Xöteborgs kommun") < score("Göteborxs kommun")
    assert score("Gxtexorgs kommun") <= 84
    assert score("Ln kommun", "Lunds kommun") < 85


@pytest.mark.parametrize("asked", ["Solna", "Slna", "Soolna", "Sonla"])
def test_no_letter_of_another_name_costs_less(asked: str) -> None:
    """What is left out, doubled or swapped is likelier than any one wrong letter, or one too many."""
    likely, other = score(f"{asked} kommun", "Solna kommun"), score("Solxa kommun", "Solna kommun")
    assert likely > other >= 85
    assert score("Solxna kommun", "Solna kommun") < score("Soolna kommun", "Solna kommun")


@pytest.mark.parametrize(
    ("asked", "known", "is_told"),
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
def test_of_three_letters_only_those_that_are_all_there_are_told(
    asked: str, known: str, is_told: bool
) -> None:
    assert (score(asked, known) >= 85) == is_told


def test_who_writes_accents_means_them() -> None:
    assert score("Hååbo kommun", "Håbo kommun") > score("Hååbo kommun", "Habo kommun")
    assert score("Habbo kommun", "Håbo kommun") == score("Habbo kommun", "Habo kommun")


def test_another_number_is_another_name() -> None:
    likeness = compare(take_apart("Office 366"), take_apart("Office 365"), frozenset())
    assert likeness.score < 85
    assert likeness.edits == -1


def test_words_in_another_order() -> None:
    assert compare(take_apart("Kron, Patrik"), take_apart("Patrik Kron"), frozenset()).score == 97
