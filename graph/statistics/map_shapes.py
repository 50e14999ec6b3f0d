"""The boundaries of areas on a site's map as SVG paths, drawn at build and stored in the release.

Paths follow https://www.w3.org/TR/SVG2/paths.html#PathData.
"""

import json
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from graph.core.extensions import extension

BOUNDARIES_FILE: Final = "boundaries.json"


class MapBox(NamedTuple):
    """A rectangle of the map: its upper left corner and its size."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class MapShape:
    """The outline of an area, and its bounding box."""

    path: str
    box: MapBox


@dataclass(frozen=True)
class Boundaries:
    """A map, empty by default: its size, its rough outline, areas and groups of areas by code."""

    width: int = 0
    height: int = 0
    outline: str = ""
    areas: dict[str, MapShape] = field(default_factory=dict)
    groups: dict[str, MapShape] = field(default_factory=dict)


def write_boundaries(place: Path, boundaries: Boundaries) -> None:
    """Write the map into the release being built in the directory `place`."""
    (place / BOUNDARIES_FILE).write_text(
        json.dumps(asdict(boundaries), separators=(",", ":")) + "\n", encoding="utf-8"
    )


@lru_cache(4)
def read_boundaries(release: Path) -> Boundaries:
    """Return the map of the release in the directory `release`; raise FileNotFoundError if it has none."""
    content = json.loads((release / BOUNDARIES_FILE).read_text(encoding="utf-8"))
    return Boundaries(
        content["width"],
        content["height"],
        content["outline"],
        _shapes(content["areas"]),
        _shapes(content["groups"]),
    )


def _shapes(areas: dict[str, Any]) -> dict[str, MapShape]:
    return {code: MapShape(area["path"], MapBox(*area["box"])) for code, area in areas.items()}


def draw_boundaries() -> Boundaries:
    """Return the map of the site, drawn now; an empty one if it has none."""
    return extension("boundaries", Boundaries)()
