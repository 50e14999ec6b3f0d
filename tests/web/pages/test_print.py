"""Pages on paper, in a real browser: A4 within its margins, on its side where a table is wide."""

import pytest
from playwright.sync_api import Browser, expect

WIDTHS = {"upright": 680, "sideways": 1008}  # CSS pixels between margins of 1.5 cm
CONTROLS = "form, input, select, textarea, main button:not(.sort-button), .site-header nav, aside"
DISAGREEMENTS = "/queries/disagreements?product=product/office-365"


@pytest.mark.parametrize(
    ("path", "sheet"),
    [
        ("/", "upright"),
        ("/organisation/goteborgs-kommun", "upright"),
        ("/product/office-365", "upright"),
        ("/statement/ny-teknik-office-365-malmo-annan-syn", "upright"),
        ("/law/osl", "upright"),
        ("/map", "upright"),
        ("/timeline?product=office-365", "upright"),
        (DISAGREEMENTS, "sideways"),
    ],
)
def test_paper_has_no_controls_and_cuts_nothing(browser: Browser, server: str, path: str, sheet: str) -> None:
    with browser.new_context(
        base_url=server, viewport={"width": WIDTHS[sheet], "height": 900}, locale="sv-SE"
    ) as context:
        page = context.new_page()
        page.emulate_media(media="print")
        page.goto(path)
        assert [each.inner_text() for each in page.locator(CONTROLS).all() if each.is_visible()] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[sheet]
        turned = page.evaluate("getComputedStyle(document.body).page")
        assert turned == {"upright": "auto", "sideways": "wide"}[sheet]


def test_paper_says_what_was_chosen_and_where_sources_are(browser: Browser, server: str) -> None:
    with browser.new_context(base_url=server, locale="sv-SE") as context:
        page = context.new_page()
        page.goto(DISAGREEMENTS)
        chosen = page.locator(".print-only", has_text="Produkt: Office 365")
        expect(chosen).to_be_hidden()
        page.emulate_media(media="print")
        expect(chosen).to_be_visible()
        page.goto("/statement/ny-teknik-office-365-malmo-annan-syn")
        link = page.locator("main a[rel~=external]").first
        address = link.evaluate("link => getComputedStyle(link, '::after').content")
        assert "https://www.nyteknik.se/" in address or "attr(href)" in address
