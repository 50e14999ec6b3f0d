"""The rows of an answer on a map: areas of municipalities and regions, or else points."""

import math
from dataclasses import dataclass
from typing import Final, NamedTuple

from graph.core.namespaces import CODE, GEO, UTS
from graph.core.terms import iri
from graph.read.entities import Entities, Ref
from graph.read.map_shapes import Boundaries, MapShape
from web.sparql.result_charts import LATITUDE, LONGITUDE, Cell, Row, number

_SIDE: Final = 1000  # units of the longer side of a map of points
_MARGIN: Final = 40


class Spot(NamedTuple):
    """A point on the map."""

    x: int
    y: int


@dataclass(frozen=True)
class Place:
    """An entity on the map, as an area or a point, with what the rows about it say beside it."""

    what: Cell
    at: str | Spot  # the outline of its area, or a point
    more: tuple[Cell, ...]

    @property
    def code(self) -> Ref | None:
        """The code that the rows give it, if it is one and the same."""
        codes = {cell for cell in self.more if isinstance(cell, Ref) and cell.iri.startswith(CODE)}
        return codes.pop() if len(codes) == 1 else None


@dataclass(frozen=True)
class Map:
    """Places on a sheet: over the country, where they are areas of it."""

    width: int
    height: int
    country: str
    places: tuple[Place, ...]

    @property
    def legend(self) -> tuple[Ref, ...]:
        """The codes that places are marked with."""
        return tuple(sorted({place.code for place in self.places if place.code}))


def areas(rows: tuple[Row, ...], entities: Entities, sweden: Boundaries) -> Map | None:
    """Return the map of the municipalities and regions that the rows tell of, or None without any."""
    known: dict[Ref, list[Cell]] = {}
    shapes: dict[Ref, MapShape] = {}
    for row in rows:
        for ref in (cell for cell in row if isinstance(cell, Ref)):
            node = entities.node(iri(ref.iri))
            codes = [term.value for term in node.literals(UTS + "municipalityCode", UTS + "countyCode")]
            shape = next((found for code in codes if (found := _shape(sweden, code))), None)
            if shape:
                shapes[ref] = shape
                known.setdefault(ref, []).extend(cell for cell in row if cell and cell != ref)
                break
    if not known:
        return None
    large_first = sorted(known, key=lambda ref: (-shapes[ref].box.width * shapes[ref].box.height, ref))
    places = tuple(Place(ref, shapes[ref].path, tuple(dict.fromkeys(known[ref]))) for ref in large_first)
    return Map(sweden.width, sweden.height, sweden.country, places)


def points(columns: tuple[str, ...], rows: tuple[Row, ...], entities: Entities) -> Map | None:
    """Return the map of the rows with coordinates: in columns such as ?lat and ?long, or an entity's."""
    found = [(place, row) for row in rows if (place := _coordinates(columns, row, entities))]
    if not found:
        return None
    north = max(latitude for (latitude, _), _ in found)
    south = min(latitude for (latitude, _), _ in found)
    west = min(longitude for (_, longitude), _ in found)
    east = max(longitude for (_, longitude), _ in found)
    narrow = math.cos(math.radians((north + south) / 2))
    scale = (_SIDE - 2 * _MARGIN) / (max(north - south, (east - west) * narrow) or 1)
    places = []
    for (latitude, longitude), row in found:
        what = next((cell for cell in row if isinstance(cell, Ref)), None)
        spot = Spot(
            round((longitude - west) * narrow * scale) + _MARGIN, round((north - latitude) * scale) + _MARGIN
        )
        places.append(Place(what, spot, tuple(cell for cell in row if cell and cell != what)))
    width = round((east - west) * narrow * scale) + 2 * _MARGIN
    return Map(width, round((north - south) * scale) + 2 * _MARGIN, "", tuple(places))


def _shape(sweden: Boundaries, code: str) -> MapShape | None:
    return sweden.municipalities.get(code) or sweden.counties.get(code)


def _coordinates(columns: tuple[str, ...], row: Row, entities: Entities) -> tuple[float, float] | None:
    """Return the latitude and longitude that a row gives, or of the first entity in it that has them."""
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
        latitude, longitude = map(number, pair)
        if latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180:
            return float(latitude), float(longitude)
    return None
