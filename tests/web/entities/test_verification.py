"""Tests of the page on which a reader checks passages against a copy of the text, most in a browser."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, expect
from pyoxigraph import RdfFormat, parse
from werkzeug.serving import make_server

from graph.backends.in_process import InProcess
from graph.ingest.passages import digest
from web.app import create_app
from web.html.app_state import AppState

ARTICLE = "/source/ny-teknik-office-365/verify"
OWN_TEXT = (
    "Vägen till molnet 🎉\n\n"
    "Åby kommun prövar tjänsten.\u00a0Den är\u2009billig.\n\n"
    "Öby säger nej, på grund av lagen.\nZby väntar på Öby."
)
OWN_WORDS = (
    "Vägen till molnet 🎉",
    "Åby kommun prövar tjänsten.",
    "Den är\u2009billig.",
    "Öby säger nej",
    "lagen.\nZby väntar",
)


@dataclass
class Check:
    """The page before a reader, and what it asked for and complained about since it was loaded."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        self.page.goto(address)
        self.page.wait_for_load_state("networkidle")
        self.page.on("request", self._note)
        self.page.on("console", self._complain)

    def paste(self, text: str) -> None:
        """Put `text` in the text area, press the button, and wait for the outcome."""
        self.page.locator("#copy").fill(text)
        self.page.evaluate("document.querySelector('#summary').textContent = ''")
        self.page.get_by_role("button", name="Check", exact=True).click()
        expect(self.page.locator("#summary")).not_to_have_text(re.compile(r"^$|…"), timeout=60_000)

    @property
    def summary(self) -> str:
        return self.page.locator("#summary").inner_text()

    @property
    def verdicts(self) -> list[str]:
        return self.page.locator(".passage-list > li > .verdict").all_inner_texts()

    def _note(self, request: Request) -> None:
        self.requests.append(request.url)

    def _complain(self, message: ConsoleMessage) -> None:
        self.complaints.append(message.text)


@pytest.fixture
def check(browser: Browser) -> Iterator[Check]:
    with browser.new_context(locale="en-GB", viewport={"width": 390, "height": 900}) as context:
        found = Check(context.new_page())
        yield found
        assert found.requests == []


@pytest.fixture(scope="module")
def article(shared: Path) -> str:
    path = shared / "sources" / "ny-teknik-office-365.txt"
    if not path.is_file():
        pytest.skip(f"{path} is missing")
    return path.read_text("utf-8")


@pytest.fixture(scope="module")
def own_source() -> Iterator[str]:
    """The address of the page for a source of the tests' own making."""
    turtle = "\n".join(_passage(words) for words in OWN_WORDS)
    data = f"""
        @prefix uts: <https://w3id.org/utsaga/ns#> . @prefix oa: <http://www.w3.org/ns/oa#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @base <https://w3id.org/utsaga/id/> .
        <source/own> a uts:Source ; rdfs:label "Own" . {turtle}"""
    app = create_app(AppState.of(InProcess.of(parse(data, format=RdfFormat.TURTLE))))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/source/own/verify"
    server.shutdown()
    thread.join()


def _passage(words: str) -> str:
    start = OWN_TEXT.index(words)
    end = start + len(words)
    return f"""<passage/own-{start}-{end}> a uts:Passage ; oa:hasSource <source/own> ;
        uts:digest "{digest(words)}" ; oa:hasSelector <passage/own-{start}-{end}#position> .
        <passage/own-{start}-{end}#position> oa:start {start} ; oa:end {end} ."""


def test_the_policy_lets_the_page_connect_to_nothing(pages: FlaskClient) -> None:
    answer = pages.get("/source/bladet-2017/verify?lang=en")
    rules = dict(rule.split(" ", 1) for rule in answer.headers["Content-Security-Policy"].split("; "))
    assert rules["connect-src"] == rules["form-action"] == rules["default-src"] == "'none'"
    assert rules["img-src"] == "data:"
    assert "Nothing is sent to us" in answer.text
    assert "<form" not in answer.text
    assert "search.js" not in answer.text


def test_passages_are_listed_in_reading_order_with_their_statements(pages: FlaskClient) -> None:
    text = pages.get("/source/bladet-2017/verify?lang=sv").text
    starts = [int(start) for start in re.findall(r'data-start="(\d+)"', text)]
    assert starts == [0, 50, 400]
    assert 'data-digest="def456"' in text
    assert "Eva Ek (Åby kommun) om Molnet" in text
    assert "utsaga verify bladet-2017 text.txt" in text


@pytest.mark.parametrize("slug", ["rapporten-2019", "nothing"])
def test_a_source_without_passages_has_no_such_page(pages: FlaskClient, slug: str) -> None:
    assert pages.get(f"/source/{slug}/verify").status_code == 404


