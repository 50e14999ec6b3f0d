"""Ten questions are built in a real browser by keyboard alone, with and without JavaScript."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from graph.query_builder.parse_state import parse_state
from graph.query_builder.read_model import read_model
from graph.query_builder.state import MATCHES, BuilderState, Path, Row, path_text
from graph.query_builder.values import ValueReader
from web.builder.examples import EXAMPLES, example_arguments
from web.html.app_state import AppState

TYPED = {
    "product/office-365": "office 365",
    "law/osl": "OSL",
    "organisation/malmo-kommun": "Malmö",
    "organisation/region-uppsala": "Region Uppsala",
    "organisation/microsoft": "Microsoft",
}
"""What a reader types for the things that the examples name."""
MOST_TABS = 120
IS_BEFORE_FOCUS = """element =>
  document.activeElement.compareDocumentPosition(element) === Node.DOCUMENT_POSITION_PRECEDING"""
LANGUAGES = {name: ("sv", "en")[index % 2] for index, name in enumerate(EXAMPLES)}


class Typist:
    """Somebody who has a keyboard and no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keyboard = page.keyboard

    def reach(self, target: Locator) -> None:
        """Press the tabulator key until `target` has the focus, with Shift if it lies before what has it."""
        expect(target).to_have_count(1)
        key = "Shift+Tab" if target.evaluate(IS_BEFORE_FOCUS) else "Tab"
        focused = target.and_(self.page.locator(":focus"))
        for _ in range(MOST_TABS):
            if focused.count():
                return
            self.keyboard.press(key)
        pytest.fail(f"{target} cannot be reached with the tabulator key")

    def choose(self, target: Locator, value: str) -> None:
        """Choose the option `value` of a select with the arrow keys."""
        self.reach(target)
        values = [each.get_attribute("value") for each in target.locator("option").all()]
        steps = values.index(value) - values.index(target.input_value())
        for _ in range(abs(steps)):
            self.keyboard.press("ArrowDown" if steps > 0 else "ArrowUp")
        assert target.input_value() == value

    def check(self, target: Locator, *, wanted: bool) -> None:
        if target.is_checked() != wanted:
            self.reach(target)
            self.keyboard.press("Space")

    def type(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.keyboard.type(text)

    def press(self, button: Locator) -> None:
        """Press a button with the Enter key, and wait for the page that it leads to."""
        self.reach(button)
        with self.page.expect_navigation():
            self.keyboard.press("Enter")


class BuilderForm(Typist):
    """The form of the query builder."""

    def field(self, name: str) -> Locator:
        return self.page.locator(f'.builder-form [name="{name}"]:not([type="hidden"])')

    def begin(self, class_: str) -> None:
        self.choose(self.field("class"), class_)
        self.press(self.page.locator(".builder-form button").first)

    def add(self, path: Path, row: Row) -> None:
        """Add the property of `row`, which comes to be at `path`, with its value and column."""
        *above, _ = path
        prefix = "".join(f"{each}." for each in above)
        select = self.field(f"{prefix}add")
        self.choose(select, row.choice.name)
        self.press(select.locator("xpath=following-sibling::button"))
        prefix = f"{path_text(path)}."
        if row.match != MATCHES[row.choice.kind][0]:
            self.choose(self.field(f"{prefix}match"), row.match)
        for value in row.values:
            target = self.field(f"{prefix}value").first
            if row.choice.options:
                self.choose(target, value.key)
            else:
                self.type(target, TYPED.get(value.key, value.key))
        self.check(self.field(f"{prefix}show"), wanted=row.show)
        if row.sort:
            self.choose(self.field(f"{prefix}sort"), row.sort)

    def build(self, state: BuilderState) -> None:
        """Build the question that `state` is, and ask for its answer."""
        assert state.class_
        self.begin(state.class_.name)
        for path, row in state.walk():
            self.add(path, row)
        self.check(self.field("show"), wanted=state.show)
        self.check(self.field("count"), wanted=state.count)
        self.press(self.page.locator(".form-buttons button"))


@pytest.fixture(params=[True, False], ids=["scripts", "plain"])
def form(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[BuilderForm]:
    complaints: list[str] = []
    with browser.new_context(base_url=server, java_script_enabled=request.param) as context:
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield BuilderForm(page)
        assert complaints == []


@pytest.fixture(scope="module")
def state_of(release_app: Flask) -> dict[str, BuilderState]:
    """The states of the examples."""
    app: AppState = release_app.extensions["utsaga"]
    reader = ValueReader(app.entities, app.text_index, app.reconciler)
    return {name: parse_state(example_arguments(name), read_model(), reader) for name in EXAMPLES}


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_question_is_built_by_keyboard_alone(
    form: BuilderForm, state_of: dict[str, BuilderState], name: str
) -> None:
    language = LANGUAGES[name]
    form.page.goto(f"/build?lang={language}")
    form.build(state_of[name])
    expect(form.page).to_have_url(re.compile(r"#answer$"))
    rows = form.page.locator("#answer tbody tr")
    built = rows.all_inner_texts()
    assert built
    form.page.goto(f"/build?{EXAMPLES[name]}&lang={language}")
    assert rows.all_inner_texts() == built


def test_names_are_completed_while_they_are_typed(browser: Browser, server: str) -> None:
    with browser.new_context(base_url=server) as context:
        page = context.new_page()
        page.goto("/build?class=Adoption&show=1&0.property=adopter&lang=sv")
        page.locator('[name="0.value"]').first.press_sequentially("göteb")
        options = page.locator("#row-0-value-0-names option")
        expect(options.first).to_be_attached()
        names = [each.get_attribute("value") for each in options.all()]
        assert "Göteborgs kommun" in names
        assert all(name for name in names)
