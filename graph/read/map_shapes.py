"""The boundaries of municipalities and counties as paths of a map: drawn at build, kept in the release.

Paths are written as SVG has them: https://www.w3.org/TR/SVG2/paths.html#PathData.
"""

import json
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

FILE: Final = "boundaries.json"


class Box(NamedTuple):
    """A rectangle of the map: its left upper corner and its size."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Shape:
    """An area: its outline, and the rectangle that it fills."""

    path: str
    box: Box


@dataclass(frozen=True)
class Boundaries:
    """A map: its size, the country roughly, and by official code each municipality and county."""

    width: int
    height: int
    country: str
    municipalities: dict[str, Shape]
    counties: dict[str, Shape]


@cache
def drawn() -> Boundaries:
    """Return the map drawn now: for facts without a release, and for a release older than the maps."""
    from graph.build.map_drawing import draw  # noqa: PLC0415 (what reads a release does without these libraries)

    return draw()


def write(place: Path) -> None:
    """Draw the map into the release that is built in `place`."""
    (place / FILE).write_text(json.dumps(asdict(drawn()), separators=(",", ":")) + "\n", encoding="utf-8")


@lru_cache(4)
def read(release: Path) -> Boundaries:
    """Return the map of the release at `release`."""
    file = release / FILE
    if not file.is_file():
        return drawn()
    content = json.loads(file.read_text(encoding="utf-8"))
    return Boundaries(
        content["width"],
        content["height"],
        content["country"],
        _shapes(content["municipalities"]),
        _shapes(content["counties"]),
    )


def _shapes(areas: dict[str, Any]) -> dict[str, Shape]:
    return {code: Shape(area["path"], Box(*area["box"])) for code, area in areas.items()}