def test_every_page_on_the_way_leads_there(pages: FlaskClient) -> None:
    ways = ("source/bladet-2017", "passage/bladet-2017-50-90", "statement/bladet-2017-aby-stopp")
    assert all('href="/source/bladet-2017/verify"' in pages.get(f"/{way}").text for way in ways)
    assert "/verify" not in pages.get("/source/rapporten-2019").text


def test_all_passages_of_the_article_hold(check: Check, server: str, article: str) -> None:
    check.open(f"{server}{ARTICLE}")
    check.paste(article)
    assert "All passages are there: 115 of 115." in check.summary
    assert "character by character" in check.summary
    assert len(check.verdicts) == 115
    assert all(verdict.startswith("✓ found in its place") for verdict in check.verdicts)
    assert check.page.locator("mark.holds").count() >= 115
    assert check.page.locator("mark.missing").count() == 0
    assert check.page.locator(".marked-text").inner_text().split() == article.split()
    assert check.complaints == []


def test_one_changed_word_is_found(check: Check, server: str, article: str) -> None:
    check.open(f"{server}{ARTICLE}")
    changed = article.replace("säkerhetsanalyser", "säkerhetsundersökningar", 1)
    check.paste(changed)
    assert "114 of 115 passages are there. 1 not found" in check.summary
    missing = [verdict for verdict in check.verdicts if verdict.startswith("✗")]
    assert len(missing) == 1
    marked = "".join(check.page.locator("mark.missing").all_inner_texts())
    assert "säkerhetsundersökningar" in marked, "the supposed place is marked"


def test_a_copy_with_other_white_space_and_order_holds_by_digest(
    check: Check, server: str, article: str
) -> None:
    check.open(f"{server}{ARTICLE}")
    paragraphs = [line for line in article.split("\n") if line.strip()]
    check.paste(" \n\n\n".join([*paragraphs[20:], *paragraphs[:20]]))
    assert "All passages are there: 115 of 115." in check.summary
    assert "Elsewhere than expected, found by digest: 1" in check.summary
    assert "character by character" not in check.summary


def test_the_page_cannot_send_anything(check: Check, server: str) -> None:
    check.open(f"{server}{ARTICLE}")
    attempt = "fetch('/healthz').then(() => 'sent', () => 'refused')"
    assert check.page.evaluate(attempt) == "refused"
    assert not check.page.evaluate("navigator.sendBeacon('/healthz', 'x') && false")
    assert any("connect-src 'none'" in complaint for complaint in check.complaints)
    check.requests.clear()  # the browser reports what it refused


def test_positions_are_code_points_and_white_space_is_folded(check: Check, own_source: str) -> None:
    check.open(own_source)
    check.paste(OWN_TEXT)
    assert "All passages are there: 5 of 5." in check.summary
    assert "Elsewhere" not in check.summary
    check.paste(OWN_TEXT.replace("\u2009", "  \t").replace("\n", "\n\n"))
    assert "All passages are there: 5 of 5." in check.summary
    assert "Elsewhere than expected, found by digest: 4." in check.summary
    check.paste(OWN_TEXT.replace("nej", "jo!"))
    assert "4 of 5 passages are there. 1 not found" in check.summary
    assert check.page.locator("mark.missing").all_inner_texts() == ["Öby säger jo!"]
    check.paste("Something else entirely.")
    assert "No passage is in the text." in check.summary


def test_a_file_is_read_and_a_wrong_one_is_said_to_be(check: Check, own_source: str, tmp_path: Path) -> None:
    check.open(own_source)
    right, wrong = tmp_path / "right.txt", tmp_path / "wrong.txt"
    right.write_bytes(OWN_TEXT.replace("\n", "\r\n").encode("utf-8-sig"))
    wrong.write_bytes(OWN_TEXT.encode("utf-16"))
    check.page.locator("#file").set_input_files(right)
    expect(check.page.locator("#summary")).to_contain_text("All passages are there: 5 of 5.")
    check.page.locator("#file").set_input_files(wrong)
    expect(check.page.locator("#summary")).to_contain_text("not text in UTF-8")


def test_without_javascript_the_command_is_there(browser: Browser, own_source: str) -> None:
    with browser.new_context(java_script_enabled=False, locale="en-GB") as context:
        page = context.new_page()
        page.goto(own_source)
        expect(page.locator("#verification")).to_be_hidden()
        expect(page.locator("main")).to_contain_text("needs JavaScript")
        expect(page.locator("pre.command")).to_have_text("utsaga verify own text.txt")
        assert page.locator(".passage-list > li").count() == 5
