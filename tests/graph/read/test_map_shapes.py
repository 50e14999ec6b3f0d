"""The map of the municipalities and counties, against the registers."""

import csv
import re
from pathlib import Path

import pytest

from graph.build.map_drawing import draw
from graph.build.pipeline import FACTS
from graph.read import map_shapes
from graph.read.map_shapes import Boundaries, Shape
from graph.release.releases import Release


@pytest.fixture(scope="module")
def sweden() -> Boundaries:
    return draw()


def column(register: str, name: str) -> set[str]:
    with (FACTS / "registers" / f"{register}.csv").open(encoding="utf-8", newline="") as file:
        return {row[name] for row in csv.DictReader(file)}


def test_every_municipality_and_county_of_the_registers_is_on_the_map(sweden: Boundaries) -> None:
    assert set(sweden.municipalities) == column("municipalities", "municipality_code")
    assert set(sweden.counties) == column("counties", "county_code")
    assert len(sweden.municipalities) == 290


def points(path: str) -> list[tuple[int, int]]:
    """Return the points that a path goes through."""
    found = []
    for ring in path.split("M")[1:]:
        numbers = [int(number) for number in re.findall("-?[0-9]+", ring)]
        x, y = numbers[:2]
        found.append((x, y))
        for right, down in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + right, y + down
            found.append((x, y))
    return found


def test_each_is_drawn_as_closed_lines_within_its_box_and_the_map(sweden: Boundaries) -> None:
    for shape in (*sweden.municipalities.values(), *sweden.counties.values()):
        assert re.fullmatch(r"(M\d+ \d+l-?\d+(?:[ -]\d+)*(?: ?-?\d+)*z)+", shape.path)
        x, y, width, height = shape.box
        assert all(x <= at <= x + width and y <= down <= y + height for at, down in points(shape.path))
        assert x >= 0
        assert y >= 0
        assert x + width <= sweden.width
        assert y + height <= sweden.height


def test_north_is_up_and_east_is_right(sweden: Boundaries) -> None:
    kiruna, malmo, haparanda, goteborg = (
        sweden.municipalities[code].box for code in ("2584", "1280", "2583", "1480")
    )
    assert kiruna.y < haparanda.y < goteborg.y < malmo.y
    assert goteborg.x < kiruna.x < haparanda.x


def test_neighbours_share_their_boundary(sweden: Boundaries) -> None:
    stockholm, solna, kiruna = (
        set(points(sweden.municipalities[code].path)) for code in ("0180", "0184", "2584")
    )
    assert stockholm & solna
    assert not stockholm & kiruna


def test_a_county_fills_the_box_of_its_municipalities(sweden: Boundaries) -> None:
    gotland, same = sweden.counties["09"].box, sweden.municipalities["0980"].box
    assert gotland == same


def test_the_map_is_light_enough_for_a_page(sweden: Boundaries) -> None:
    assert sum(len(shape.path) for shape in sweden.municipalities.values()) < 60_000
    assert len(sweden.country) < 4_000


def test_a_release_brings_the_map_that_is_drawn(release: Release, sweden: Boundaries) -> None:
    assert (release.path / map_shapes.FILE).is_file()
    assert map_shapes.read(release.path) == sweden


def test_the_map_of_a_release_is_read_and_not_drawn(tmp_path: Path) -> None:
    (tmp_path / map_shapes.FILE).write_text(
        '{"width":2,"height":3,"country":"M0 0z","municipalities":{"0001":{"path":"M1 1z","box":[1,1,0,0]}},'
        '"counties":{}}'
    )
    found = map_shapes.read(tmp_path)
    assert found.municipalities == {"0001": Shape("M1 1z", map_shapes.Box(1, 1, 0, 0))}
    assert (found.width, found.height) == (2, 3)
