"""Tests of the home page, and of the links that entities are reached by from it."""

import re
from html import unescape

from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.release.releases import Release
from web.app import create_app
from web.html.app_state import AppState

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
