"""The pages in a real browser, without JavaScript: at two widths, in two languages and in both themes."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, Request

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = [
    "/",
    "/organisation",
    "/organisation/goteborgs-kommun",
    "/person/patrik-kron-malmo-kommun",
    "/product/office-365",
    "/law/osl",
    "/source/ny-teknik-office-365",
    "/queries/legal-assessments",
    "/sparql",
    "/build?class=Municipality&show=1&0.property=Adoption.adopter&0.0.property=product&0.0.value=office",
    "/queries/adoption-status?view=chart",
    "/queries/adoption-status?view=map",
    "/graph?iri=https://w3id.org/utsaga/id/product/office-365",
]


@dataclass
class Visit:
    """One visitor: a page, and what it asked for and complained about."""

    page: Page
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(params=[(390, "light"), (390, "dark"), (1280, "light"), (1280, "dark")], ids=str)
def visit(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Visit]:
    width, theme = request.param
    with browser.new_context(
        base_url=server,
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        java_script_enabled=False,
        locale="sv-SE",
    ) as context:
        found = Visit(context.new_page())

        def note(sent: Request) -> None:
            if not sent.url.startswith(server):
                found.foreign.append(sent.url)

        found.page.on("request", note)
        found.page.on("console", lambda message: found.complaints.append(message.text))
        yield found
        assert found.foreign == []
        assert found.complaints == []


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_its_window_and_has_one_heading(visit: Visit, path: str, language: str) -> None:
    answer = visit.page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
    assert answer
    assert answer.status == 200
    assert visit.page.locator("html").get_attribute("lang") == language
    assert visit.page.locator("h1").count() == 1
    body = visit.page.locator("body").bounding_box()
    size = visit.page.viewport_size
    assert body
    assert size
    assert body["width"] <= size["width"]


def test_from_the_home_page_to_a_statement_its_passage_and_its_source(visit: Visit) -> None:
    visit.page.goto("/?lang=sv")
    visit.page.get_by_role("link", name="Göteborgs kommun").first.click()
    assert visit.page.locator("h1").inner_text() == "Göteborgs kommun"
    proof = visit.page.locator("a.passage-link[href*='/ny-teknik-office-365']").first
    place = proof.inner_text()
    proof.click()
    assert "/passage/" in visit.page.url
    digits = [word for word in place.replace("–", " ").split() if word.isdigit()]
    assert all(digit in visit.page.locator("main").inner_text() for digit in digits[-2:])
    visit.page.locator("main").get_by_role("link", name="Kommunerna som väljer Office 365").first.click()
    assert visit.page.url.split("?")[0].endswith("/source/ny-teknik-office-365")


def test_a_page_is_read_by_keyboard_from_its_skip_link_on(visit: Visit) -> None:
    visit.page.goto("/organisation/malmo-kommun?lang=en")
    visit.page.keyboard.press("Tab")
    focused = visit.page.locator(":focus")
    assert focused.get_attribute("href") == "#content"
    focused.press("Enter")
    assert visit.page.url.endswith("#content")


def test_a_stored_query_is_narrowed_with_its_form(visit: Visit) -> None:
    visit.page.goto("/queries/adoption-status?lang=en")
    whole = visit.page.locator("tbody tr").count()
    visit.page.locator("select").first.select_option(index=1)
    visit.page.locator("main form").get_by_role("button").first.click()
    visit.page.wait_for_load_state()
    assert 0 < visit.page.locator("tbody tr").count() < whole


def test_a_query_is_typed_and_answered(visit: Visit) -> None:
    visit.page.goto("/sparql?lang=en")
    visit.page.locator("textarea").fill("ASK { ?s ?p ?o }")
    visit.page.locator("main form").get_by_role("button").first.click()
    assert visit.page.locator("#answer .headline").inner_text() == "Yes"
