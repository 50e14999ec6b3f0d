"""Every kind of page, looked through by axe-core at two widths and in both themes: WCAG 2.2 AA and more.

https://www.w3.org/TR/WCAG22/, https://github.com/dequelabs/axe-core/blob/develop/doc/rule-descriptions.md
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

AXE = Path(__file__).parents[3] / "web" / "node_modules" / "axe-core" / "axe.min.js"
PAGES = Path(__file__).parents[1].joinpath("pages.txt").read_text(encoding="utf-8").split()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = (
    "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']}).then(each => each.violations)"
)
LOOKS = [("sv", 1280, "light"), ("sv", 390, "dark"), ("en", 390, "light")]


@pytest.fixture(scope="module")
def axe() -> str:
    assert AXE.is_file(), f"{AXE} is missing: make installs it"
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def reader(browser: Browser, server: str) -> Iterator[Page]:
    """A page that axe can be put into, whatever our policy for scripts says; animations are off."""
    with browser.new_context(base_url=server, bypass_csp=True, reduced_motion="reduce") as context:
        yield context.new_page()


@pytest.mark.parametrize("path", PAGES)
def test_nothing_keeps_anybody_from_reading_a_page(reader: Page, axe: str, path: str) -> None:
    found = {}
    for index, (language, width, theme) in enumerate(LOOKS):
        reader.set_viewport_size({"width": width, "height": 900})
        reader.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        if index % 2 == 0:
            reader.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
            reader.evaluate(axe)
        wide: int = reader.evaluate("document.documentElement.scrollWidth")
        found[language, width, theme] = violations(reader) + ([f"{wide} px wide"] if wide > width else [])
    assert {look: broken for look, broken in found.items() if broken} == {}


def test_a_page_that_cannot_be_read_is_found_out(reader: Page, axe: str) -> None:
    reader.goto("/")
    reader.evaluate("document.querySelector('h1').innerHTML = '<img src=\"/static/mark.svg\">'")
    reader.evaluate(axe)
    assert any("image-alt" in each for each in violations(reader))


def violations(page: Page) -> list[str]:
    """Return each rule that the page breaks, with the first place where it does."""
    broken: list[dict[str, Any]] = page.evaluate(RUN, RULES)
    return [f"{each['id']}: {each['nodes'][0]['html'][:300]}" for each in broken]
