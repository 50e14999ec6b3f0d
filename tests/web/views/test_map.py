"""Tests of the map, its table and CSV, and of the locator map."""

import csv
import io
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from graph.backends.in_process import InProcess
from sweden.map_page import locator_map
from sweden.map_rows import PATTERNS
from web.app import create_app
from web.html.app_state import AppState


def areas(text: str) -> list[tuple[str, str, str]]:
    """Return the municipality, the title and the pattern of each area on the map."""
    found = re.findall(
        r'<a href="/organisation/([a-z-]+)"[^>]*>\s*<title>([^<]*)</title>'
        r'\s*<path class="area" fill="url\(#pattern-([a-z0-9-]+)\)" d="M[^"]+"/></a>',
        text,
    )
    return [(slug, title, pattern) for slug, title, pattern in found]


def rows(text: str) -> list[str]:
    return re.findall(r'<tr data-code="\d{4}"><th scope="row"><a href="/organisation/([a-z-]+)"', text)


def test_all_290_municipalities_are_links_on_the_map_and_rows_in_the_table(reader: FlaskClient) -> None:
    text = reader.get("/map").text
    assert len({slug for slug, _, _ in areas(text)}) == 290
    assert sorted(rows(text)) == sorted(slug for slug, _, _ in areas(text))
    assert ("malmo-kommun", "Malmö kommun: Microsoft", "microsoft") in areas(text)


def test_statuses_and_unknown_municipalities(reader: FlaskClient) -> None:
    text = reader.get("/map?show=adoption&product=office-365").text
    found = {slug: (title, pattern) for slug, title, pattern in areas(text)}
    assert found["goteborgs-kommun"] == ("Göteborgs kommun: används", "in-use")
    assert found["helsingborgs-kommun"] == ("Helsingborgs kommun: används inte", "not-in-use")
    assert found["eda-kommun"] == ("Eda kommun: ingen uppgift", "none")


def test_discussed_product_without_a_status(pages: FlaskClient) -> None:
    text = pages.get("/map?show=adoption&product=molnet").text
    assert text.count("omtalat, status okänd") == 2, "in the legend and for Öby"
    assert text.count('<span class="empty">ingen uppgift</span>') == 1, "Zby"


def test_every_pattern_used_is_defined_and_in_the_legend(reader: FlaskClient) -> None:
    for show in ("mail", "adoption", "statements"):
        text = reader.get(f"/map?show={show}").text
        used = {pattern for _, _, pattern in areas(text)} | {"none"}
        assert set(re.findall(r'<pattern id="pattern-([a-z0-9-]+)"', text)) == used
        legend = text[
            text.index('<ul class="map-legend">') : text.index("</ul>", text.index('<ul class="map-legend">'))
        ]
        assert set(re.findall(r"#pattern-([a-z0-9-]+)\)", legend)) == used
        assert used <= set(PATTERNS)


def test_patterns_of_one_map_differ_without_colour() -> None:
    """Patterns of one map have different lines; only one of them has none."""
    for keys in (
        list(PATTERNS)[:8],
        ["microsoft", "google", "local-isp", "other"],
        ["n1", "n2", "n5", "n10"],
    ):
        assert len({PATTERNS[key] for key in keys}) == len(keys)


def test_county_is_shown_enlarged_and_alone(reader: FlaskClient) -> None:
    text = reader.get("/map?county=gotlands-lan").text
    assert [slug for slug, _, _ in areas(text)] == rows(text) == ["region-gotland"]
    assert 'viewBox="0 0 ' not in text[text.index('<svg class="map"') :]


