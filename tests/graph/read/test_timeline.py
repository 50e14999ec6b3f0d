"""Events by date, as exact as it is known."""

import pytest
from pyoxigraph import RdfFormat, parse

from graph.backends.in_process import InProcess
from graph.core.namespaces import ID
from graph.read.timeline import KINDS, Timeline
from graph.release.releases import Release

OFFICE, MALMO = f"{ID}product/office-365", f"{ID}organisation/malmo-kommun"


@pytest.fixture(scope="module")
def timeline(release: Release) -> Timeline:
    return Timeline(InProcess.open(release.store))


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_events_oldest_first_with_a_year(timeline: Timeline, kind: str) -> None:
    events = timeline.events(kind)
    assert events
    assert [event.dated.key for event in events] == sorted(event.dated.key for event in events)
    assert all(len(event.year) == 4 for event in events)


def test_observations_of_one_time_are_one_event_unless_an_organisation_is_asked_for(
    timeline: Timeline,
) -> None:
    assert [(event.dated.key, event.count) for event in timeline.events("observation")] == [
        ("2026-04-21", 21),
        ("2026-04-23", 290),
    ]
    (one,) = timeline.events("observation", MALMO)
    assert one.count == 0
    assert one.iri.startswith(f"{ID}observation/")
    assert timeline.events("observation", MALMO, OFFICE) == ()


def test_events_of_an_organisation_and_a_product(timeline: Timeline) -> None:
    (adoption,) = timeline.events("adoption", MALMO, OFFICE)
    assert adoption.iri == f"{ID}adoption/malmo-kommun-office-365-2017"
    assert adoption.turn == "asOf"
    assert len(timeline.events("statement", MALMO, OFFICE)) == len(timeline.events("statement", MALMO)) == 6
    assert len(timeline.events("statement", product=OFFICE)) < len(timeline.events("statement"))
    assert timeline.events("statement", MALMO, f"{ID}product/libreoffice") == ()
    assert timeline.events("statement", f"{ID}organisation/eda-kommun") == ()


def test_laws_begin_and_end(timeline: Timeline) -> None:
    turns = {(event.iri.rpartition("/")[2], event.turn, event.dated.key) for event in timeline.events("law")}
    assert ("gdpr", "date_applicability", "2018-05-25") in turns
    assert ("pul", "date_no_longer_in_force", "2018-05-24") in turns


def test_dates_of_every_exactness_and_hostile_ones() -> None:
    text = """
    @base <https://w3id.org/utsaga/id/> . @prefix uts: <https://w3id.org/utsaga/ns#> .
    @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
    <adoption/day> a uts:Adoption ; uts:asOf "2019-03-02"^^xsd:date .
    <adoption/month> a uts:Adoption ; uts:asOf "2019-03"^^xsd:gYearMonth ; uts:validUntil "2021"^^xsd:gYear .
    <adoption/year> a uts:Adoption ; uts:asOf "2019"^^xsd:gYear .
    <adoption/odd> a uts:Adoption ; uts:asOf "nonsense" .
    <adoption/٣-10> a uts:Adoption ; uts:asOf "2018"^^xsd:gYear .
    <adoption/9> a uts:Adoption ; uts:asOf "2018"^^xsd:gYear .
    <adoption/undated> a uts:Adoption .
    [] a uts:Adoption ; uts:asOf "2018"^^xsd:gYear ."""
    events = Timeline(InProcess.of(parse(text, format=RdfFormat.TURTLE))).events("adoption")
    told = [(event.iri.rpartition("/")[2], event.turn, event.year) for event in events]
    assert told == [
        ("9", "asOf", "2018"),
        ("٣-10", "asOf", "2018"),
        ("year", "asOf", "2019"),
        ("month", "asOf", "2019"),
        ("day", "asOf", "2019"),
        ("month", "validUntil", "2021"),
        ("odd", "asOf", ""),
    ]


def test_products_that_most_has_happened_to_come_first(timeline: Timeline) -> None:
    assert timeline.products()[0] == OFFICE


def test_an_adoption_known_as_it_began_is_one_event(timeline: Timeline) -> None:
    found = [event for event in timeline.events("adoption") if event.dated.key == "2022-02-25"]
    assert [event.turn for event in found] == ["validFrom"]
