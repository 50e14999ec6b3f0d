"""Tests of search as a page and as JSON, of suggestions, and of the search box."""

import json
import re
import urllib.request
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from graph.backends.in_process import InProcess
from graph.build.store_writer import load
from graph.release.release import Manifest
from graph.search import writer
from graph.search.text_index import TextIndex
from web.app import create_app
from web.html.app_state import AppState


def hits(text: str) -> list[str]:
    return re.findall(r'<h2[^>]*>\s*<a href="([^"?]+)', text)


def test_former_name_finds_the_municipality_and_shows_the_match(pages: FlaskClient) -> None:
    text = pages.get("/search?q=Åby köping").get_data(as_text=True)
    assert hits(text) == ["/organisation/aby-kommun"]
    assert "Tidigare namn: <bdi><mark>Åby köping</mark></bdi>" in text
    assert "1 träff" in text
    english = pages.get("/search?q=Åby köping&lang=en").get_data(as_text=True)
    assert 'Former name: <bdi lang="sv"><mark>Åby köping</mark></bdi>' in english


def test_match_in_another_language_has_its_lang_attribute(pages: FlaskClient) -> None:
    text = pages.get("/search?q=Åby municipality").get_data(as_text=True)
    assert '<bdi lang="en"><mark>Åby Municipality</mark></bdi>' in text


def test_hostile_query_is_escaped(pages: FlaskClient) -> None:
    text = pages.get("/search?q=<script> alert").get_data(as_text=True)
    assert "<script>alert" not in text
    assert "&lt;<mark>script</mark>&gt;<mark>alert</mark>(&#39;x&#39;)" in text
    assert 'value="&lt;script&gt; alert"' in text
    assert "<b>" not in pages.get("/search?q=svenska").get_data(as_text=True)


def test_kinds_filter_and_are_counted(pages: FlaskClient) -> None:
    text = pages.get("/search?q=molnet").get_data(as_text=True)
    counts = dict(re.findall(r'kind=([a-z]+)"[^>]*>[^<]*</a>\s+<span class="badge">(\d+)', text))
    assert len(counts) > 1
    for kind, count in counts.items():
        narrowed = pages.get(f"/search?q=molnet&kind={kind}").get_data(as_text=True)
        assert len(hits(narrowed)) == int(count)
        assert 'aria-current="true"' in narrowed


def test_statements_show_speaker_and_source(pages: FlaskClient) -> None:
    text = pages.get("/search?q=inget hinder&kind=statement").get_data(as_text=True)
    assert hits(text) == ["/statement/bladet-2017-oby-ok"]
    assert "Öbys jurister" in text
    assert "/source/bladet-2017" in text


# The searches of the review of the pages, and what must come first.
REVIEWED: Final = [
    ("office365", "/product/office-365"),
    ("O365", "/product/office-365"),
    ("SLL", "/organisation/region-stockholm"),
    ("Datainspektionen", "/organisation/imy"),
    ("Gotebrog", "/organisation/goteborgs-kommun"),
    ("Götebrg", "/organisation/goteborgs-kommun"),
    ("Goteburg", "/organisation/goteborgs-kommun"),
    ("Stokholm", "/organisation/stockholms-kommun"),
    ("Norbotten", "/organisation/region-norrbotten"),
    ("Uppsla", "/organisation/uppsala-kommun"),
    ("Gafle", "/organisation/gavle-kommun"),
    ("Stockholms stad", "/organisation/stockholms-kommun"),
    ("jurist Uppsala", "/person/anne-nilsson-region-uppsala"),
    ("it-chef Malmö", "/person/patrik-kron-malmo-kommun"),
    ("Göteborgs stad", "/organisation/goteborgs-kommun"),
    ("Malmo stad", "/organisation/malmo-kommun"),
    ("kirunna", "/organisation/kiruna-kommun"),
    ("Upplands bro", "/organisation/upplands-bro-kommun"),
    ("Stockholms läns landsting", "/organisation/region-stockholm"),
    ("Landstinget i Kalmar län", "/organisation/region-kalmar-lan"),
    ("VGR", "/organisation/vastra-gotalandsregionen"),
    ("1480", "/organisation/goteborgs-kommun"),
    ("212000-1355", "/organisation/goteborgs-kommun"),
    ("sekretesslagen", "/law/osl"),
]


