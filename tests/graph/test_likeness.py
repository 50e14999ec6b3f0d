"""How alike names are: what costs how much."""

import pytest

from graph.designators import take_apart
from graph.likeness import compare

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


def test_who_writes_accents_means_them() -> None:
    assert score("Hååbo kommun", "Håbo kommun") > score("Hååbo kommun", "Habo kommun")
    assert score("Habbo kommun", "Håbo kommun") == score("Habbo kommun", "Habo kommun")


def test_another_number_is_another_name() -> None:
    likeness = compare(take_apart("Office 366"), take_apart("Office 365"), frozenset())
    assert likeness.score < 85
    assert likeness.edits == -1


def test_words_in_another_order() -> None:
    assert compare(take_apart("Kron, Patrik"), take_apart("Patrik Kron"), frozenset()).score == 97
