"""Tests of citations of statements, adoptions and assessments."""

import json
import warnings
from html import unescape

import pytest
import rispy
from citeproc.source.json import CiteProcJSON
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect
from pybtex.database import parse_string
from pyoxigraph import RdfFormat, parse

from graph.backends.in_process import InProcess
from graph.release.release import Release
from web.app import create_app
from web.entities.citations import MEDIA_TYPES
from web.html.app_state import AppState

STATEMENT = "/statement/bladet-2017-aby-stopp"
IRI = f"https://w3id.org/utsaga/id{STATEMENT}"
TEXT = {
    "sv": "Enligt Utsaga, som sammanfattar vad Eva Ek, it-chef, Åby kommun säger i Stopp för molnet, "
    "oktober 2017, stycke 2, tecken 50–90: Åby stoppar Molnet. Utsaga, utgåva abc123def456. " + IRI,
    "en": "According to Utsaga's summary of what Eva Ek, head of IT, Åby Municipality says in "
    "Stopp för molnet, October 2017, paragraph 2, characters 50–90: Åby halts Molnet. "
    "Utsaga, release abc123def456. " + IRI,
}
NOTE = (
    "Utsaga's summary, not a quotation. Eva Ek, head of IT, Åby Municipality. Stopp för molnet. "
    "October 2017. paragraph 2, characters 50–90"
)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_a_citation_says_whose_words_it_has(pages: FlaskClient, language: str) -> None:
    answer = pages.get(f"{STATEMENT}.cite.txt?lang={language}&content={language}")
    assert answer.mimetype == "text/plain"
    assert answer.text == f"{TEXT[language]}\n"
    assert not set("”“\"'«»") & set(answer.text.replace("Utsaga's", "")), (
        "our words are in no quotation marks"
    )


def test_html_has_the_same_words_and_absolute_links(pages: FlaskClient) -> None:
    answer = pages.get(f"{STATEMENT}.cite.html?lang=sv")
    assert answer.mimetype == "text/html"
    assert '<a href="https://w3id.org/utsaga/id/person/eva-ek">Eva Ek</a>' in answer.text
    assert f'<a href="{IRI}">{IRI}</a>' in answer.text
    assert 'href="/' not in answer.text


def test_csl_is_valid_for_a_citation_processor(pages: FlaskClient) -> None:
    answer = pages.get(f"{STATEMENT}.csl.json?lang=sv")
    assert answer.mimetype == "application/vnd.citationstyles.csl+json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bladet-2017-aby-stopp.csl.json"'
    (item,) = json.loads(answer.data)
    assert item["author"] == [{"literal": "Utsaga"}]
    assert item["title"] == "Åby stoppar Molnet."
    assert item["genre"] == "sammanfattning"
    assert item["original-author"] == [{"literal": "Eva Ek, it-chef, Åby kommun"}]
    assert item["original-date"] == {"date-parts": [[2017, 10]]}
    assert item["issued"] == {"date-parts": [[2026, 11, 24]]}
    assert item["note"].endswith("stycke 2, tecken 50–90")
    assert item["version"] == "utgåva abc123def456"
    assert "accessed" not in item, "the date of access is the reader's"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "bladet-2017-aby-stopp" in CiteProcJSON([item])


def test_bibtex_round_trip(pages: FlaskClient) -> None:
    answer = pages.get(f"{STATEMENT}.bib?lang=en&content=en")
    assert answer.mimetype == "application/x-bibtex"
    (entry,) = parse_string(answer.text, "bibtex").entries.values()
    assert entry.key == "bladet-2017-aby-stopp"
    assert [str(person) for person in entry.persons["author"]] == ["Utsaga"]
    assert entry.fields["title"] == "Åby halts Molnet."
    assert entry.fields["url"] == IRI
    assert entry.fields["year"] == "2026"
    assert entry.fields["note"] == NOTE


def test_ris_round_trip(pages: FlaskClient) -> None:
    answer = pages.get(f"{STATEMENT}.ris?lang=en&content=en")
    assert answer.mimetype == "application/x-research-info-systems"
    (record,) = rispy.loads(answer.text)
    assert record == {
        "type_of_reference": "ELEC",
        "id": "bladet-2017-aby-stopp",
        "authors": ["Utsaga"],
        "title": "Åby halts Molnet.",
        "secondary_title": "Utsaga",
        "type_of_work": "summary",
        "year": "2026",
        "date": "2026/11/24",
        "edition": "release abc123def456",
        "language": "en",
        "urls": [IRI],
        "notes": [NOTE],
    }


