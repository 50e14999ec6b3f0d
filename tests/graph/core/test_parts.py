"""What belongs to which part, and which parts need others."""

from dataclasses import fields
from pathlib import Path

import pytest

from graph.core.errors import BadInput
from graph.core.parts import PARTS, PARTS_FOLDER, Part, missing_need, parts_with
from graph.core.site import SITE, read_site
from tests.graph.core.test_site import MINIMAL, write


@pytest.mark.parametrize("part", [name for name in PARTS if PARTS[name].needs])
def test_a_part_without_one_that_it_needs_is_refused(tmp_path: Path, part: str) -> None:
    text = MINIMAL + f'parts = ["{part}"]\n'
    with pytest.raises(BadInput, match=f"the part “{part}” needs the part “statements”") as refused:
        read_site(write(tmp_path, text))
    (fault,) = refused.value.faults
    assert fault.where == str(tmp_path / "utsaga.toml")
    assert fault.rule == "utsaga.toml"
    assert fault.remedy == f"add statements to parts, or leave {part} out"


@pytest.mark.parametrize("left_out", [name for name in PARTS if name != "statements"])
def test_any_part_that_others_do_not_need_can_be_off(tmp_path: Path, left_out: str) -> None:
    parts = [name for name in PARTS if name != left_out]
    site = read_site(write(tmp_path, MINIMAL + f"parts = {parts}\n".replace("'", '"')))
    assert site.parts == tuple(parts)
    for what in (field.name for field in fields(Part) if field.name not in ("needs", "folders")):
        for name in getattr(PARTS[left_out], what):
            shared = any(part in parts for part in parts_with(what, name))
            assert site.offers(what, name) == shared, (what, name)


def test_what_is_of_no_part_is_on_every_site(tmp_path: Path) -> None:
    site = read_site(write(tmp_path, MINIMAL))
    assert site.offers("blueprints", "home")
    assert not site.offers("blueprints", "compare")
    assert site.of_parts("kinds") == ()


def test_our_own_site_has_all_parts() -> None:
    assert SITE.parts == tuple(PARTS)
    assert missing_need(SITE.parts) is None


def test_every_folder_of_a_part_is_there_and_of_some_part() -> None:
    named = {folder for part in PARTS.values() for folder in part.folders}
    assert named == {path.name for path in PARTS_FOLDER.iterdir()}
