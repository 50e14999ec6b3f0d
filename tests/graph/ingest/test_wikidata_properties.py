"""What is accepted of Wikidata's values, whatever they are."""

import pytest

from graph.core.namespaces import RDFS, UTS, WD, XSD
from graph.core.terms import Coordinates, Term, iri, text
from graph.ingest.wikidata_properties import (
    COAT_OF_ARMS,
    COORDINATES,
    COUNT,
    COUNTED,
    COUNTED_AT,
    HEAD_OFFICE,
    OFFICIAL_SITE,
    POPULATION,
    WKT,
    fits,
    point,
)


def typed(value: str, datatype: str) -> Term:
    return Term(value, "literal", datatype=XSD + datatype if "/" not in datatype else datatype)


GOOD = [
    (POPULATION, typed("0", "integer")),
    (POPULATION, typed("604616", "integer")),
    (COUNT, iri(WD + "statement/q52502-1A2B-c")),
    (COUNTED, typed("604616", "integer")),
    (COUNTED_AT, typed("2024-12-31", "date")),
    (COUNTED_AT, typed("2024-12", "gYearMonth")),
    (COUNTED_AT, typed("2024", "gYear")),
    (COORDINATES, typed("Point(13.0358 55.6058)", WKT)),
    (COORDINATES, typed("Point(-180 -90)", WKT)),
    (COAT_OF_ARMS, iri("http://commons.wikimedia.org/wiki/Special:FilePath/Malm%C3%B6.svg")),
    (OFFICIAL_SITE, iri("https://malmö.se/å?a=b#c")),
    (HEAD_OFFICE, iri(WD + "Q25287")),
    (RDFS + "label", text("Göteborg", "sv")),
    (RDFS + "label", text("<b>Gothenburg</b>", "en")),
]
BAD = [
    (POPULATION, typed("-1", "integer")),
    (POPULATION, typed("1.5", "integer")),
    (POPULATION, typed("1" * 13, "integer")),
    (POPULATION, typed("600", "decimal")),
    (POPULATION, iri(WD + "Q1")),
    (COUNT, iri("http://www.wikidata.org/.well-known/genid/1")),
    (COUNT, iri(WD + "statement/a b")),
    (COUNTED_AT, typed("2024-12-31T00:00:00Z", "dateTime")),
    (COUNTED_AT, typed("2024-13-01", "date")),
    (COUNTED_AT, typed("2024", "date")),
    (COUNTED_AT, typed("-044", "gYear")),
    (COORDINATES, typed("<http://www.wikidata.org/entity/Q405> Point(1 2)", WKT)),
    (COORDINATES, typed("Point(181 0)", WKT)),
    (COORDINATES, typed("Point(0 91)", WKT)),
    (COORDINATES, typed("Point(１３ 55)", WKT)),
    (COORDINATES, typed("POLYGON((0 0,1 1,0 1,0 0))", WKT)),
    (COORDINATES, text("Point(1 2)")),
    (COAT_OF_ARMS, iri("javascript:alert(1)")),
    (COAT_OF_ARMS, iri("data:image/svg+xml,<svg onload=alert(1)>")),
    (COAT_OF_ARMS, text("https://example.org/a.svg")),
    (OFFICIAL_SITE, iri("JavaScript:alert(1)")),
    (OFFICIAL_SITE, iri("ftp://malmo.se/")),
    (OFFICIAL_SITE, iri("https:///malmo.se")),
    (OFFICIAL_SITE, iri("https://malmo.se:99999/")),
    (OFFICIAL_SITE, iri("https://user:secret@malmo.se/")),
    (OFFICIAL_SITE, iri("https://malmo.se@evil.example/")),
    (OFFICIAL_SITE, iri('https://malmo.se/"onmouseover="x')),
    (OFFICIAL_SITE, iri("https://malmo.se/\u202egpj.exe")),
    (OFFICIAL_SITE, iri("https://malmo.se/a b")),
    (OFFICIAL_SITE, iri("https://malmo.se/" + "a" * 2000)),
    (HEAD_OFFICE, iri("http://www.wikidata.org/.well-known/genid/abc")),
    (HEAD_OFFICE, iri(WD + "Q1> <x")),
    (HEAD_OFFICE, Term("b0", "blank")),
    (RDFS + "label", text("Мальмё", "ru")),
    (RDFS + "label", text("", "sv")),
    (RDFS + "label", text("a\x1b[2J", "sv")),
    (UTS + "population", typed("604616", "integer")),
]


@pytest.mark.parametrize(("property_", "value"), GOOD)
def test_a_good_value_is_believed(property_: str, value: Term) -> None:
    assert fits(property_, value)


@pytest.mark.parametrize(("property_", "value"), BAD)
def test_any_other_is_not(property_: str, value: Term) -> None:
    assert not fits(property_, value)


def test_a_point_is_north_before_east() -> None:
    assert point(typed("Point(13.5 55.25)", WKT)) == Coordinates(latitude=55.25, longitude=13.5)
