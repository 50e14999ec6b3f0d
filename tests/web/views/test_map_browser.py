"""Tests of the map and the other views in a real browser, with and without JavaScript."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def scripted(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def page(browser: Browser, server: str, scripted: bool) -> Iterator[Page]:
    complaints: list[str] = []
    with browser.new_context(
        base_url=server, viewport={"width": 1280, "height": 900}, java_script_enabled=scripted, locale="sv-SE"
    ) as context:
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        assert complaints == []


def test_area_links_to_its_municipality(page: Page) -> None:
    page.goto("/map?lang=sv")
    page.locator('svg.map a[data-code="2584"]').click()
    assert page.locator("h1").inner_text() == "Kiruna kommun"


def test_map_is_operable_by_keyboard(page: Page) -> None:
    page.goto("/map?show=adoption&county=gotlands-lan&lang=en")
    page.locator(".skip-map a").focus()
    stops = []
    for _ in range(4):
        page.keyboard.press("Tab")
        stops.append(page.locator(":focus").get_attribute("data-code"))
    assert "0980" in stops
    page.locator(".skip-map a").press("Enter")
    assert page.url.endswith("#table")


def test_form_changes_the_map(page: Page) -> None:
    page.goto("/map?lang=en")
    page.get_by_label("Show").select_option("adoption")
    page.get_by_label("County").select_option("skane-lan")
    page.get_by_role("button", name="Show").click()
    assert "show=adoption" in page.url
    assert "lang=en" in page.url
    expect(page.locator("tbody tr")).to_have_count(33)
    assert page.locator('svg.map a[data-code="1280"] title').text_content() == "Malmö Municipality: in use"


@pytest.mark.parametrize("scripted", [True], indirect=True)
def test_map_and_table_highlight_each_other(page: Page) -> None:
    page.goto("/map?lang=sv")
    area, row = page.locator('a[data-code="2584"]'), page.locator('tr[data-code="2584"]')
    area.hover()
    assert row.get_attribute("class") == "hovered"
    page.mouse.move(0, 0)
    assert not row.get_attribute("class")
    row.locator("a").first.focus()
    assert area.get_attribute("class") == "hovered"


@pytest.mark.parametrize("scripted", [True], indirect=True)
def test_map_zooms_in_and_resets(page: Page) -> None:
    page.goto("/map?lang=en")
    drawing = page.locator("svg.map")
    whole = drawing.get_attribute("viewBox")
    page.get_by_role("button", name="Zoom in").press("Enter")
    near = drawing.get_attribute("viewBox")
    assert whole
    assert near
    assert float(near.split()[2]) < float(whole.split()[2])
    box = drawing.bounding_box()
    assert box
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 260, steps=5)
    page.mouse.up()
    assert drawing.get_attribute("viewBox") != near
    assert "/map" in page.url, "to drag is not to click"
    page.get_by_role("button", name="Whole map").click()
    assert drawing.get_attribute("viewBox") == whole


@pytest.mark.parametrize("scripted", [False], indirect=True)
def test_no_buttons_without_scripts(page: Page) -> None:
    page.goto("/map")
    assert page.locator(".zoom-buttons").count() == 0


@pytest.mark.parametrize("scripted", [False], indirect=True)
def test_organisations_are_compared_step_by_step(page: Page) -> None:
    page.goto("/compare?lang=sv")
    for name in ("Göteborgs kommun", "Malmö kommun"):
        page.get_by_label("Lägg till en organisation").fill(name)
        page.get_by_role("button", name="Jämför").click()
    assert page.url.endswith("organisation=goteborgs-kommun&organisation=malmo-kommun&lang=sv")
    first, second = (page.locator(".side-by-side").first.locator(".column").nth(number) for number in (0, 1))
    left, right = first.bounding_box(), second.bounding_box()
    assert left
    assert right
    assert left["y"] == right["y"], "side by side"
    page.set_viewport_size({"width": 390, "height": 900})
    above, below = first.bounding_box(), second.bounding_box()
    assert above
    assert below
    assert above["x"] == below["x"], "one above the other"


@pytest.mark.parametrize("scripted", [False], indirect=True)
@pytest.mark.parametrize(
    "path",
    ["/map", "/map?show=adoption", "/compare?organisation=malmo-kommun&organisation=eda-kommun", "/timeline"],
)
def test_view_fits_a_narrow_window(page: Page, path: str) -> None:
    page.set_viewport_size({"width": 390, "height": 900})
    page.goto(path)
    body = page.locator("body").bounding_box()
    assert body
    assert body["width"] <= 390
