"""The map of municipalities and counties, compared with the registers."""

import csv
import re
from pathlib import Path

import pytest

from graph.build.pipeline import FACTS
from graph.release.release import Release
from graph.statistics import map_shapes
from graph.statistics.map_shapes import Boundaries, MapShape
from sweden.map_drawing import draw


@pytest.fixture(scope="module")
def sweden() -> Boundaries:
    return draw()


def column(register: str, name: str) -> set[str]:
    with (FACTS / "registers" / f"{register}.csv").open(encoding="utf-8", newline="") as file:
        return {row[name] for row in csv.DictReader(file)}


def test_every_municipality_and_county_of_the_registers_is_on_the_map(sweden: Boundaries) -> None:
    assert set(sweden.areas) == column("municipalities", "municipality_code")
    assert set(sweden.groups) == column("counties", "county_code")
    assert len(sweden.areas) == 290


def points(path: str) -> list[tuple[int, int]]:
    """Return the points of a path in absolute coordinates."""
    found = []
    for ring in path.split("M")[1:]:
        numbers = [int(number) for number in re.findall("-?[0-9]+", ring)]
        x, y = numbers[:2]
        found.append((x, y))
        for right, down in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + right, y + down
            found.append((x, y))
    return found


def test_shapes_are_closed_paths_within_their_box_and_the_map(sweden: Boundaries) -> None:
    for shape in (*sweden.areas.values(), *sweden.groups.values()):
        assert re.fullmatch(r"(M\d+ \d+l-?\d+(?:[ -]\d+)*(?: ?-?\d+)*z)+", shape.path)
        x, y, width, height = shape.box
        assert all(x <= at <= x + width and y <= down <= y + height for at, down in points(shape.path))
        assert x >= 0
        assert y >= 0
        assert x + width <= sweden.width
        assert y + height <= sweden.height


def test_north_is_up_and_east_is_right(sweden: Boundaries) -> None:
    kiruna, malmo, haparanda, goteborg = (sweden.areas[code].box for code in ("2584", "1280", "2583", "1480"))
    assert kiruna.y < haparanda.y < goteborg.y < malmo.y
    assert goteborg.x < kiruna.x < haparanda.x


def test_neighbouring_municipalities_share_points(sweden: Boundaries) -> None:
    stockholm, solna, kiruna = (set(points(sweden.areas[code].path)) for code in ("0180", "0184", "2584"))
    assert stockholm & solna
    assert not stockholm & kiruna


def test_a_county_of_one_municipality_has_the_same_box(sweden: Boundaries) -> None:
    gotland, same = sweden.groups["09"].box, sweden.areas["0980"].box
    assert gotland == same


def test_the_map_is_small_enough_for_a_page(sweden: Boundaries) -> None:
    assert sum(len(shape.path) for shape in sweden.areas.values()) < 60_000
    assert len(sweden.outline) < 4_000


def test_a_release_contains_the_drawn_map(release: Release, sweden: Boundaries) -> None:
    assert (release.path / map_shapes.BOUNDARIES_FILE).is_file()
    assert map_shapes.read_boundaries(release.path) == sweden


def test_the_map_is_read_from_the_release(tmp_path: Path) -> None:
    (tmp_path / map_shapes.BOUNDARIES_FILE).write_text(
        '{"width":2,"height":3,"outline":"M0 0z","areas":{"0001":{"path":"M1 1z","box":[1,1,0,0]}},'
        '"groups":{}}'
    )
    found = map_shapes.read_boundaries(tmp_path)
    assert found.areas == {"0001": MapShape("M1 1z", map_shapes.MapBox(1, 1, 0, 0))}
    assert (found.width, found.height) == (2, 3)
