"""Swedish order of names, and numbers by their value."""

import pytest

from graph.core.collation import natural_key, swedish_key


def test_swedish_letters_come_last() -> None:
    names = ["Örebro", "Åre", "Zürich", "ale", "Älmhult", "Malå", "Malmö", "Ærø", "Öland"]
    assert sorted(names, key=swedish_key) == [
        "ale",
        "Malmö",
        "Malå",
        "Zürich",
        "Åre",
        "Älmhult",
        "Ærø",
        "Öland",
        "Örebro",
    ]


@pytest.mark.parametrize(("one", "other"), [("É", "e"), ("Ü", "y"), ("A\u030a", "å"), ("STRASSE", "straße")])
def test_the_same_place(one: str, other: str) -> None:
    assert swedish_key(one) == swedish_key(other)


def test_numbers_by_their_value() -> None:
    assert sorted(["a10", "a9b", "a", "a9"], key=natural_key) == ["a", "a9", "a9b", "a10"]
