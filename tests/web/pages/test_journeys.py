"""What people come for, walked in a real browser: both languages and widths, with and without JavaScript.

Finding an organisation by its old name is walked in test_search_box, the query page in test_editor.
"""

import re
from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, Page, Request, expect

WALKS = [*product(("sv", "en"), (390, 1280), (True, False))]
WORDS = {
    "organisation": {"sv": "Organisationer", "en": "Organisations"},
    "person": {"sv": "Personer", "en": "People"},
    "statement": {"sv": "Utsagor", "en": "Statements"},
    "in use": {"sv": "används", "en": "in use"},
    "the statement": {"sv": "utsagan", "en": "the statement"},
}


class Walk:
    """One reader: the language they read, and the page before them."""

    def __init__(self, language: str, page: Page) -> None:
        self.language = language
        self.page = page
        self.main = page.locator("main")

    def say(self, word: str) -> str:
        return WORDS[word][self.language]

    def arrived(self, path: str) -> None:
        """Check that the page is the one at `path`, in the reader's language, and fits the window."""
        expect(self.page).to_have_url(re.compile(rf"{re.escape(path)}(\?|$)"))
        self.page.wait_for_load_state()  # before its style sheet has come, no page fits
        assert self.page.locator("html").get_attribute("lang") == self.language
        size = self.page.viewport_size
        assert size
        assert self.page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.fixture(params=WALKS, ids=lambda walk: f"{walk[0]}-{walk[1]}-{'scripts' if walk[2] else 'plain'}")
def walk(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Walk]:
    language, width, scripts = request.param
    trouble: list[str] = []

    def note(sent: Request) -> None:
        if not sent.url.startswith(server):
            trouble.append(sent.url)

    with browser.new_context(
        base_url=server,
        viewport={"width": width, "height": 900},
        java_script_enabled=scripts,
        locale={"sv": "sv-SE", "en": "en-GB"}[language],
    ) as context:
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("request", note)
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        yield Walk(language, page)
    assert trouble == []


def test_who_else_uses_office_365_and_on_what_legal_grounds(walk: Walk) -> None:
    walk.page.goto("/organisation/malmo-kommun")
    walk.main.get_by_role("link", name="Office 365", exact=True).first.click()
    walk.arrived("/product/office-365")

    rows = walk.main.locator("tr", has=walk.page.locator("th a[href*='/organisation/']"))
    adopters = rows.filter(has_text=re.compile(walk.say("in use"), re.IGNORECASE))
    names = adopters.locator("th").all_inner_texts()
    assert len(names) >= 3
    assert len(set(names)) == len(names)

    views = walk.main.locator("article.assessment")
    outcomes = {text.strip() for text in views.locator(".outcome").all_inner_texts()}
    assert len(outcomes) >= 2
    refused = views.filter(has=walk.page.locator(".obstacle"))
    conditional = views.filter(has=walk.page.locator(".permitted-with-conditions"))
    assert refused.count() >= 1
    assert conditional.count() >= 1

    asked = walk.main.locator("section", has=walk.page.locator("article.assessment"))
    asked.locator("a[href*='/law/osl']").first.click()
    walk.arrived("/law/osl")
    walk.main.locator("article.assessment a[href*='/assessment/']").first.click()
    expect(walk.main.locator("a[href*='/law/osl']").first).to_be_visible()
    expect(walk.main.locator("a.passage-link").first).to_be_visible()


def test_what_has_this_person_said(walk: Walk) -> None:
    walk.page.goto("/")
    walk.main.get_by_role("link", name=re.compile(walk.say("person"))).first.click()
    walk.arrived("/person")
    walk.main.get_by_role("link", name="Patrik Kron").click()
    walk.arrived("/person/patrik-kron-malmo-kommun")

    expect(walk.page.locator("h1")).to_have_text("Patrik Kron")
    expect(walk.page.locator("meta[name=robots]")).to_have_attribute("content", re.compile("noindex"))
    expect(walk.main).to_contain_text("it-chef" if walk.language == "sv" else "head of IT")
    said = walk.main.locator("article.statement")
    assert said.count() >= 2
    for statement in said.all():
        expect(statement.locator(".speaker")).to_contain_text("Patrik Kron")
        expect(statement.locator("a.passage-link").first).to_be_visible()
        expect(statement.locator("blockquote")).not_to_be_empty()


def test_from_a_statement_to_its_passage_and_back(walk: Walk) -> None:
    walk.page.goto("/")
    walk.main.get_by_role("link", name=re.compile(walk.say("statement"))).first.click()
    walk.arrived("/statement")
    read = walk.main.locator("article.statement", has=walk.page.locator("a.passage-link"))
    while not read.count():  # the newest sources have not been read in full, and have no passages
        walk.main.locator("a[rel=next]").click()
        walk.page.wait_for_load_state()
    first = read.first
    words = first.locator("blockquote").inner_text()
    first.get_by_role("link", name=walk.say("the statement"), exact=True).click()
    expect(walk.main.locator("blockquote").first).to_have_text(words)
    statement = walk.page.url.partition("?")[0]
    assert "/statement/" in statement

    proof = walk.main.locator("a.passage-link").first
    numbers = re.findall(r"\d+", proof.inner_text().replace("\N{NO-BREAK SPACE}", ""))[-2:]
    proof.click()
    expect(walk.page).to_have_url(re.compile("/passage/"))
    text = walk.main.inner_text().replace("\N{NO-BREAK SPACE}", "").replace(",", "")
    assert all(number.replace(",", "") in text for number in numbers)
    assert re.search(r"\b[0-9a-f]{64}\b", text)

    resting = walk.main.locator("article.statement").filter(has_text=words)
    resting.get_by_role("link", name=walk.say("the statement"), exact=True).click()
    assert walk.page.url.partition("?")[0] == statement