def test_the_page_shows_the_citation_and_links_to_its_files(pages: FlaskClient) -> None:
    text = pages.get(f"{STATEMENT}?lang=sv").text
    assert "Citera den inte som personens eller källans egna" in text
    for extension in MEDIA_TYPES:
        assert f'href="/statement/bladet-2017-aby-stopp.{extension}?content=sv&amp;lang=sv"' in text


def test_a_citation_is_copied_with_one_press(browser: Browser, server: str) -> None:
    path = "/statement/ny-teknik-office-365-malmo-annan-syn"
    with browser.new_context(base_url=server, locale="sv-SE") as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(path)
        page.get_by_role("button", name="Kopiera", exact=True).click()
        expect(page.locator(".copy-outcome").first).to_have_text("Kopierat")
        copied = page.evaluate("navigator.clipboard.readText()")
        assert copied.startswith(
            "Enligt Utsaga, som sammanfattar vad Patrik Kron, it-chef, Malmö kommun säger i "
        )
        assert copied.endswith(path)
        html = page.evaluate(
            "navigator.clipboard.read()"
            ".then(([item]) => item.getType('text/html').then((blob) => blob.text()))"
        )
        assert "https://www.nyteknik.se/" in html
        page.locator(".citation-formats > summary").click()
        page.get_by_role("button", name="Kopiera RIS").click()
        expect(page.locator(".citation-formats .copy-outcome", has_text="Kopierat")).to_have_count(1)
        (record,) = rispy.loads(page.evaluate("navigator.clipboard.readText()"))
        assert record["urls"] == [f"https://w3id.org/utsaga/id{path}"]


