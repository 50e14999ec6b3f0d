"""Maps of the rows of a result: areas of the site's map, or else points."""

import math
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

from graph.core.namespaces import GEO
from graph.core.organisations import organisation_model
from graph.core.terms import iri
from graph.read.entities import Entities, Ref
from graph.statistics.map_shapes import Boundaries, MapShape
from web.sparql.map_groups import MapGroup, group_places
from web.sparql.result_charts import LATITUDE, LONGITUDE, Cell, ResultRow, finite_number

_LONGER_SIDE: Final = 1000  # units of the longer side of a map of points
_SHORTER_SIDE: Final = 500  # at least, so that points on a line are no narrow strip
_MARGIN: Final = 40


class MapPoint(NamedTuple):
    """A point on the map, in units of the drawing."""

    x: int
    y: int


Values = tuple[tuple[int, Cell], ...]
"""Cells with the indexes of their columns."""


@dataclass(frozen=True)
class MapPlace:
    """An entity on the map, as an area or a point, with the other cells of its rows."""

    what: Cell
    at: str | MapPoint  # the outline of its area, or a point
    values: Values

    @property
    def more(self) -> tuple[Cell, ...]:
        """The other cells of its rows, each once."""
        return tuple(dict.fromkeys(cell for _, cell in self.values))


@dataclass(frozen=True)
class ResultMap:
    """Places in a rectangle, on the outline of the site's map where they are areas of it.

    `groups` are those of the legend, and `indexes` are the group of each place; without any, all look alike.
    """

    width: int
    height: int
    outline: str
    places: tuple[MapPlace, ...]
    groups: tuple[MapGroup, ...] = ()
    indexes: tuple[int, ...] = ()

    @classmethod
    def of(cls, width: int, height: int, outline: str, places: tuple[MapPlace, ...]) -> Self:
        """Return the map of `places`, which are grouped by the values of one of the columns."""
        columns = sorted({index for place in places for index, _ in place.values})
        values = [
            [frozenset(cell for at, cell in place.values if at == index) for place in places]
            for index in columns
        ]
        return cls(width, height, outline, places, *group_places(values))


def area_map(rows: tuple[ResultRow, ...], entities: Entities, boundaries: Boundaries) -> ResultMap | None:
    """Return the map of the areas in the rows, or None without any."""
    cells: dict[Ref, list[tuple[int, Cell]]] = {}
    shapes: dict[Ref, MapShape] = {}
    for row in rows:
        for ref in (cell for cell in row if isinstance(cell, Ref)):
            node = entities.node(iri(ref.iri))
            codes = [term.value for term in node.literals(*organisation_model().codes)]
            shape = next((found for code in codes if (found := _shape(boundaries, code))), None)
            if shape:
                shapes[ref] = shape
                others = ((index, cell) for index, cell in enumerate(row) if cell and cell != ref)
                cells.setdefault(ref, []).extend(others)
                break
    if not cells:
        return None
    large_first = sorted(cells, key=lambda ref: (-shapes[ref].box.width * shapes[ref].box.height, ref))
    places = tuple(MapPlace(ref, shapes[ref].path, tuple(dict.fromkeys(cells[ref]))) for ref in large_first)
    return ResultMap.of(boundaries.width, boundaries.height, boundaries.outline, places)


def point_map(columns: tuple[str, ...], rows: tuple[ResultRow, ...], entities: Entities) -> ResultMap | None:
    """Return the map of the rows with coordinates: in columns such as ?lat and ?long, or of an entity."""
    found = [(place, row) for row in rows if (place := _coordinates(columns, row, entities))]
    if not found:
        return None
    north = max(latitude for (latitude, _), _ in found)
    south = min(latitude for (latitude, _), _ in found)
    west = min(longitude for (_, longitude), _ in found)
    east = max(longitude for (_, longitude), _ in found)
    longitude_ratio = math.cos(math.radians((north + south) / 2))
    scale = (_LONGER_SIDE - 2 * _MARGIN) / (max(north - south, (east - west) * longitude_ratio) or 1)
    width, height = round((east - west) * longitude_ratio * scale), round((north - south) * scale)
    left, top = (max(_MARGIN, (_SHORTER_SIDE - each) // 2) for each in (width, height))
    places = []
    for (latitude, longitude), row in found:
        what = next((cell for cell in row if isinstance(cell, Ref)), None)
        x = round((longitude - west) * longitude_ratio * scale) + left
        point = MapPoint(x, round((north - latitude) * scale) + top)
        values = tuple(
            (at, cell) for at, cell in enumerate(row) if _is_value(columns[at], cell) and cell != what
        )
        places.append(MapPlace(what, point, values))
    return ResultMap.of(width + 2 * left, height + 2 * top, "", tuple(places))


def _is_value(column: str, cell: Cell) -> bool:
    return cell is not None and column.lower() not in LATITUDE | LONGITUDE


def _shape(boundaries: Boundaries, code: str) -> MapShape | None:
    return boundaries.areas.get(code) or boundaries.groups.get(code)


def _coordinates(columns: tuple[str, ...], row: ResultRow, entities: Entities) -> tuple[float, float] | None:
    """Return the latitude and longitude in a row, or of the first entity in it that has them."""
    named = dict(zip((name.lower() for name in columns), row, strict=True))
    pairs = [
        (
            next((named[name] for name in LATITUDE if name in named), None),
            next((named[name] for name in LONGITUDE if name in named), None),
        )
    ]
    nodes = (entities.node(iri(cell.iri)) for cell in row if isinstance(cell, Ref))
    pairs += [(node.literal(GEO + "lat"), node.literal(GEO + "long")) for node in nodes]
    for pair in pairs:
        latitude, longitude = map(finite_number, pair)
        if latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180:
            return float(latitude), float(longitude)
    return None
