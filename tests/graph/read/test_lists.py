"""List columns and sort keys."""

from graph.core.iris import KIND_NAMES
from graph.core.kind_table import SITE_TABLE as COLUMNS
from graph.core.terms import text
from graph.read.lists import name_sort_key


def test_every_kind_has_columns() -> None:
    assert set(COLUMNS) == set(KIND_NAMES)


def test_names_sort_by_swedish_collation() -> None:
    names = ["Örebro", "Åre", "Zinkgruvan", "ale", "Älmhult"]
    assert sorted(names, key=lambda name: name_sort_key((text(name, "sv"),))) == [
        "ale",
        "Zinkgruvan",
        "Åre",
        "Älmhult",
        "Örebro",
    ]


def test_the_swedish_label_is_the_sort_key() -> None:
    assert name_sort_key((text("A", "en"), text("B", "sv"))) == "b"
    assert name_sort_key((text("A", "en"),)) == "a"
    assert name_sort_key(()) == ""
