"""What a reporter comes for, walked from the home page by links and the search box alone, in few clicks."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from graph.release.release import Release


class Walk:
    """A reader in Swedish who starts at the home page; a click, and a search that is sent, is a step."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.main = page.locator("main")
        self.heading = page.locator("h1")
        self.steps = 0
        page.goto("/")

    def click(self, target: Locator) -> None:
        """Click what is visible."""
        expect(target).to_be_visible()
        target.click()
        self.steps += 1

    def follow(self, name: str, within: Locator | None = None) -> None:
        """Click the first link of this name."""
        self.click((within or self.main).get_by_role("link", name=name, exact=True).first)

    def search(self, text: str) -> None:
        """Type into the search box and press Enter."""
        box = self.page.get_by_role("combobox", name="Sök")
        box.fill(text)
        box.press("Enter")
        self.page.wait_for_url("**/search?*")
        self.steps += 1


@pytest.fixture
def walk(browser: Browser, server: str) -> Iterator[Walk]:
    trouble: list[str] = []
    with browser.new_context(
        base_url=server, locale="sv-SE", permissions=["clipboard-read", "clipboard-write"]
    ) as context:
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        yield Walk(page)
    assert trouble == []


def test_who_stopped_why_and_a_citation_to_paste(walk: Walk) -> None:
    card = walk.main.locator(".story", has_text="Göteborgs kommun pausade införandet av Office 365")
    expect(card).to_contain_text(
        "Offentlighets- och sekretesslagen (lagen är vår läsning: källan nämner ingen)"
    )
    walk.follow("bedömningen", card)
    expect(walk.heading).to_have_text("Göteborg om Office 365 enligt OSL, 2017")
    lawyers = walk.main.locator("article.statement", has_text="Göteborgs stadsjurister").last
    walk.follow("utsagan", lawyers)
    walk.click(walk.main.get_by_role("button", name="Kopiera"))
    expect(walk.main.locator("[role=status]").first).not_to_be_empty()
    copied = walk.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Enligt Utsaga, som sammanfattar vad Göteborgs stadsjurister")
    assert "Ny Teknik" in copied
    assert "https://w3id.org/utsaga/id/statement/" in copied
    assert not set('“”"') & set(copied)
    assert walk.steps == 3


def test_what_the_lawyer_of_region_uppsala_said_and_exactly_where(walk: Walk) -> None:
    walk.search("jurist Uppsala")
    walk.follow("Anne Nilsson")
    expect(walk.heading).to_have_text("Anne Nilsson")
    said = walk.main.locator(
        "article.statement", has_text="Region Uppsala bedömde att Office 365 fick införas."
    )
    walk.click(said.locator("a.passage-link"))
    expect(walk.heading).to_have_text("Textställe: stycke 14, tecken 1629–1672")
    expect(walk.main).to_contain_text("Stycke 14 av 45")
    source = walk.main.get_by_role("link", name="Läs hos nyteknik.se")
    expect(source).to_have_attribute("href", re.compile(r"^https://www\.nyteknik\.se/"))
    assert walk.steps == 3


def test_who_contradicts_whom_under_the_secrecy_act(walk: Walk) -> None:
    walk.follow("Offentlighets- och sekretesslagen")
    walk.follow("Vilka har bedömt samma produkt på motsatt sätt enligt lagen?")
    columns = walk.main.locator("#answer thead th").all_inner_texts()
    rows = [row.locator("td").all_inner_texts() for row in walk.main.locator("#answer tbody tr").all()]
    pairs = {(row[1], row[5]) for row in rows}
    assert {("Göteborgs kommun", "Malmö kommun"), ("Göteborgs kommun", "Region Stockholm")} <= pairs
    assert {row[3] for row in rows} | {row[7] for row in rows} == {"Offentlighets- och sekretesslagen"}
    assert all(row[4] and row[8] for row in rows)
    assert columns[11].startswith("Lag A är vår läsning")
    assert {row[11] for row in rows} == {"ja"}
    assert walk.steps == 2


