"""What bulk files are made of."""

import pytest
from pyoxigraph import RdfFormat, parse

from graph.bulk.content import read_content
from graph.core.errors import BadInput
from graph.query.store import ReleaseStore
from graph.read.entities import Entities


def test_a_second_value_where_there_is_room_for_one_is_a_fault() -> None:
    graph = """@base <https://w3id.org/utsaga/id/> . @prefix uts: <https://w3id.org/utsaga/ns#> .
        <place/x> a uts:County ; uts:countyCode "01", "02" ."""
    entities = Entities(ReleaseStore.of(parse(graph, format=RdfFormat.TURTLE)))
    with pytest.raises(BadInput) as caught:
        read_content(entities, "abc")
    (fault,) = caught.value.faults
    assert fault.where == "https://w3id.org/utsaga/id/place/x"
    assert "column code" in fault.message
