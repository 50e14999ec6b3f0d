"""What holds for every page: links that resolve, sound HTML, both languages, nothing from elsewhere."""

import re
from dataclasses import fields, is_dataclass
from html import unescape
from html.parser import HTMLParser
from itertools import pairwise

import html5rdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from web.entities import page_models
from web.html import page_models as pages_module
from web.html.page_models import Page
from web.http.security_headers import POLICY
from web.sparql import pages as query_pages


class Reader(HTMLParser):
    """Gathers the elements of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def crawl(app: Flask, language: str) -> dict[str, str]:
    """Follow every link from the home page on this host; return the pages by path.

    Choices can be combined without end: of a list, only addresses with one or two are followed.
    """
    client = app.test_client()
    headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": language}
    todo, seen, found = ["/"], {"/"}, {}
    while todo:
        path = todo.pop()
        with client.get(path, headers=headers, follow_redirects=True) as answer:
            assert answer.status_code == 200, path
            if answer.mimetype == "text/html":
                found[path] = answer.get_data(as_text=True)
        for link in re.findall(r'(?:href|src|action)="([^"]*)"', found.get(path, "")):
            target = unescape(link).partition("#")[0]
            if target.count("&") > 1 or ("sort=" in target and "&" in target):
                continue
            if target.startswith("/report?about=/"):  # one for each page; those about entities are followed
                continue
            if target.startswith("/") and not re.search("(?:lang|content)=", target) and target not in seen:
                seen.add(target)
                todo.append(target)
    return found


@pytest.fixture(scope="module", params=["sv", "en"])
def site(request: pytest.FixtureRequest, pages_app: Flask) -> tuple[str, dict[str, str]]:
    return request.param, crawl(pages_app, request.param)


@pytest.mark.slow
def test_every_link_resolves(site: tuple[str, dict[str, str]]) -> None:
    kinds = {path.split("/")[1].partition("?")[0] for path in site[1]}
    assert {"organisation", "person", "product", "law", "statement", "source", "passage"} <= kinds
    assert {
        "adoption",
        "assessment",
        "observation",
        "place",
        "code",
        "queries",
        "query",
        "resource",
    } <= kinds


@pytest.mark.slow
def test_every_page_is_sound_html(site: tuple[str, dict[str, str]]) -> None:
    parser = html5rdf.HTMLParser(strict=True)
    for path, text in site[1].items():
        try:
            parser.parse(text)
        except html5rdf.html5parser.ParseError as error:
            pytest.fail(f"{path}: {error}")


def test_every_page_has_its_landmarks(site: tuple[str, dict[str, str]]) -> None:
    language, found = site
    for path, text in found.items():
        read = Reader(text)
        names = [tag for tag, _ in read.elements]
        assert read.all("html") == [{"lang": language}], path
        assert [names.count(tag) for tag in ("main", "h1")] == [1, 1], path
        assert text.partition("</head>")[0].count("<title>") == 1, path  # drawings have titles of their own
        assert names.index("header") < names.index("main"), path
        assert read.all("a")[0] == {"class": "skip-link", "href": "#content"}, path
        ids = [attributes["id"] for _, attributes in read.elements if "id" in attributes]
        assert len(ids) == len(set(ids)), path
        assert all(attributes.get("aria-label") for attributes in read.all("nav")), path
        levels = [int(tag[1]) for tag in names if re.fullmatch("h[1-6]", tag)]
        assert all(later <= earlier + 1 for earlier, later in pairwise(levels)), path


def test_nothing_comes_from_elsewhere_or_from_the_page_itself(site: tuple[str, dict[str, str]]) -> None:
    for path, text in site[1].items():
        read = Reader(text)
        assert not {"style", "iframe", "object", "embed"} & {tag for tag, _ in read.elements}, path
        scripts = re.findall(r"<script\b([^>]*)>(.*?)</script>", text, re.DOTALL)
        data = 'type="application/ld+json"'
        ours = [(opening, body) for opening, body in scripts if data not in opening]
        assert all('src="/static/' in opening and not body for opening, body in ours), path
        for tag, attributes in read.elements:
            inline = [name for name in attributes if name == "style" or name.startswith("on")]
            assert not inline, (path, tag, inline)
            assert (attributes.get("src") or "/").startswith("/"), (path, tag)
            assert tag != "form" or (attributes.get("action") or "").startswith("/"), path
        stylesheets = [each["href"] for each in read.all("link") if each.get("rel") == "stylesheet"]
        assert stylesheets == ["/static/utsaga.css"], path


def test_links_are_safe(site: tuple[str, dict[str, str]]) -> None:
    for path, text in site[1].items():
        for attributes in Reader(text).all("a"):
            target = attributes.get("href") or ""
            assert re.match(r"(?:/|#|https?://[^@]*$)", target), (path, target)


@pytest.mark.parametrize("path", ["/", "/law/osl", "/law/osl.ttl", "/nowhere", "/static/utsaga.css"])
def test_policy(pages: FlaskClient, path: str) -> None:
    with pages.get(path) as answer:
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "unsafe" not in POLICY


def test_style_sheet_asks_for_nothing(pages: FlaskClient) -> None:
    with pages.get("/static/utsaga.css") as answer:
        text = answer.get_data(as_text=True)
    assert "url(" not in text
    assert "@import" not in text
    assert "prefers-color-scheme: dark" in text


def test_chosen_language_stays(pages: FlaskClient) -> None:
    read = Reader(pages.get("/organisation/aby-kommun?lang=en").text)
    links = [link["href"] or "" for link in read.all("a") if (link["href"] or "").startswith("/")]
    documents = re.compile(r"\.(?:ttl|jsonld|nt|nq|n3|trig|rdf|json)$")
    staying = [link for link in links if not documents.search(link)]
    assert staying
    assert [link for link in staying if "lang=" not in link] == []
    assert [link for link in links if documents.search(link) and "lang=" in link] == []


def test_language_follows_the_browser_unless_chosen(pages: FlaskClient) -> None:
    def language(path: str, accepted: str) -> str:
        return (
            Reader(pages.get(path, headers={"Accept-Language": accepted}).text).all("html")[0]["lang"] or ""
        )

    assert language("/", "en-GB,en;q=0.9,sv;q=0.5") == "en"
    assert language("/", "fr") == "sv"
    assert language("/?lang=sv", "en") == "sv"
    assert language("/?lang=xx", "en") == "en"


def test_error_is_a_page(pages: FlaskClient) -> None:
    answer = pages.get("/organisation/nobody")
    assert answer.status_code == 404
    html5rdf.HTMLParser(strict=True).parse(answer.text)
    assert "<h1>" in answer.text
    assert 'lang="en"' in answer.text, "its words are English, whatever the page's language"


def test_every_context_is_a_documented_dataclass() -> None:
    modules = (pages_module, page_models, query_pages)
    classes = [
        each
        for module in modules
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Page)
    ]
    templates = {each.template for each in classes if each is not Page}
    assert len(templates) > 15
    for each in classes:
        assert is_dataclass(each), each
        assert each.__doc__, each
        assert not each.__doc__.startswith(f"{each.__name__}("), each
        assert fields(each) or each is Page
