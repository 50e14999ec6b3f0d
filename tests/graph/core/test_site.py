"""The file of a site, and the kinds of entities that it describes."""

from pathlib import Path

import pytest

from graph.core.entity_types import ListColumn, Place
from graph.core.errors import BadInput
from graph.core.kind_table import SITE_TABLE
from graph.core.namespaces import CODE, DCTERMS, GEO, ID, TYPE, UTS
from graph.core.site import read_site, site_folder
from graph.core.site_kinds import SITE_KINDS, parse_kinds, read_kinds, write_kinds

MINIMAL = """
[site]
name = "Birds"
description = "Birds and where they were seen"
base = "https://birds.example/"
namespace = "https://birds.example/ns#"
prefix = "bird"
languages = ["de", "en"]
licence = "https://creativecommons.org/licenses/by/4.0/"
"""


def write(folder: Path, text: str) -> Path:
    (folder / "utsaga.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_site_has_its_folders_beside_its_file(tmp_path: Path) -> None:
    site = read_site(write(tmp_path, MINIMAL))
    assert (site.name, site.base, site.languages) == ("Birds", "https://birds.example/", ("de", "en"))
    assert site.facts == (tmp_path / "facts").resolve()
    assert site.queries == (tmp_path / "queries").resolve()


def test_folders_can_be_elsewhere(tmp_path: Path) -> None:
    site = read_site(write(tmp_path, MINIMAL + '[folders]\nfacts = "../data"\n'))
    assert site.facts == (tmp_path.parent / "data").resolve()


def test_the_site_of_the_environment_comes_before_the_one_installed(tmp_path: Path) -> None:
    assert site_folder({"UTSAGA_SITE": str(tmp_path)}) == tmp_path
    assert (site_folder({}) / "utsaga.toml").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (MINIMAL.replace("name =", "nam ="), "“nam” is no key"),
        (MINIMAL.replace('name = "Birds"', ""), "“name”"),
        (MINIMAL.replace('"Birds"', "3"), "“name”"),
        (MINIMAL + "[colour]\n", "“colour” is no key"),
        (MINIMAL + "[folders]\nfact = 'x'\n", "“fact” is no key"),
        (MINIMAL.replace('["de", "en"]', '"de"'), "“languages”"),
        (MINIMAL.replace('"de", "en"', '"de", "xx"'), "“xx” is no language"),
        (MINIMAL.replace('"Birds"', '"Birds {beta}"'), "brace"),
        (MINIMAL.replace('"bird"', '"my birds"'), "“my birds” is no prefix"),
        (MINIMAL.replace("https://creativecommons.org/licenses/by/4.0/", "CC BY"), "“CC BY” is no IRI"),
        (MINIMAL + "[colours]\naccent = 'red'\n", "no colour"),
        (MINIMAL + "[colours]\nlink = '#fff'\n", "“link” is no key"),
        (MINIMAL + "parts = ['maps']\n", "“maps” is no part"),
        (MINIMAL.replace('https://birds.example/"\nn', 'birds"\nn'), "cannot begin IRIs"),
        (MINIMAL + "[prefixes]\nB = 'x'\n", "no prefix"),
        ("[site", "not TOML"),
    ],
)
def test_a_mistake_is_reported_with_file_rule_and_remedy(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadInput) as refused:
        read_site(write(tmp_path, text))
    (fault,) = refused.value.faults
    assert message in fault.message
    assert fault.where.startswith(str(tmp_path / "utsaga.toml"))
    assert fault.rule == "utsaga.toml"
    assert fault.remedy


def test_a_folder_without_the_file_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no site"):
        read_site(tmp_path)


def test_what_is_written_of_a_table_of_kinds_is_read_back() -> None:
    assert parse_kinds(Path("kinds.yaml"), write_kinds(SITE_KINDS)) == SITE_KINDS


def test_a_kind_has_columns_dates_places_and_status(tmp_path: Path) -> None:
    path = tmp_path / "kinds.yaml"
    path.write_text(
        """
tree:
  classes: [<https://trees.example/ns#Tree>]
  columns:
    type: {path: a, facet: true}
    planted: {path: dcterms:created | <https://trees.example/ns#planted>/dcterms:date}
    photos: {count: dcterms:subject}
  dates: dcterms:created
  place: {latitude: geo:lat, longitude: geo:long}
  status: <https://trees.example/ns#health>
  matched: false
""",
        encoding="utf-8",
    )
    (tree,) = read_kinds(path).values()
    assert tree.classes == ("https://trees.example/ns#Tree",)
    assert tree.columns[0] == ListColumn("type", ((TYPE,),), facet=True)
    own = "https://trees.example/ns#planted"
    assert tree.columns[1].paths == ((DCTERMS + "created",), (own, DCTERMS + "date"))
    assert tree.columns[2].counted_property == DCTERMS + "subject"
    assert tree.place == Place(((GEO + "lat",),), ((GEO + "long",),))
    assert tree.status == (("https://trees.example/ns#health",),)
    assert not tree.matched


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tree:\n  columns: {}\n", "“classes” is missing"),
        ("Tree:\n  classes: [uts:X]\n", "“Tree” cannot be an address"),
        ("map:\n  classes: [uts:X]\n", "“map” is the address of another page"),
        ("tree:\n  classes: [oak:Tree]\n", "“oak:Tree” has no prefix"),
        ('tree:\n  classes: ["<https://a.example/a b>"]\n', "is no IRI"),
        ('tree:\n  classes: ["uts:a b"]\n', "is no CURIE"),
        ("tree:\n  classes: [uts:X]\n  colour: red\n", "“colour” is not known here"),
        ("tree:\n  classes: [uts:X]\n  columns: {a: {path: uts:x, count: uts:x}}\n", "a path or a count"),
        ("tree:\n  classes: [uts:X]\n  columns: {page: {path: uts:x}}\n", "“page” cannot be the name"),
        ("tree:\n  classes: [uts:X]\n  columns: {a: {path: uts:x//uts:y}}\n", "no step of a path"),
        ("tree:\n  classes: [uts:X]\n  place: {latitude: geo:lat}\n", "incomplete"),
        ("tree: [", "is not YAML"),
    ],
)
def test_a_mistake_in_a_table_of_kinds_is_reported_with_its_line(text: str, message: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse_kinds(Path("kinds.yaml"), text)
    (fault,) = refused.value.faults
    assert message in fault.message
    assert fault.where.startswith("kinds.yaml:")
    assert fault.rule == "table of kinds"
    assert fault.remedy


def test_the_kind_of_an_entity_is_named_by_its_iri_and_its_classes() -> None:
    act = UTS + "LegalAct"
    assert SITE_TABLE.kind_of(ID + "law/osl", [act]) == "law"
    assert SITE_TABLE.kind_of(ID + "law/osl", [UTS + "Product"]) == ""
    assert SITE_TABLE.kind_of(ID + "law/osl#part", [act]) == ""
    assert SITE_TABLE.kind_of(CODE + "deployment/cloud", [act]) == ""
    assert SITE_TABLE.kind_of("_:b1", [act]) == ""
    assert SITE_TABLE.kind_of("https://elsewhere.example/acts/1", [act]) == "law"
