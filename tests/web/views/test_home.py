"""Tests of the home page, and of the links that entities are reached by from it."""

import re
from html import unescape
from typing import NoReturn, cast

import pytest
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.core.errors import Unavailable
from graph.core.site import SITE
from graph.release.release import Release
from web.app import create_app
from web.html.app_state import AppState
from web.sparql import question_box

CLICKS = 3


def test_summary_of_adoption(pages: FlaskClient) -> None:
    text = pages.get("/").text
    assert "Molnet" in text
    assert '<span class="status halted">' in text
    assert text.index("Bara på svenska") < text.index("Åby stoppar Molnet.")
    assert 'href="/queries/adoption-status"' in text
    assert 'href="/query"' in text


def test_every_entity_of_the_article_is_within_three_clicks(release: Release) -> None:
    store = InProcess.open(release.store)
    client = create_app(AppState.of(store, release=release.manifest)).test_client()
    rows = store.select(
        """SELECT DISTINCT ?entity WHERE {
          GRAPH <https://w3id.org/utsaga/graph/source/ny-teknik-office-365> { ?entity a ?class }
          FILTER REGEX(STR(?entity), "/id/(organisation|person|product|law)/[^#]*$") }"""
    )
    wanted = {row["entity"].value.removeprefix("https://w3id.org/utsaga/id") for row in rows}
    assert len(wanted) > 25
    reached = level = {"/"}
    for _ in range(CLICKS):
        texts = [client.get(path, headers={"Accept": "text/html"}).text for path in level]
        links = {
            unescape(link).partition("#")[0]
            for text in texts
            for link in re.findall(r'href="(/[^"]*)"', text)
        }
        level = {link for link in links - reached if not re.search(r"lang=|\.\w+$|/resource|\?", link)}
        reached |= level
        if wanted <= reached:
            return
    assert wanted - reached == set()


def test_favicon(pages: FlaskClient) -> None:
    answer = pages.get("/favicon.ico", buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")


def test_summary_shows_the_latest_adoption_of_each_organisation(reader: FlaskClient) -> None:
    text = reader.get("/").text
    rows = re.findall(r'<th scope="row"><a href="(/organisation/[^"?]+)', text)
    assert "/organisation/goteborgs-kommun" in rows
    assert len(rows) == len(set(rows))


def test_story_of_a_stop_comes_from_the_data(reader: FlaskClient) -> None:
    text = reader.get("/").text
    stories = re.findall(r'<article class="story">(.*?)</article>', text, re.DOTALL)
    stop = next(each for each in stories if "/adoption/goteborgs-kommun-office-365-2017" in each)
    headline = re.sub("<[^>]+>", "", stop[stop.index("<h3>") : stop.index("</h3>")])
    assert headline == (
        "Göteborgs kommun pausade införandet av Office 365 i oktober 2017, "
        "och återupptog det i november 2017."
    )
    assert "/assessment/goteborgs-kommun-office-365-osl-2017" in stop, "why"
    assert "/organisation/malmo-kommun" in stop, "who used it at the time"
    opposite = stop[stop.index("Såg inget hinder") :]
    assert "/assessment/region-stockholm-office-365-osl-2017" in opposite
    assert "imy-office-365-pul-2014" not in opposite, "another law is another question"


def test_share_of_mail_is_that_of_the_stored_query(reader: FlaskClient) -> None:
    rows = reader.get("/queries/american-mail.csv").text.split()
    municipalities = next(row.split(",") for row in rows if "#Municipality" in row)
    count, total = municipalities[2], municipalities[1]
    assert int(count) > 200
    assert f"<b>{count} av {total} kommuner</b>" in reader.get("/").text


def test_newest_statements_are_those_of_the_list(reader: FlaskClient) -> None:
    home, listed = (
        re.findall(r'href="(/statement/[a-z0-9-]+)"', text)
        for text in (reader.get("/").text, reader.get("/statement").text)
    )
    assert home[:5] == listed[:5]


def test_without_our_data_there_is_no_story() -> None:
    text = create_app(AppState.of(InProcess.of([]))).test_client().get("/?lang=en").text
    assert 'class="story"' not in text
    assert 'class="key-figure"' not in text
    assert 'href="/timeline' in text


def test_the_front_page_has_the_first_rows_of_the_query_that_the_site_shows(
    pages: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = re.compile(
        r'href="/queries/adoption-status[^"]*">The whole answer \([0-9]+ rows?\)</a></h2>(.*?)</section>',
        re.S,
    )
    assert not whole.search(pages.get("/?lang=en").text)
    monkeypatch.setitem(cast(dict[str, str], SITE.home), "query", "adoption-status")
    found = whole.search(pages.get("/?lang=en").text)
    assert found
    assert 1 < found[1].count("<tr>") <= 1 + 5  # the head, and the first rows
    assert 'href="/product/molnet' in found[1]


def test_a_query_that_fails_leaves_nothing_on_the_front_page(
    pages: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> NoReturn:
        raise Unavailable("too slow", rule="UTSAGA_SECONDS")

    monkeypatch.setitem(cast(dict[str, str], SITE.home), "query", "law-in-force")
    monkeypatch.setattr(question_box, "read_rows", fail)
    answer = pages.get("/?lang=en")
    assert answer.status_code == 200
    assert "The whole answer" not in answer.text
    assert answer.cache_control.no_store
