"""Lists of entities."""

from graph.core.entity_types import ENTITY_KINDS as COLUMNS
from graph.core.iris import KIND_NAMES
from graph.core.terms import text
from graph.read.entities import Ref
from graph.read.lists import key, sort_name


def test_every_kind_has_columns() -> None:
    assert set(COLUMNS) == set(KIND_NAMES)


def test_names_sort_as_swedish_does() -> None:
    names = ["Örebro", "Åre", "Zinkgruvan", "ale", "Älmhult"]
    assert sorted(names, key=lambda name: sort_name((text(name, "sv"),))) == [
        "ale",
        "Zinkgruvan",
        "Åre",
        "Älmhult",
        "Örebro",
    ]


def test_swedish_name_sorts_before_other_names() -> None:
    assert sort_name((text("A", "en"), text("B", "sv"))) == "b"
    assert sort_name((text("A", "en"),)) == "a"
    assert sort_name(()) == ""


def test_key() -> None:
    assert key(Ref("https://w3id.org/utsaga/ns#Region")) == "Region"
    assert key(Ref("https://w3id.org/utsaga/id/law/osl")) == "osl"
    assert key(text("microsoft")) == "microsoft"
