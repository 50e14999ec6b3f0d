"""The page about the site: its numbers come from the data, its names from the settings."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.core.settings import DEFAULTS
from graph.statistics.source_counts import count_sources
from web.app import create_app
from web.html.app_state import AppState


def test_numbers_are_those_of_the_data(reader: FlaskClient) -> None:
    state = reader.application.extensions["utsaga"]
    sources = count_sources(state.entities)
    assert sources.total > sources.texts > sources.read > 0
    assert sources.unread == sources.texts - sources.read
    text = reader.get("/about?lang=en").text
    statements = len(state.entities.index.of_kind("statement"))
    assert f"{statements} statements from {sources.total} sources" in text
    assert (
        f"Of {sources.texts} texts (articles, decisions, reports) we have had and read {sources.read}" in text
    )
    assert f"{sources.unread} texts we have not had as a whole" in text


@pytest.mark.parametrize(
    ("basis", "said", "unsaid"),
    [
        ("journalism", "journalistic purposes", "Article 6"),
        ("legitimate-interest", "Article 6(1)(f)", "journalistic"),
        ("", "Two may apply", "according to those who run the site"),
    ],
)
def test_the_operator_and_the_legal_basis_are_settings(
    sample: InProcess, basis: str, said: str, unsaid: str
) -> None:
    settings = replace(DEFAULTS, operator="The <Desk>", legal_basis=basis, contact="https://desk.example/us")
    client = create_app(AppState.of(sample, settings=settings)).test_client()
    text = client.get("/about?lang=en").text
    assert "The site is run by The &lt;Desk&gt;" in text
    assert '<a href="https://desk.example/us" rel="external">desk.example/us</a>' in text
    assert said in text
    assert unsaid not in text


def test_nobody_is_named_without_a_setting(pages: FlaskClient) -> None:
    text = pages.get("/about").text
    assert "har inte angett sitt namn" in text
    assert "Ingen kontaktadress är angiven" in text
    assert "mailto:" not in text


def test_the_swedish_address_redirects(pages: FlaskClient) -> None:
    answer = pages.get("/om")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/about")


@pytest.mark.parametrize("path", ["/", "/law/osl", "/nothing"])
def test_every_page_leads_there(pages: FlaskClient, path: str) -> None:
    assert 'href="/about"' in pages.get(path).text
