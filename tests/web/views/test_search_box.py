"""Tests of the search box in a real browser: suggestions, keyboard, mouse, and as a plain form."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

BOX = {"sv": "Sök", "en": "Search"}
FORMER = {"sv": "Tidigare namn", "en": "Former name"}


@contextmanager
def open_page(browser: Browser, server: str, *, scripts: bool = True, width: int = 1280) -> Iterator[Page]:
    """Yield a browser page that may load nothing from other hosts and log no error."""
    trouble: list[str] = []
    with browser.new_context(
        base_url=server, viewport={"width": width, "height": 900}, java_script_enabled=scripts, locale="sv-SE"
    ) as context:
        page = context.new_page()
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("request", lambda sent: None if sent.url.startswith(server) else trouble.append(sent.url))
        yield page
    assert trouble == []


def box(page: Page, language: str, *, scripts: bool = True) -> Locator:
    return page.get_by_role("combobox" if scripts else "searchbox", name=BOX[language])


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_former_name_is_found_by_keyboard(browser: Browser, server: str, language: str, width: int) -> None:
    with open_page(browser, server, width=width) as page:
        page.goto(f"/law/osl?lang={language}")
        mine = box(page, language)
        expect(mine).to_have_attribute("aria-expanded", "false")
        mine.press_sequentially("stockholms läns")
        option = page.get_by_role("option").first
        expect(option).to_contain_text("Region Stockholm")
        expect(option).to_contain_text(f"{FORMER[language]}: Stockholms läns landsting")
        expect(page.locator("form.search [role=status]")).to_contain_text("2")  # and a source about it
        expect(mine).to_have_attribute("aria-expanded", "true")
        mine.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        expect(mine).to_have_attribute("aria-activedescendant", option.get_attribute("id") or "")
        mine.press("Enter")
        page.wait_for_url("**/organisation/region-stockholm?lang=*")
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").inner_text() == "Region Stockholm"


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["sv", "en"])
def test_search_box_works_without_scripts(browser: Browser, server: str, language: str, width: int) -> None:
    with open_page(browser, server, scripts=False, width=width) as page:
        page.goto(f"/law/osl?lang={language}")
        mine = box(page, language, scripts=False)
        mine.fill("Stockholms läns landsting")
        mine.press("Enter")
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator(".match").first.inner_text() == f"{FORMER[language]}: Stockholms läns landsting"
        expect(page.locator(".match mark").first).to_have_text("Stockholms läns landsting")
        page.wait_for_load_state()  # with its style sheet
        size = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert size[0] <= size[1]
        page.get_by_role("link", name="Region Stockholm").first.click()
        assert page.locator("h1").inner_text() == "Region Stockholm"


def test_arrow_keys_wrap_escape_closes_and_enter_searches(browser: Browser, server: str) -> None:
    with open_page(browser, server) as page:
        page.goto("/?lang=sv")
        mine, options = box(page, "sv"), page.get_by_role("option")
        mine.press_sequentially("mal")
        expect(options.first).to_be_visible()
        mine.press("ArrowUp")
        expect(options.last).to_have_attribute("aria-selected", "true")
        mine.press("ArrowDown")
        assert mine.get_attribute("aria-activedescendant") is None
        mine.press("Escape")
        expect(page.get_by_role("listbox")).to_be_hidden()
        expect(mine).to_have_value("mal")
        mine.press("ArrowDown")
        expect(options.first).to_be_visible()
        mine.press("Enter")
        page.wait_for_url("**/search?*q=mal")


def test_suggestion_is_clicked_and_blur_closes_the_list(browser: Browser, server: str) -> None:
    with open_page(browser, server) as page:
        page.goto("/?lang=sv")
        mine, options = box(page, "sv"), page.get_by_role("option")
        mine.press_sequentially("göteb")
        expect(options.first).to_be_visible()
        page.keyboard.press("Tab")
        expect(page.get_by_role("listbox")).to_be_hidden()
        mine.focus()
        mine.press("ArrowDown")
        options.filter(has_text="Göteborgs kommun").first.click()
        page.wait_for_url("**/organisation/goteborgs-kommun?*")


FIELDS = {"/queries/then-and-now": "organisation", "/compare": "add", "/timeline": "name"}


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize(("path", "name"), FIELDS.items())
def test_a_field_for_an_organisation_is_filled_by_keyboard(
    browser: Browser, server: str, path: str, name: str, width: int
) -> None:
    with open_page(browser, server, width=width) as page:
        page.goto(f"{path}?lang=sv")
        field = page.locator(f"input[name={name}]")
        label = field.evaluate("field => field.labels[0].textContent.trim()")
        field.press_sequentially("stockholms lä")
        mine = page.get_by_role("combobox", name=label, exact=True)
        expect(mine).to_have_attribute("aria-expanded", "true")
        option = page.locator(".entity-field [role=option]").first
        expect(option).to_contain_text("Region Stockholm")
        mine.press("ArrowDown")
        expect(option).to_have_attribute("aria-selected", "true")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        mine.press("Enter")
        expect(mine).to_have_value("Region Stockholm")
        expect(mine).to_have_attribute("aria-expanded", "false")
        mine.press("Enter")
        page.wait_for_url("**organisation=*")
        expect(page.locator("main")).to_contain_text("Region Stockholm")


@pytest.mark.parametrize(("path", "name"), FIELDS.items())
def test_a_field_takes_an_everyday_name_without_scripts(
    browser: Browser, server: str, path: str, name: str
) -> None:
    with open_page(browser, server, scripts=False) as page:
        page.goto(path)
        field = page.locator(f"input[name={name}]")
        assert field.get_attribute("placeholder") == "Göteborg"
        field.fill("Stockholms stad")
        field.press("Enter")
        expect(page.locator("main")).to_contain_text("Stockholms kommun")
