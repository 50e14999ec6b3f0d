"""Tests of lanes of statuses."""

from graph.backends.in_process import InProcess
from graph.claims.claims import adoptions_of
from graph.claims.status_lanes import read_lanes
from graph.core.namespaces import ID, UTS
from graph.read.entities import Entities
from graph.release.release import Release

CITY = ID + "organisation/goteborgs-kommun"


def test_each_status_is_once_and_knowledge_ends_with_the_last_confirmation(release: Release) -> None:
    entities = Entities(InProcess.open(release.store))
    adoptions = adoptions_of(entities, CITY, UTS + "adopter")
    lanes = read_lanes(adoptions)
    assert sum(len(lane.spans) for lane in lanes) == len(adoptions)
    lane = next(each for each in lanes if each.product.iri == ID + "product/office-365")
    days = [(span.first.isoformat(), span.last.isoformat()) for span in lane.spans]
    assert ("2017-10-01", "2017-11-30") in days, "the pause"
    assert [span.last.isoformat() for span in lane.spans if span.open] == ["2021-12-31"]


def test_nothing_has_no_lanes() -> None:
    assert read_lanes(()) == ()
