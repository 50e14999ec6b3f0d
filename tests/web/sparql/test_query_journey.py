"""“Run an example query, change it, share it, download CSV”: in both languages, scripts on and off."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

BUILT = Path(__file__).parents[3] / "web" / "static" / "built" / "names.json"
WORDS = {
    "sv": {
        "example": "Vilken status har varje produkt hos varje organisation?",
        "run": "Kör",
        "chart": "Diagram",
        "graph": "Graf",
        "share": "Länk till frågan och dess svar",
        "wrong": "Frågan kunde inte köras",
        "answer": "Svar",
        "cancel": "Avbryt",
        "cancelled": "Frågan avbröts efter",
        "empty": "Skriv en fråga först.",
    },
    "en": {
        "example": "What is the status of each product at each organisation?",
        "run": "Run",
        "chart": "Chart",
        "graph": "Graph",
        "share": "Link to this query and its answer",
        "wrong": "The query failed",
        "answer": "Answer",
        "cancel": "Cancel",
        "cancelled": "The query was cancelled after",
        "empty": "Write a query first.",
    },
}
LIMIT = 3


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = which("chromium")
    assert chromium, "Chromium is missing: make peers installs it"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(
            executable_path=Path(chromium), args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
        )
        yield browser
        browser.close()


@dataclass
class Reader:
    """One reader: a page, the language it is read in, and whether scripts run."""

    page: Page
    language: str
    scripted: bool

    def write(self, text: str) -> None:
        """Replace the query by `text`."""
        if not self.scripted:
            self.page.locator("textarea").fill(text)
            return
        editor = self.page.locator(".cm-content")
        editor.click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def said(self) -> str:
        """Return the query in the editor."""
        return self.page.locator("textarea").input_value()

    def run(self) -> None:
        """Run the query."""
        self.page.locator("form.editor").get_by_role("button", name=WORDS[self.language]["run"]).click()


EVERY = [
    (width, scripted, language) for width in (390, 1280) for scripted in (True, False) for language in WORDS
]
BOTH = [(390, False, "sv"), (1280, True, "en")]
SCRIPTED = [(390, True, "sv"), (1280, True, "en")]


@pytest.fixture
def reader(request: pytest.FixtureRequest, browser: Browser, server: str) -> Iterator[Reader]:
    width, scripted, language = request.param
    if scripted and not BUILT.is_file():
        pytest.skip("the scripts have not been built: make builds them")
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if "status of 400" not in message.text:
            complaints.append(message.text)

    with browser.new_context(
        base_url=server,
        viewport={"width": width, "height": 900},
        java_script_enabled=scripted,
        accept_downloads=True,
        reduced_motion="reduce",
    ) as context:
        page = context.new_page()
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield Reader(page, language, scripted)
        assert complaints == []


@pytest.mark.parametrize("reader", EVERY, indirect=True, ids=str)
def test_run_an_example_change_it_share_it_and_download_it(reader: Reader) -> None:
    words, page = WORDS[reader.language], reader.page
    page.goto(f"/query?lang={reader.language}")
    page.get_by_role("link", name=words["example"]).click()
    reader.run()
    expect(page.locator("#answer h2")).to_contain_text(words["answer"])
    whole = page.locator("#answer tbody tr").count()
    assert whole > LIMIT

    reader.write(f"{reader.said().rstrip()}\nLIMIT {LIMIT}\n")
    reader.run()
    expect(page.locator("#answer tbody tr")).to_have_count(LIMIT)

    shared = page.get_by_role("link", name=words["share"]).get_attribute("href")
    assert shared
    shown = page.locator("#answer tbody").inner_text()
    page.goto(shared)
    assert page.locator("html").get_attribute("lang") == reader.language
    assert page.locator("#answer tbody").inner_text() == shown
    assert f"LIMIT {LIMIT}" in reader.said()

    with page.expect_download() as awaited:
        page.locator("#take").get_by_role("link", name="CSV", exact=True).click()
    assert awaited.value.suggested_filename == "utsaga.csv"
    rows = list(csv.DictReader(io.StringIO(awaited.value.path().read_text(encoding="utf-8"))))
    assert len(rows) == LIMIT
    assert all(row["organisation"].startswith("https://w3id.org/utsaga/id/") for row in rows)


@pytest.mark.parametrize("reader", BOTH, indirect=True, ids=str)
def test_a_result_is_shown_as_chart_map_and_graph(reader: Reader) -> None:
    words, page = WORDS[reader.language], reader.page
    page.goto(f"/query?lang={reader.language}&example=adoption-status")
    reader.run()
    seen = page.locator("nav.view-links")
    seen.get_by_role("link", name=words["chart"]).click()
    expect(page.locator(".result-chart li").first).to_be_visible()
    assert "view=chart" in page.url
    seen.get_by_role("link", name=words["graph"]).click()
    expect(page.locator("ul.graph-links li").first).to_be_visible()
    expect(page.locator(".graph-view canvas")).to_have_count(3 if reader.scripted else 0)


@pytest.mark.parametrize("reader", BOTH, indirect=True, ids=str)
def test_an_error_is_marked_at_its_place(reader: Reader) -> None:
    page = reader.page
    page.goto(f"/query?lang={reader.language}")
    reader.write("SELECT ?x WHERE {\n  ?x a a b\n}")
    reader.run()
    expect(page.locator("#answer h2")).to_have_text(WORDS[reader.language]["wrong"])
    expect(page.locator("#answer .fault-location")).to_have_text("line 2, column 10")
    assert "?x a a b" in reader.said()
    if reader.scripted:
        expect(page.locator(".cm-lintRange-error")).to_have_text("b")


@pytest.mark.parametrize("reader", SCRIPTED, indirect=True, ids=str)
def test_terms_are_completed_by_keyboard(reader: Reader) -> None:
    page = reader.page
    page.goto(f"/query?lang={reader.language}")
    reader.write("SELECT * { ?x uts:municipalityC")
    page.keyboard.press("Control+Space")
    expect(page.locator(".cm-tooltip-autocomplete [aria-selected]")).to_contain_text("uts:municipalityCode")
    page.wait_for_timeout(200)  # the editor takes no choice that its reader cannot have read
    page.keyboard.press("Enter")
    page.keyboard.insert_text(" ?code } LIMIT 2")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#answer tbody tr")).to_have_count(2)
    assert reader.said().startswith("PREFIX uts: <https://w3id.org/utsaga/ns#>\n")


@pytest.mark.parametrize("reader", SCRIPTED, indirect=True, ids=str)
def test_entities_are_completed_by_their_names(reader: Reader) -> None:
    page = reader.page
    page.goto(f"/query?lang={reader.language}")
    reader.write("SELECT * { ?x ?y ")
    page.keyboard.type("Malmö")
    chosen = page.locator(".cm-tooltip-autocomplete li", has_text="Malmö")
    chosen.first.click()
    assert reader.said() == "SELECT * { ?x ?y <https://w3id.org/utsaga/id/organisation/malmo-kommun>"


UTS = "PREFIX uts: <https://w3id.org/utsaga/ns#>\n"
PLACES = [  # a query before the cursor, what is typed, what is offered, and what is not
    ("SELECT * { ?x ", "", ["a"], "uts:Product"),
    ("SELECT * { ?x a ", "", ["uts:Statement"], "uts:status"),
    ("SELECT * { ?x a uts:Adoption ; ", "", ["a", "uts:adopter", "uts:product"], "uts:Product"),
    ("SELECT * { ?x a uts:Person . ?y uts:adopter ?o ; ", "uts:st", ["uts:status"], "uts:Statement"),
    ("SELECT * { ?x uts:status ", "", ["discontinued"], "uts:product"),
    ("SELECT * { ?x uts:status ", "paus", ["paused"], "no-obstacle"),
    ("SELECT * { ?x a uts:Product . ", "", ["?x", "OPTIONAL"], "uts:Product"),
    ("SELECT * { ?x a uts:Product } OR", "", ["ORDER BY"], "uts:Product"),
    ("PREFIX ", "", ["dcat:"], "uts:Product"),
]


@pytest.mark.parametrize("reader", [(1280, True, "en")], indirect=True, ids=str)
def test_completion_knows_where_the_cursor_stands(reader: Reader) -> None:
    page = reader.page
    page.goto(f"/query?lang={reader.language}")
    options = page.locator(".cm-tooltip-autocomplete li")
    for before, typed, offered, never in PLACES:
        reader.write(before if before == "PREFIX " else UTS + before)
        page.keyboard.type(typed)
        page.keyboard.press("Control+Space")
        for option in offered:
            expect(options.filter(has_text=option).first, f"after {before}{typed}").to_be_visible()
        assert not [text for text in options.all_inner_texts() if never in text], f"after {before}{typed}"
        page.keyboard.press("Escape")


@pytest.mark.parametrize("reader", BOTH, indirect=True, ids=str)
def test_one_press_mends_the_query(reader: Reader) -> None:
    page = reader.page
    page.goto(f"/query?lang={reader.language}")
    reader.write("SELECT ?x { ?x a uts:Product }")
    reader.run()
    expect(page.locator(".query-hints li")).to_have_count(1)
    if reader.scripted:
        expect(page.locator(".cm-lintRange-error")).to_have_text("uts:Product")
    page.locator(".query-hints button").click()
    expect(page.locator("#answer tbody tr").first).to_be_visible()
    assert reader.said().startswith("PREFIX uts: <https://w3id.org/utsaga/ns#>")


ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.mark.parametrize("reader", SCRIPTED, indirect=True, ids=str)
def test_a_running_query_has_a_clock_and_can_be_cancelled(reader: Reader) -> None:
    page = reader.page
    page.goto(f"/query?lang={reader.language}")
    reader.run()
    expect(page.locator("#answer tbody tr").first).to_be_visible()
    reader.write(ENDLESS)
    reader.run()
    expect(page.locator(".clock")).to_have_text("1 s")
    expect(page.locator("#outcome")).to_have_class("outdated")
    page.get_by_role("button", name=WORDS[reader.language]["cancel"]).click()
    expect(page.locator("#progress")).to_contain_text(WORDS[reader.language]["cancelled"])
    expect(page.locator("#outcome.outdated")).to_have_count(0)
    expect(page.locator(".cancel")).to_be_hidden()
    expect(page.locator("#answer tbody tr").first).to_be_visible()


@pytest.mark.parametrize("reader", SCRIPTED, indirect=True, ids=str)
def test_an_empty_query_is_not_sent(reader: Reader) -> None:
    page = reader.page
    page.goto(f"/query?lang={reader.language}")
    reader.write(" ")
    reader.run()
    expect(page.locator("#progress")).to_have_text(WORDS[reader.language]["empty"])


@pytest.mark.parametrize("reader", BOTH, indirect=True, ids=str)
def test_the_editor_is_left_with_the_tab_key(reader: Reader) -> None:
    page = reader.page
    page.goto(f"/query?lang={reader.language}")
    page.locator(".cm-content" if reader.scripted else "textarea").click()
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == WORDS[reader.language]["run"]


@pytest.mark.parametrize("reader", SCRIPTED, indirect=True, ids=str)
def test_a_table_is_sorted_by_its_columns(reader: Reader) -> None:
    page = reader.page
    page.goto(f"/queries/adoption-status?lang={reader.language}")
    header = page.locator("#answer thead th").nth(2)
    header.get_by_role("button").press("Enter")
    expect(header).to_have_attribute("aria-sort", "ascending")
    cells = [
        re.sub(r"\W", "", text) for text in page.locator("#answer tbody td:nth-child(3)").all_inner_texts()
    ]
    assert len(set(cells)) > 2
    assert cells == sorted(cells)


@pytest.mark.parametrize("reader", BOTH, indirect=True, ids=str)
def test_the_neighbourhood_of_an_entity_is_drawn_and_listed(reader: Reader) -> None:
    page = reader.page
    page.goto(f"/graph?iri=https://w3id.org/utsaga/id/product/office-365&lang={reader.language}")
    assert page.locator("ul.graph-links li").count() > 10
    expect(page.locator(".graph-view canvas")).to_have_count(3 if reader.scripted else 0)
    page.locator("ul.graph-links a").first.click()
    assert "/product/office-365" in page.url
