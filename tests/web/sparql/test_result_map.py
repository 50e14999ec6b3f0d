"""Maps of the rows of a result."""

import pytest
from pyoxigraph import RdfFormat, parse

from graph.backends.in_process import InProcess
from graph.core.namespaces import CODE, XSD
from graph.core.terms import Term, text
from graph.read.entities import Entities, Ref
from graph.statistics.map_shapes import Boundaries
from sweden.map_drawing import draw
from web.sparql import result_map

TURTLE = """
PREFIX uts: <https://w3id.org/utsaga/ns#>
PREFIX geo: <http://www.w3.org/2003/01/geo/wgs84_pos#>
<x:goteborg> uts:municipalityCode "1480" .
<x:vastra> uts:countyCode "14" .
<x:here> geo:lat 59.5 ; geo:long 18.0 .
<x:there> geo:lat 57.5 ; geo:long 12.0 .
<x:nowhere> geo:lat 959.5 ; geo:long 18.0 .
"""
HALTED, USED = Ref(CODE + "adoption-status/halted"), Ref(CODE + "adoption-status/in-use")


@pytest.fixture(scope="module")
def entities() -> Entities:
    return Entities(InProcess.of(parse(TURTLE, format=RdfFormat.TURTLE)))


@pytest.fixture(scope="module")
def sweden() -> Boundaries:
    return draw()


def test_municipalities_and_regions_are_areas_and_large_ones_come_first(
    entities: Entities, sweden: Boundaries
) -> None:
    rows = ((Ref("x:goteborg"), HALTED), (Ref("x:vastra"), USED), (Ref("x:vastra"), HALTED))
    found = result_map.area_map(rows, entities, sweden)
    assert found
    assert [place.what for place in found.places] == [Ref("x:vastra"), Ref("x:goteborg")]
    assert found.places[1].at == sweden.areas["1480"].path
    assert [group.value for group in found.groups] == [HALTED, None], "two different codes are no one code"
    assert found.indexes == (1, 0)
    assert result_map.area_map(((Ref("x:here"), HALTED),), entities, sweden) is None


def test_coordinates_of_entities_become_points_with_north_up(entities: Entities) -> None:
    rows = tuple((Ref(each),) for each in ("x:here", "x:there", "x:nowhere"))
    found = result_map.point_map(("what",), rows, entities)
    assert found
    here, there = (place.at for place in found.places)
    assert isinstance(here, result_map.MapPoint)
    assert isinstance(there, result_map.MapPoint)
    assert here.y < there.y
    assert here.x > there.x
    assert all(0 < spot.x < found.width and 0 < spot.y < found.height for spot in (here, there))


def test_coordinates_in_columns_become_points(entities: Entities) -> None:
    def degrees(value: str) -> Term:
        return Term(value, "literal", datatype=XSD + "decimal")

    found = result_map.point_map(("name", "lat", "lon"), ((text("x"), degrees("1"), degrees("2")),), entities)
    assert found
    assert len(found.places) == 1
    assert result_map.point_map(("name", "lat", "lon"), ((text("x"), text("1"), None),), entities) is None


def test_points_on_a_line_are_no_narrow_strip(entities: Entities) -> None:
    def degrees(value: int) -> Term:
        return Term(str(value), "literal", datatype=XSD + "integer")

    rows = tuple((text("x"), degrees(each), degrees(2)) for each in (1, 5))
    found = result_map.point_map(("name", "lat", "lon"), rows, entities)
    assert found
    assert (found.width, found.height) == (500, 1000)
    assert [place.at for place in found.places] == [(250, 960), (250, 40)]
