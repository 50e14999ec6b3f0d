"""Rows of tables, read from small graphs."""

from datetime import date
from decimal import Decimal

from pyoxigraph import RdfFormat, parse

from graph.query.store import ReleaseStore
from graph.read.entities import Entities
from graph.tables.cell_text import cell_text
from graph.tables.description import tables
from graph.tables.rows import Cell, read_rows, read_table

PREFIXES = """
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix sosa: <http://www.w3.org/ns/sosa/> .
@prefix uts: <https://w3id.org/utsaga/ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@base <https://w3id.org/utsaga/id/> ."""


def rows(graph: str, table: str) -> list[dict[str, Cell]]:
    entities = Entities(ReleaseStore.of(parse(PREFIXES + graph, format=RdfFormat.TURTLE)))
    found = read_table(entities, tables()[table])
    names = [field.name for field in tables()[table].fields]
    return [dict(zip(names, row, strict=True)) for row in found]


def test_values_have_the_types_of_their_columns() -> None:
    graph = """<organisation/a> a uts:Municipality ; rdfs:label "A"@sv ; uts:population 12 ; geo:lat 57.70 ;
        uts:municipalityCode "0114" ; uts:internetDomain "b.se", "a.se" ."""
    (row,) = rows(graph, "organisation")
    assert (row["population"], row["latitude"], row["municipalityCode"]) == (12, Decimal("57.70"), "0114")
    assert row["domain"] == ("a.se", "b.se")
    assert (row["county"], row["county_label_sv"], row["statements"]) == (None, None, 0)


def test_a_name_stands_for_the_one_that_another_language_lacks() -> None:
    graph = """<adoption/x> a uts:Adoption ; uts:adopter <organisation/a> ; uts:product <product/p> .
        <organisation/a> rdfs:label "Åby kommun"@sv . <product/p> rdfs:label "Cloud"@en ."""
    (row,) = rows(graph, "adoption")
    assert (row["organisation_label_sv"], row["organisation_label_en"]) == ("Åby kommun", "Åby kommun")
    assert (row["product_label_sv"], row["product_label_en"]) == ("Cloud", "Cloud")


def test_a_date_is_as_exact_as_its_source() -> None:
    graph = """<adoption/x> a uts:Adoption ; uts:asOf "2019"^^xsd:gYear ;
        uts:validFrom "2018-03"^^xsd:gYearMonth ; uts:lastConfirmed "2019-12-31"^^xsd:date ."""
    (row,) = rows(graph, "adoption")
    assert (row["asOf"], row["validFrom"]) == ("2019", "2018-03")
    assert row["lastConfirmed"] == date(2019, 12, 31)


def test_a_measurement_is_the_latest() -> None:
    graph = """<organisation/a> a uts:Municipality ; rdfs:label "A"@sv .
        <observation/x-2024> a uts:Observation ; sosa:hasFeatureOfInterest <organisation/a> ;
          uts:mailProvider "google" ; uts:asOf "2024-05-01"^^xsd:date .
        <observation/y-2026> a uts:Observation ; sosa:hasFeatureOfInterest <organisation/a> ;
          uts:mailProvider "microsoft" ; uts:asOf "2026-05-01"^^xsd:date .
        <observation/z-2025> a uts:Observation ; sosa:hasFeatureOfInterest <organisation/a> ;
          uts:mailProvider "local" ; uts:asOf "2025-05-01"^^xsd:date ."""
    (row,) = rows(graph, "organisation")
    assert (row["mailProvider"], row["mailProviderAsOf"]) == ("microsoft", "2026-05-01")


def test_a_value_is_a_number_or_a_day() -> None:
    graph = """<statement/s> uts:quantity <statement/s#a>, <statement/s#b> .
        <statement/s#a> a uts:Quantity ; uts:quantityValue 12.5 .
        <statement/s#b> a uts:Quantity ; uts:quantityValue "2021-04-30"^^xsd:date ."""
    first, second = rows(graph, "quantity")
    assert (first["value"], first["valueDate"]) == (Decimal("12.5"), None)
    assert (second["value"], second["valueDate"]) == (None, date(2021, 4, 30))
    assert first["statement"] == ("https://w3id.org/utsaga/id/statement/s",)


def test_nothing_is_lost_of_data_that_break_the_rules() -> None:
    graph = """<organisation/a> a uts:Municipality ; rdfs:label "A"@sv ; uts:population "många", 12 ."""
    (row,) = rows(graph, "organisation")
    assert isinstance(row["population"], tuple)
    assert set(row["population"]) == {"många", 12}
    assert cell_text(row["population"]) == "12 | många"


def test_counts_may_be_those_of_a_time() -> None:
    entities = Entities(ReleaseStore.of(parse("", format=RdfFormat.TURTLE)))
    name = "https://w3id.org/utsaga/id/person/x"
    (row,) = read_rows(entities, tables()["person"], [name], lambda name, property_: 7)
    assert row[-1] == 7


def test_text_of_cells() -> None:
    assert cell_text(None) == cell_text(()) == ""
    assert cell_text(("a | b", "c")) == "a / b | c"
    assert cell_text("a | b") == "a | b"
    assert cell_text(True) == "true"
    assert cell_text(Decimal("1E+3")) == "1000"
    assert cell_text(date(2020, 1, 2)) == "2020-01-02"
