"""The answer to a question in words, on the page of the search and in its JSON."""

import re
from collections.abc import Callable
from unittest.mock import patch

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.core.errors import Unavailable
from graph.core.namespaces import CODE, ID, UTS
from graph.release.release import Release
from web.html.app_state import AppState, app_state
from web.sparql import question_box

STOPPED = "/search?q=vilka kommuner har stoppat Office 365"


@pytest.fixture
def box(reader: FlaskClient) -> Callable[[str], str]:
    """What returns the box on the page of a search, as HTML; "" if there is none."""

    def read(path: str) -> str:
        text = reader.get(path).get_data(as_text=True)
        found = re.search(r'<section class="question-box".*?</section>', text, re.DOTALL)
        return found[0] if found else ""

    return read


def test_json_has_the_query_with_its_parameters(reader: FlaskClient, release: Release) -> None:
    answer = reader.get(STOPPED, headers={"Accept": "application/json"}).get_json()["answer"]
    assert answer["query"] == "adoption-status"
    assert answer["parameters"] == {
        "product": ID + "product/office-365",
        "status": CODE + "adoption-status/paused",
        "bodyType": UTS + "Municipality",
    }
    assert answer["title"].keys() == {"sv", "en"}
    assert answer["release"] == release.manifest.id
    rows = reader.get(answer["url"].replace("adoption-status?", "adoption-status.json?")).get_json()
    assert answer["rows"] == len(rows["results"]["bindings"]) > 0
    assert {row["organisation"]["value"] for row in rows["results"]["bindings"]} == {
        ID + "organisation/goteborgs-kommun"
    }


@pytest.mark.parametrize("query", ["Malmö", "Är Office 365 säkert?", "Vad säger Uppsala om Office 365?"])
def test_json_has_no_answer_to_other_words(reader: FlaskClient, query: str) -> None:
    found = reader.get("/search.json", query_string={"q": query}).get_json()
    assert found["answer"] is None


def test_page_has_title_entities_first_rows_and_a_link_to_all(
    box: Callable[[str], str], reader: FlaskClient
) -> None:
    text = box("/search?q=vad säger Malmö om Office 365")
    assert "Vad har varje organisation sagt, och genom vem?" in text
    assert 'href="/organisation/malmo-kommun"' in text
    assert 'href="/product/office-365"' in text
    assert len(re.findall("<tr>", text)) == 1 + 5
    assert "Patrik Kron" in text
    assert "textEn" not in text
    (path,) = re.findall(r'href="(/queries/[^"]+)"', text)
    assert "Hela svaret (6 rader)" in text
    whole = reader.get(path.replace("&amp;", "&")).get_data(as_text=True)
    assert "6 rader" in whole


def test_page_in_english_has_texts_in_english(box: Callable[[str], str]) -> None:
    text = box("/search?lang=en&q=what does Malmö say about Office 365")
    assert "What has each organisation said" in text
    assert "Malmö may need to" in text
    assert "Malmö kan behöva" not in text


def test_what_the_question_gives_is_not_repeated_in_the_table(box: Callable[[str], str]) -> None:
    text = box("/search?lang=en&q=who assessed Teams under GDPR")
    assert text.count('href="/law/gdpr?lang=en"') == 1
    assert "<th" in text
    assert ">Law</th>" not in text


def test_a_statement_is_told_once_first_and_as_a_link(box: Callable[[str], str]) -> None:
    text = box("/search?q=varför stoppade Göteborg Office 365")
    assert "Varför har organisationer stoppat" in text
    headings = re.findall(r"<th [^>]*>\s*(.*?)\s*</th>", text, re.DOTALL)
    assert headings[0] == "Utsaga"
    assert "Text" not in headings
    assert text.count("riskerar enligt Göteborgs stadsjurister") == 1
    assert 'href="/statement/' in text


