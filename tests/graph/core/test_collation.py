"""Sort keys: Swedish names, and text with numbers."""

import pytest

from graph.core.collation import natural_key, swedish_key


def test_swedish_letters_sort_after_z() -> None:
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


@pytest.mark.parametrize(("left", "right"), [("É", "e"), ("Ü", "y"), ("A\u030a", "å"), ("STRASSE", "straße")])
def test_letters_with_equal_keys(left: str, right: str) -> None:
    assert swedish_key(left) == swedish_key(right)


def test_numbers_in_text_sort_by_value() -> None:
    assert sorted(["a10", "a9b", "a", "a9"], key=natural_key) == ["a", "a9", "a9b", "a10"]