def test_without_javascript_there_is_text_but_no_button(browser: Browser, server: str) -> None:
    with browser.new_context(base_url=server, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto("/statement/ny-teknik-office-365-malmo-annan-syn?lang=en")
        expect(page.locator("#citation")).to_contain_text("According to Utsaga's summary of what Patrik Kron")
        assert page.locator("button.copy:visible").count() == 0


@pytest.mark.parametrize("text", ['"Vi väntar"', '""'])
def test_a_statement_in_no_known_language_is_cited_without_one(text: str) -> None:
    data = f"""PREFIX uts: <https://w3id.org/utsaga/ns#>
        <https://w3id.org/utsaga/id/statement/x> a uts:Statement ; uts:text {text} ."""
    app = create_app(AppState.of(InProcess.of(parse(data, format=RdfFormat.TURTLE))))
    assert app.test_client().get("/statement/x").status_code == 200
    (item,) = json.loads(app.test_client().get("/statement/x.csl.json").data)
    (entry,) = parse_string(app.test_client().get("/statement/x.bib").text, "bibtex").entries.values()
    (record,) = rispy.loads(app.test_client().get("/statement/x.ris").text)
    assert "language" not in item.keys() | entry.fields.keys() | record.keys()


def test_without_a_release_there_is_no_version(sample: InProcess) -> None:
    client = create_app(AppState.of(sample)).test_client()
    (item,) = json.loads(client.get(f"{STATEMENT}.csl.json").data)
    assert not {"version", "issued"} & item.keys()
    (record,) = rispy.loads(client.get(f"{STATEMENT}.ris").text)
    assert not {"edition", "year", "date"} & record.keys()


CLAIMS = {
    "/adoption/ale-kommun-office-365-2014": (
        "According to Utsaga's record, derived from ",
        "Ale Municipality · Office 365: preparing, 2014",
    ),
    "/assessment/imy-azure-ad-gdpr-2021": (
        "According to Utsaga's record, derived from ",
        "Swedish Authority for Privacy Protection · Azure AD · "
        "General Data Protection Regulation: obstacle, June 2021",
    ),
}


@pytest.mark.parametrize("path", CLAIMS)
def test_a_claim_is_cited_as_derived_from_its_sources(reader: FlaskClient, path: str) -> None:
    begins, text = CLAIMS[path]
    chosen = "lang=en&content=en"
    cited = reader.get(f"{path}.cite.txt?{chosen}").text
    assert cited.startswith(begins)
    assert text in cited
    assert cited.endswith(f"https://w3id.org/utsaga/id{path}\n")
    html = reader.get(f"{path}.cite.html?{chosen}").text
    assert "<cite>" in html
    assert 'href="/' not in html
    (item,) = json.loads(reader.get(f"{path}.csl.json?{chosen}").data)
    assert (item["title"], item["genre"], item["author"]) == (text, "derived record", [{"literal": "Utsaga"}])
    assert "original-author" not in item, "nobody said it in these words"
    assert item["original-title"].split("; ")[0] in unescape(html)
    (entry,) = parse_string(reader.get(f"{path}.bib?{chosen}").text, "bibtex").entries.values()
    assert entry.fields["note"].startswith("Utsaga's record, derived from sources; not a quotation. ")
    (record,) = rispy.loads(reader.get(f"{path}.ris?{chosen}").text)
    assert record["title"] == text
    page = reader.get(f"{path}?{chosen}").text
    assert "Do not quote it as the organisation's own words" in page.replace("&#39;", "'")
    for extension in MEDIA_TYPES:
        assert f'href="{path}.{extension}?' in page


def test_the_citation_of_an_assessment_says_that_its_law_is_our_reading(reader: FlaskClient) -> None:
    query = "SELECT ?a { ?a <https://w3id.org/utsaga/ns#actInferred> true } ORDER BY ?a LIMIT 1"
    found = json.loads(reader.get("/sparql", query_string={"query": query, "format": "json"}).data)
    name = found["results"]["bindings"][0]["a"]["value"].removeprefix("https://w3id.org/utsaga/id")
    assert "(the law is our reading" in reader.get(f"{name}.cite.txt?lang=en&content=en").text


def test_a_claim_is_copied_with_one_press(browser: Browser, server: str) -> None:
    path = "/adoption/ale-kommun-office-365-2014"
    with browser.new_context(base_url=server, locale="sv-SE") as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.goto(path)
        page.get_by_role("button", name="Kopiera", exact=True).click()
        expect(page.locator(".copy-outcome").first).to_have_text("Kopierat")
        assert page.evaluate("navigator.clipboard.readText()").startswith(
            "Enligt en uppgift hos Utsaga, härledd ur "
        )


@pytest.mark.parametrize("extension", MEDIA_TYPES)
@pytest.mark.parametrize(
    "path", ["/statement/nothing", "/adoption/nothing", "/assessment/nothing", "/law/osl"]
)
def test_other_entities_have_no_citation(pages: FlaskClient, path: str, extension: str) -> None:
    assert pages.get(f"{path}.{extension}").status_code == 404


def test_hostile_text_is_escaped_in_every_format() -> None:
    turtle = rb"""
    @prefix uts: <https://w3id.org/utsaga/ns#> .
    <https://w3id.org/utsaga/id/statement/x> a uts:Statement ; uts:text
      "}, url = {https://evil.example}, @misc{y, \\ % # $ & \" \nUR  - https://evil.example \nER  - <b>"@sv .
    """
    client = create_app(AppState.of(InProcess.of(parse(turtle, format=RdfFormat.TURTLE)))).test_client()
    (entry,) = parse_string(client.get("/statement/x.bib").text, "bibtex").entries.values()
    assert entry.fields["url"] == "https://w3id.org/utsaga/id/statement/x"
    assert "evil.example" in entry.fields["title"]
    (record,) = rispy.loads(client.get("/statement/x.ris").text)
    assert record["urls"] == ["https://w3id.org/utsaga/id/statement/x"]
    assert "<b>" not in client.get("/statement/x.cite.html").text
    assert "ER - <b>" in client.get("/statement/x.cite.txt").text


@pytest.mark.parametrize(
    ("language", "mark", "unread"),
    [
        (
            "sv",
            "(källan inte läst i sin helhet)",
            "Källans text är inte läst i sin helhet: uppgiften återges i Förteckning över uppföljningar",
        ),
        (
            "en",
            "(source not read in full)",
            "The source's text was not read as a whole: it is reported in Register of follow-ups",
        ),
    ],
)
def test_citation_of_a_statement_reported_by_a_register(
    release: Release, language: str, mark: str, unread: str
) -> None:
    client = create_app(AppState.of(InProcess.open(release.store))).test_client()
    path, chosen = "/statement/imy-region-uppsala-sanktionsavgift", f"lang={language}&content={language}"
    text = unescape(client.get(f"{path}?{chosen}").text)
    assert f'<small class="unread">{mark}</small>' in text
    assert f"{unread}. Utsaga. https://" in client.get(f"{path}.cite.txt?{chosen}").text
    (item,) = json.loads(client.get(f"{path}.csl.json?{chosen}").data)
    assert item["note"].endswith(unread)
    (entry,) = parse_string(client.get(f"{path}.bib?{chosen}").text, "bibtex").entries.values()
    assert entry.fields["note"].endswith(unread)
    assert entry.fields["url"] == f"https://w3id.org/utsaga/id{path}"