def test_short_codes_are_in_words(box: Callable[[str], str]) -> None:
    assert "<bdi>microsoft</bdi>" not in box("/search?q=vilken mejltjänst använder Kiruna kommun")
    text = box("/search?q=hur många kommuner har microsoft som e-postleverantör")
    assert "</b> Microsoft</li>" in text
    assert ">258<" in text
    assert '<th scope="col" class="number">Antal organisationer</th>' in text


def test_an_answer_without_rows_says_so(box: Callable[[str], str]) -> None:
    text = box("/search?q=vilka regioner har stoppat Office 365")
    assert "Grafen har ingen uppgift om det" in text
    assert "<table" not in text
    assert "/queries/adoption-status?" in text


def test_an_ambiguous_name_is_a_choice_of_questions(box: Callable[[str], str]) -> None:
    text = box("/search?q=Vad säger Uppsala om Office 365?")
    assert "“Uppsala” kan betyda" in text
    paths = re.findall(r'href="(/search[^"]+)"', text)
    answers = [box(path.replace("&amp;", "&")) for path in paths]
    assert len(answers) == 2
    for answer, slug in zip(answers, ("region-uppsala", "uppsala-kommun"), strict=True):
        assert f'href="/organisation/{slug}"' in answer


def test_without_a_tested_question_the_page_says_so_and_shows_matches(
    box: Callable[[str], str], reader: FlaskClient
) -> None:
    path = "/search?q=Är Office 365 säkert?"
    text = box(path)
    assert "Ingen färdig fråga svarar" in text
    assert "Sökträffarna" in text
    assert 'href="/queries"' in text
    assert '<ol class="search-results"' in reader.get(path).get_data(as_text=True)
    assert "Sökträffarna" not in box("/search?q=Xyzzyx qwertyx?")


@pytest.mark.parametrize("path", ["/search?q=Malmö", "/search?q=Office 365", "/search", f"{STOPPED}&page=2"])
def test_other_searches_have_no_box(box: Callable[[str], str], path: str) -> None:
    assert box(path) == ""


def test_a_question_without_an_answer_leads_to_the_builder(box: Callable[[str], str]) -> None:
    assert 'href="/build?lang=en"' in box("/search?lang=en&q=Is Office 365 safe to use?")


def test_hostile_words_are_escaped(box: Callable[[str], str], reader: FlaskClient) -> None:
    text = reader.get("/search", query_string={"q": "vad säger <script>alert(1)</script> om Uppsala?"})
    assert "<script>alert" not in text.get_data(as_text=True)
    assert "<b>" not in box("/search?q=Vad säger Uppsala om <b>Office 365?")


def test_a_query_that_fails_leaves_the_search_as_it_is(reader: FlaskClient) -> None:
    with patch.object(question_box, "read_rows", side_effect=Unavailable("busy")):
        page = reader.get(STOPPED)
        found = reader.get(STOPPED, headers={"Accept": "application/json"})
    assert "kunde inte hämtas" in page.get_data(as_text=True)
    assert '<ol class="search-results"' in page.get_data(as_text=True)
    assert (found.get_json()["answer"]["query"], found.get_json()["answer"]["rows"]) == (
        "adoption-status",
        None,
    )
    for response in (page, found):
        assert response.status_code == 200
        assert response.cache_control.no_store
        assert "ETag" not in response.headers


def test_other_data_are_asked_by_their_own_names(pages: FlaskClient) -> None:
    answer = pages.get("/search.json?q=vad säger Åby kommun?").get_json()["answer"]
    assert (answer["query"], answer["parameters"]) == (
        "statements-by-organisation",
        {"organisation": ID + "organisation/aby-kommun"},
    )
    assert pages.get("/search.json?q=vad säger Malmö kommun?").get_json()["answer"] is None
    title = pages.get("/search.json?q=Vilka lagar åberopas, av vem?").get_json()["answer"]
    assert (title["query"], title["parameters"]) == ("laws-cited", {})


def test_the_finder_is_made_once(release_app: Flask) -> None:
    with release_app.test_request_context("/search"):
        state: AppState = app_state()
        assert state.question_finder is state.question_finder
