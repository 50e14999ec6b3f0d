"""The boundaries of municipalities and counties as paths of a map: drawn at build, kept in the release.

Paths are written as SVG has them: https://www.w3.org/TR/SVG2/paths.html#PathData.
"""

import json
from dataclasses import asdict, dataclass, field
from functools import lru_cache
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
    """A map, empty by default: its size, the country roughly, by code each municipality and county."""

    width: int = 0
    height: int = 0
    country: str = ""
    municipalities: dict[str, Shape] = field(default_factory=dict)
    counties: dict[str, Shape] = field(default_factory=dict)


def write(place: Path, boundaries: Boundaries) -> None:
    """Put the map into the release that is built in `place`."""
    (place / FILE).write_text(json.dumps(asdict(boundaries), separators=(",", ":")) + "\n", encoding="utf-8")


@lru_cache(4)
def read(release: Path) -> Boundaries:
    """Return the map of the release at `release`; raise FileNotFoundError if it is older than the maps."""
    content = json.loads((release / FILE).read_text(encoding="utf-8"))
    return Boundaries(
        content["width"],
        content["height"],
        content["country"],
        _shapes(content["municipalities"]),
        _shapes(content["counties"]),
    )


def _shapes(areas: dict[str, Any]) -> dict[str, Shape]:
    return {code: Shape(area["path"], Box(*area["box"])) for code, area in areas.items()}