@pytest.mark.parametrize(
    ("typed", "name", "provider"),
    [
        ("Kiruna", "Kiruna kommun", "Microsoft"),
        ("Solna", "Solna kommun", "Microsoft"),
        ("Sjöbo", "Sjöbo kommun", "Microsoft"),
        ("Gotland", "Region Gotland", "en lokal leverantör"),
        ("Stockholm", "Stockholms kommun", "en lokal leverantör"),
    ],
)
def test_what_my_municipality_uses(walk: Walk, typed: str, name: str, provider: str) -> None:
    walk.page.get_by_role("combobox", name="Sök").press_sequentially(typed)
    first = walk.page.get_by_role("option").first
    expect(first).to_contain_text(name)
    walk.click(first)
    expect(walk.heading).to_have_text(name)
    mail = walk.main.locator("#status, section").filter(has_text=f"E-posten går via {provider}")
    expect(mail.first).to_contain_text("23 april 2026")
    expect(mail.first).to_contain_text("En mätning av domänens DNS, inget beslut.")
    expect(walk.main.get_by_text("E-posten går via")).to_have_count(1)
    assert walk.steps == 1


def test_gothenburg_from_2016_to_2022(walk: Walk) -> None:
    walk.follow("Hela tidslinjen")
    lane = walk.main.locator(".lane-table tr", has_text="Göteborgs kommun")
    statuses = ["Övervägs", "Beslutat", "Införs", "Pausat", "Införs", "Används", "Införs"]
    entries = lane.locator("ol li")
    expect(entries).to_have_count(len(statuses))
    for entry, status in zip(entries.all(), statuses, strict=True):
        expect(entry).to_contain_text(status, ignore_case=True)
    expect(lane).to_contain_text("senast bekräftat 2021")
    expect(lane.locator(".unknown-after")).to_have_count(1)
    expect(walk.main).to_contain_text("Där stapeln blir streckad är det inte känt vad som gällde därefter.")
    assert walk.steps == 1


def test_subscribing_to_an_organisation(walk: Walk) -> None:
    walk.follow("Göteborgs kommun")
    walk.follow("Följ: nya utsagor som flöde (Atom)")
    walk.page.wait_for_url("**/organisation/goteborgs-kommun.atom*")
    shown = walk.page.evaluate("document.documentElement.textContent")
    assert "Klistra in sidans adress i en flödesläsare" in shown
    titles = walk.page.evaluate(
        "[...document.querySelectorAll('entry > title')].map(each => each.textContent)"
    )
    assert titles
    assert not [title for title in titles if re.match(r"(\w+)\b.*: \1\b", title)]
    assert walk.steps == 2


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that reports are kept in by a server that is started from now on."""
    monkeypatch.setenv("UTSAGA_REPORTS", str(tmp_path))
    return tmp_path


def test_correcting_something_about_me(
    reports: Path, browser: Browser, release: Release, serving: Callable[..., AbstractContextManager[str]]
) -> None:
    with (
        serving(release.path.parent) as address,
        browser.new_context(base_url=address, locale="sv-SE") as context,
    ):
        report_error_about_me(Walk(context.new_page()))
    (kept,) = reports.glob("*.json")
    report = json.loads(kept.read_text(encoding="utf-8"))
    assert report["text"] == "Jag har bytt arbetsgivare."
    assert "person/anne-nilsson-region-uppsala" in report["about"]


def report_error_about_me(walk: Walk) -> None:
    walk.search("Anne Nilsson")
    walk.follow("Anne Nilsson")
    walk.follow("Anmäl fel")
    expect(walk.main).to_contain_text("Inget konto behövs, och det du skriver publiceras inte.")
    expect(walk.main.get_by_label("Vilken sida?")).to_have_value(re.compile("/person/anne-nilsson"))
    walk.click(walk.main.get_by_label("Det gäller mig"))
    walk.main.get_by_label("Vad är fel, och vad ska det vara?").fill("Jag har bytt arbetsgivare.")
    walk.click(walk.main.get_by_role("button", name="Skicka"))
    expect(walk.heading).to_have_text("Tack för anmälan")
    expect(walk.main).to_contain_text(re.compile(r"nummer \d{8}-[0-9a-f]{8}"))
    assert walk.steps == 5
