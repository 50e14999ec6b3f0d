"""Timeline events."""

import pytest
from pyoxigraph import RdfFormat, parse

from graph.backends.in_process import InProcess
from graph.claims.timeline import EVENT_KINDS, Timeline
from graph.core.namespaces import ID, UTS
from graph.release.release import Release

OFFICE, MALMO = f"{ID}product/office-365", f"{ID}organisation/malmo-kommun"


@pytest.fixture(scope="module")
def timeline(release: Release) -> Timeline:
    return Timeline(InProcess.open(release.store))


@pytest.mark.parametrize("kind", EVENT_KINDS)
def test_events_of_each_kind_are_sorted_and_have_a_year(timeline: Timeline, kind: str) -> None:
    events = timeline.events(kind)
    assert events
    assert [event.date.sort_key for event in events] == sorted(event.date.sort_key for event in events)
    assert all(len(event.year) == 4 for event in events)


def test_observations_of_one_date_are_one_event_unless_filtered_by_organisation(
    timeline: Timeline,
) -> None:
    assert [(event.date.sort_key, event.count) for event in timeline.events("observation")] == [
        ("2026-04-21", 21),
        ("2026-04-23", 290),
    ]
    (one,) = timeline.events("observation", MALMO)
    assert one.count == 0
    assert one.iri.startswith(f"{ID}observation/")
    assert timeline.events("observation", MALMO, OFFICE) == ()


def test_events_are_filtered_by_organisation_and_product(timeline: Timeline) -> None:
    (adoption,) = timeline.events("adoption", MALMO, OFFICE)
    assert adoption.iri == f"{ID}adoption/malmo-kommun-office-365-2017"
    on_office, on_all = timeline.events("statement", MALMO, OFFICE), timeline.events("statement", MALMO)
    assert (len(on_office), len(on_all)) == (6, 13)
    assert len(timeline.events("statement", product=OFFICE)) < len(timeline.events("statement"))
    assert timeline.events("statement", MALMO, f"{ID}product/libreoffice") == ()
    assert timeline.events("statement", f"{ID}organisation/eda-kommun") == ()


def test_an_assessment_without_a_day_of_its_own_is_an_event_of_when_it_held(timeline: Timeline) -> None:
    found = {event.iri: event.year for event in timeline.events("assessment", MALMO, OFFICE)}
    assert found[f"{ID}assessment/malmo-kommun-office-365-osl-2017"] == "2017"
    assert len(timeline.events("assessment", product=OFFICE)) == 15


@pytest.mark.parametrize(("kind", "class_"), [("assessment", "Assessment"), ("adoption", "Adoption")])
def test_the_timeline_leaves_no_claim_out(
    release: Release, timeline: Timeline, kind: str, class_: str
) -> None:
    rows = InProcess.open(release.store).select(f"SELECT ?claim {{ ?claim a <{UTS}{class_}> }}")
    assert {event.iri for event in timeline.events(kind)} == {row["claim"].value for row in rows}


def test_laws_have_events_for_start_and_end(timeline: Timeline) -> None:
    events = {
        (event.iri.rpartition("/")[2], event.date_property, event.date.sort_key)
        for event in timeline.events("law")
    }
    assert ("gdpr", "date_applicability", "2018-05-25") in events
    assert ("pul", "date_no_longer_in_force", "2018-05-24") in events


def test_dates_of_every_precision_and_malformed_ones_are_sorted() -> None:
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
    found = [(event.iri.rpartition("/")[2], event.year) for event in events]
    assert found == [
        ("9", "2018"),
        ("٣-10", "2018"),
        ("year", "2019"),
        ("month", "2019"),
        ("day", "2019"),
        ("odd", ""),
    ]


def test_products_with_most_claims_come_first(timeline: Timeline) -> None:
    assert timeline.products()[0] == OFFICE


def test_an_adoption_is_one_event_when_it_began(timeline: Timeline) -> None:
    events = timeline.events("adoption")
    assert len(events) == len({event.iri for event in events})
    name = f"{ID}adoption/goteborgs-kommun-office-365-2018"
    assert [event.date.sort_key for event in events if event.iri == name] == ["2018-05"]