def test_table_is_filtered_and_sorted_by_links(reader: FlaskClient) -> None:
    google = rows(reader.get("/map?value=google").text)
    assert 0 < len(google) < 20
    assert len(areas(reader.get("/map?value=google").text)) == 290, "the map stays whole"
    by_name, turned = (rows(reader.get(f"/map?sort={sort}").text) for sort in ("name", "-name"))
    assert by_name[-1] == "overtornea-kommun", "Ö comes last in Swedish"
    assert turned == by_name[::-1]
    most = rows(reader.get("/map?show=statements").text)
    assert most[0] == "goteborgs-kommun"
    text = reader.get("/map?show=adoption&sort=county").text
    assert 'aria-sort="ascending"' in text
    assert "sort=-county" in text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("show=nothing", 400),
        ("sort=%3Cb%3E", 400),
        ("county=atlantis", 400),
        ("value=nothing", 400),
        ("show=adoption&product=Not%20a%20slug", 400),
        ("show=adoption&product=no-such-thing", 404),
    ],
)
def test_unknown_arguments_are_refused(reader: FlaskClient, query: str, status: int) -> None:
    for extension in ("", ".csv"):
        answer = reader.get(f"/map{extension}?{query}")
        assert answer.status_code == status
        assert "Traceback" not in answer.text


def test_map_as_csv(reader: FlaskClient) -> None:
    table = list(csv.DictReader(io.StringIO(reader.get("/map.csv?show=adoption&product=office-365").text)))
    assert len(table) == 290
    malmo = next(row for row in table if row["municipality"] == "1280")
    assert malmo == {
        "municipality": "1280",
        "id": "https://w3id.org/utsaga/id/organisation/malmo-kommun",
        "name": "Malmö kommun",
        "county": "https://w3id.org/utsaga/id/place/skane-lan",
        "show": "adoption",
        "product": "https://w3id.org/utsaga/id/product/office-365",
        "value": "https://w3id.org/utsaga/code/adoption-status/in-use",
        "as_of": "2017",
        "evidence": "https://w3id.org/utsaga/id/adoption/malmo-kommun-office-365-2017",
    }
    assert next(row for row in table if row["municipality"] == "1730")["value"] == ""


def test_municipalities_without_a_shape_are_in_the_table_only(pages: FlaskClient) -> None:
    text = pages.get("/map").text
    assert rows(text) == ["zby-kommun", "aby-kommun", "oby-kommun"]
    assert areas(text) == []


def test_a_graph_without_municipalities_has_an_empty_map() -> None:
    client = create_app(AppState.of(InProcess.of([]))).test_client()
    for show in ("mail", "adoption", "statements"):
        answer = client.get(f"/map?show={show}", headers={"Accept": "text/html"})
        assert answer.status_code == 200
        assert rows(answer.text) == []


def test_hostile_provider_is_escaped() -> None:
    text = r"""
    @base <https://w3id.org/utsaga/id/> . @prefix uts: <https://w3id.org/utsaga/ns#> .
    @prefix sosa: <http://www.w3.org/ns/sosa/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    <organisation/a> uts:municipalityCode "1280" ; rdfs:label "<script>alert(1)</script>"@sv .
    <observation/a> sosa:hasFeatureOfInterest <organisation/a> ; uts:mailProvider "\"><script>x</script>" ."""
    store = InProcess.of(parse(text, format=RdfFormat.TURTLE))
    answer = create_app(AppState.of(store)).test_client().get("/map", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<script>x" not in answer.text
    assert "pattern-other" in answer.text


def test_locator_map(release_app: Flask) -> None:
    with release_app.test_request_context("/"):
        municipality = locator_map("1280", 'Malmö "kommun" <b>')
        county = locator_map("12", "Skåne")
        assert locator_map("9999", "nowhere") is None
        assert locator_map("", "nowhere") is None
    assert municipality
    assert county
    assert 'aria-label="Malmö &#34;kommun&#34; &lt;b&gt;"' in municipality
    assert len(municipality) < 4_000
    assert municipality != county


def test_map_has_validators_of_the_release(reader: FlaskClient) -> None:
    assert reader.get("/map").headers["ETag"] == reader.get("/map").headers["ETag"]
