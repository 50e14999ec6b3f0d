"""The documents as pages: each in the menu, every link with an end, in both languages."""

import re
from html.parser import HTMLParser

import pytest
from flask import Flask
from flask.testing import FlaskClient

from web.documentation import documents

NAMES = sorted(documents.names())


class Links(HTMLParser):
    """The addresses that a page links to or shows, and the anchors on it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src"} and tag in {"a", "img"} and value:
                self.addresses.add(value)
            if name == "id" and value:
                self.anchors.add(value)


@pytest.fixture
def published(published_app: Flask) -> FlaskClient:
    """A browser on the built release, with its files, that prefers English."""
    client = published_app.test_client()
    client.environ_base |= {"HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_LANGUAGE": "en"}
    return client


def article(text: str) -> str:
    return text[text.index("<article") : text.index("</article>")]


def test_every_document_is_in_the_menu_once() -> None:
    assert sorted(documents.listed()) == NAMES


@pytest.mark.parametrize("name", ["", *NAMES])
def test_every_link_of_a_document_has_an_end(published: FlaskClient, name: str) -> None:
    page = published.get(f"/docs/{name}".rstrip("/"))
    assert page.status_code == 200
    links = Links(article(page.text))
    for address in sorted(links.addresses):
        path, _, anchor = address.partition("#")
        if "://" in address:
            continue
        there = links if not path else Links(published.get(path, follow_redirects=True).text)
        if path:
            assert published.get(path).status_code in {200, 303}, address
        assert not anchor or anchor in there.anchors, address


def test_the_page_says_in_swedish_that_it_is_in_english(reader: FlaskClient) -> None:
    page = reader.get("/docs/settings").text
    assert '<html lang="sv">' in page
    assert "Dokumentationen är skriven på engelska." in page
    assert '<article class="document" lang="en">' in page
    english = reader.get("/docs/settings?lang=en").text
    assert "Dokumentationen är" not in english
    assert 'href="/docs/evidence?lang=en"' in english


def test_a_document_has_the_menu_with_itself_and_its_headings(reader: FlaskClient) -> None:
    page = reader.get("/docs/operating").text
    assert re.search(r'<a href="/docs/operating" aria-current="page">', page)
    assert '<a href="#behind-a-proxy">Behind a proxy</a>' in page
    assert "<title>Running it – Utsaga</title>" in page


def test_pictures_are_served_and_nothing_else_of_the_folder(reader: FlaskClient) -> None:
    picture = reader.get("/docs/home.png")
    assert (picture.status_code, picture.content_type) == (200, "image/png")
    for name in ("settings.md", "..%2Fpyproject.toml", "nothing.png", "README"):
        assert reader.get(f"/docs/{name}").status_code == 404


def test_the_stored_questions_are_those_of_the_site_that_is_served(pages: FlaskClient) -> None:
    state = pages.application.extensions["utsaga"]
    text = pages.get("/docs/questions").text
    assert text.count('<a href="/queries/') == len(state.stored_queries) + text.count('<a href="/queries/"')


def test_it_is_in_the_footer_and_in_the_sitemap(published: FlaskClient) -> None:
    assert '<a href="/docs">Documentation</a>' in published.get("/").text
    sitemap = published.get("/sitemap.xml").text
    for name in NAMES:
        assert f"/docs/{name}</loc>" in sitemap