@pytest.mark.parametrize(("typed", "first"), REVIEWED)
def test_what_readers_look_for_comes_first(reader: FlaskClient, typed: str, first: str) -> None:
    assert hits(reader.get("/search", query_string={"q": typed}).text)[0] == first


@pytest.mark.parametrize(
    ("typed", "among"),
    [
        ("Kalmr", "/organisation/kalmar-kommun"),
        ("RJL", "/organisation/region-jonkopings-lan"),
        ("vem stoppade Office 365", "/statement/ny-teknik-office-365-goteborg-stopp"),
        ("moln", "/product/molntjanster"),
    ],
)
def test_what_readers_look_for_is_on_the_first_page(reader: FlaskClient, typed: str, among: str) -> None:
    assert among in hits(reader.get("/search", query_string={"q": typed}).text)


def test_a_misspelt_search_says_what_was_probably_meant(reader: FlaskClient) -> None:
    text = reader.get("/search?q=Gotebrog&kind=organisation").text
    assert re.search(
        r'Menade du\s+<a href="/search\?q=G%C3%B6teborg&amp;kind=organisation">Göteborg</a>\?', text
    )
    assert re.search(r"Did you mean\s+<a[^>]+>Göteborg</a>\?", reader.get("/search?q=Gotebrog&lang=en").text)
    found = reader.get("/search.json?q=Gotebrog").get_json()
    assert (found["query"], found["how"], found["suggestion"]) == ("Gotebrog", "spelling", "Göteborg")
    assert reader.get("/search.json?q=Göteborg").get_json()["suggestion"] is None
    assert "Menade du" not in reader.get("/search?q=Göteborg").text
    assert reader.get("/search.json?q=xqzw").get_json()["suggestion"] is None


def test_adoptions_show_their_status(reader: FlaskClient) -> None:
    text = reader.get("/search?q=Göteborg Office 365&kind=adoption").text
    found = reader.get("/search.json?q=Göteborg Office 365&kind=adoption").get_json()["hits"]
    statuses = {hit["status"]["labels"]["sv"] for hit in found}
    assert len(statuses) > 1
    assert all(f"><bdi>{status}</bdi></a></span>" in text for status in statuses)
    assert all("status" not in hit for hit in reader.get("/search.json?q=OSL&kind=law").get_json()["hits"])


def test_empty_query_shows_help_and_examples(pages: FlaskClient) -> None:
    text = pages.get("/search").get_data(as_text=True)
    assert "Ord inom citattecken" in text
    for example in re.findall(r'href="(/search\?q=[^"]+)"', text):
        assert pages.get(example.replace("&amp;", "&")).status_code == 200


