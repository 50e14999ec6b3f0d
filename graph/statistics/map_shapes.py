"""The boundaries of municipalities and counties as SVG paths, drawn at build and stored in the release.

Paths follow https://www.w3.org/TR/SVG2/paths.html#PathData.
"""

import json
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

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
    """A map, empty by default: its size, the country's rough outline, municipalities and counties by code."""

    width: int = 0
    height: int = 0
    country: str = ""
    municipalities: dict[str, MapShape] = field(default_factory=dict)
    counties: dict[str, MapShape] = field(default_factory=dict)


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
        content["country"],
        _shapes(content["municipalities"]),
        _shapes(content["counties"]),
    )


def _shapes(areas: dict[str, Any]) -> dict[str, MapShape]:
    return {code: MapShape(area["path"], MapBox(*area["box"])) for code, area in areas.items()}