def test_no_matches(pages: FlaskClient) -> None:
    answer = pages.get("/search?q=xyzzy")
    assert answer.status_code == 200
    assert "Vi hittar inget som stämmer" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "arguments",
    [
        "q=%3F%21",
        "q=" + "a" * 10_000,
        "q=" + "a+" * 30,
        "q=moln&kind=planet",
        "q=moln&sort=price",
        "q=%00",
    ],
)
def test_faulty_arguments_are_refused_with_a_problem(pages: FlaskClient, arguments: str) -> None:
    answer = pages.get(f"/search.json?{arguments}", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert answer.get_json()["faults"][0]["remedy"]
    assert pages.get(f"/search?{arguments}").status_code == 400


@pytest.mark.parametrize("number", ["0", "2", "x", "99999999999", "-1"])
def test_page_out_of_range_is_not_found(pages: FlaskClient, number: str) -> None:
    assert pages.get(f"/search?q=molnet&page={number}").status_code == 404


def test_json_marks_every_match(pages: FlaskClient) -> None:
    found = pages.get("/search?q=köping", headers={"Accept": "application/json"})
    assert found.vary.as_set() >= {"accept"}
    assert found.get_json() == pages.get("/search.json?q=köping").get_json()
    (hit,) = found.get_json()["hits"]
    assert hit["id"] == "https://w3id.org/utsaga/id/organisation/aby-kommun"
    assert hit["url"] == "/organisation/aby-kommun"
    assert hit["labels"] == {"sv": "Åby kommun", "en": "Åby Municipality"}
    assert hit["matches"][0] == {
        "field": "former",
        "property": "https://w3id.org/utsaga/ns#formerName",
        "language": "sv",
        "value": "Åby köping",
        "marked": "Åby <mark>köping</mark>",
    }


def test_suggestions_have_urls_and_matches(pages: FlaskClient) -> None:
    (found,) = pages.get("/suggest?prefix=åby kö").get_json()["suggestions"]
    assert found["url"] == "/organisation/aby-kommun"
    assert found["kindLabels"] == {"sv": "Organisation", "en": "Organisation"}
    (match,) = found["matches"]
    assert (match["value"], match["fieldLabels"]["en"]) == ("Åby köping", "Former name")
    assert pages.get("/suggest?prefix=aby&kind=product").get_json() == {"suggestions": []}
    assert len(pages.get("/suggest.json?prefix=o&limit=1").get_json()["suggestions"]) == 1


def test_a_name_that_no_name_begins_with_is_completed_too(reader: FlaskClient) -> None:
    for typed, url in (
        ("Solna stad", "/organisation/solna-kommun"),
        ("Stokholm", "/organisation/stockholms-kommun"),
    ):
        found = reader.get("/suggest", query_string={"prefix": typed, "kind": "organisation"}).get_json()
        assert url in {each["url"] for each in found["suggestions"]}, typed
    assert reader.get("/suggest?prefix=Solna stad&kind=product").get_json() == {"suggestions": []}


@pytest.mark.parametrize(
    "arguments",
    ["limit=0", "limit=51", "limit=x", "limit=" + "9" * 5000, "limit=000000001" + "9" * 5000, "kind=planet"],
)
def test_faulty_suggestion_arguments_are_refused(pages: FlaskClient, arguments: str) -> None:
    assert pages.get(f"/suggest?prefix=a&{arguments}").status_code == 400


def test_dangerous_iris_link_to_local_pages(tmp_path: Path) -> None:
    data = tmp_path / "store"
    turtle = b'<javascript:alert(1)> <http://www.w3.org/2000/01/rdf-schema#label> "farlig" .'
    load(data, parse(turtle, format=RdfFormat.TURTLE))
    writer.write_text_index(tmp_path / writer.INDEX_FOLDER, data)
    client = create_app(
        AppState.of(InProcess.open(data), text_index=TextIndex.open_beside(data))
    ).test_client()
    text = client.get("/search?q=farlig", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert hits(text) == ["/resource"]
    assert client.get("/suggest?prefix=farl").get_json()["suggestions"][0]["url"].startswith("/resource?iri=")


def test_search_works_when_files_are_served(
    serving: Callable[..., AbstractContextManager[str]], tmp_path: Path
) -> None:
    file = str(Path(__file__).parents[1].joinpath("sample.ttl"))
    with (
        serving(tmp_path / "none", file) as address,
        urllib.request.urlopen(f"{address}/search.json?q=koping") as answer,  # noqa: S310 (the loopback address)
    ):
        assert [hit["url"] for hit in json.load(answer)["hits"]] == ["/organisation/aby-kommun"]


def test_responses_have_validators_of_the_release(pages: FlaskClient) -> None:
    for path in ("/search?q=molnet", "/search.json?q=molnet", "/suggest?prefix=mol"):
        assert pages.get(path).headers["ETag"] == pages.get(path).headers["ETag"]


def test_every_page_has_one_search_box_that_keeps_the_language(pages: FlaskClient) -> None:
    for path in ("/", "/search", "/search?q=molnet", "/organisation/aby-kommun", "/law", "/nowhere"):
        text = pages.get(f"{path}{'&' if '?' in path else '?'}lang=en").get_data(as_text=True)
        assert text.count('role="search"') == 1, path
        assert '<input type="hidden" name="lang" value="en">' in text
        assert 'src="/static/search.js"' in text


def test_without_an_index_search_is_unavailable(sample: InProcess) -> None:
    client = create_app(
        AppState.of(sample, release=Manifest("a" * 12, "d" * 64, "2026-11-24T09:00:00+00:00", 1))
    ).test_client()
    text = client.get("/", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert 'role="search"' not in text
    assert "search.js" not in text
    for path in ("/search?q=moln", "/search", "/search.json?q=moln", "/suggest?prefix=mo"):
        answer = client.get(path, headers={"Accept": "application/json"})
        assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
        assert "no text index" in answer.get_json()["detail"]
