"""Tests of the pages of statements, sources and passages, and of the claims derived from statements."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from graph.backends.in_process import InProcess
from web.app import create_app
from web.html.app_state import AppState

INFERRED = "(lagen är vår läsning: källan nämner ingen)"


def heading(text: str) -> str:
    """Return the heading of a page as text."""
    found = re.search(r"<h1>(.*?)</h1>", text, re.DOTALL)
    assert found
    return unescape(re.sub("<[^>]*>", "", found[1]))


@pytest.mark.parametrize(
    ("slug", "title"),
    [
        ("ny-teknik-office-365-malmo-annan-syn", "Patrik Kron (Malmö kommun) om Office 365"),
        ("ny-teknik-office-365-goteborg-stopp", "Ny Teknik om Office 365"),
        ("ny-teknik-office-365-region-uppsala-inga-hinder", "Region Uppsala om Office 365, enligt Ny Teknik"),
        (
            "imy-region-uppsala-sanktionsavgift",
            "Integritetsskyddsmyndigheten om E-post vid Akademiska sjukhuset i Uppsala",
        ),
    ],
)
def test_a_statement_is_named_by_who_speaks_and_of_what(reader: FlaskClient, slug: str, title: str) -> None:
    text = reader.get(f"/statement/{slug}").text
    assert heading(text) == title
    assert f"<title>{title}" in unescape(text)


def test_no_statement_is_without_a_name(reader: FlaskClient) -> None:
    slugs = [each["id"].rpartition("/")[2] for each in reader.get("/statement.json").json or []]
    assert len(slugs) > 100
    for slug in slugs[::20]:
        assert " om " in heading(reader.get(f"/statement/{slug}").text), slug


def test_many_subjects_are_counted_in_the_title() -> None:
    abouts = ", ".join(f"<product/p{number}>" for number in range(5))
    products = "".join(f'<product/p{number}> rdfs:label "P{number}"@sv .' for number in range(5))
    data = f"""@base <https://w3id.org/utsaga/id/> . @prefix uts: <https://w3id.org/utsaga/ns#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . {products}
        <organisation/o> rdfs:label "O"@sv . <statement/x> a uts:Statement ; uts:onBehalfOf <organisation/o> ;
        uts:about {abouts}, <law/osl> ; uts:text "Text."@sv . """
    client = create_app(AppState.of(InProcess.of(parse(data, format=RdfFormat.TURTLE)))).test_client()
    assert heading(client.get("/statement/x?lang=sv").text) == "O om P0, P1 och 3 till"
    assert heading(client.get("/statement/x?lang=en").text) == "O on P0, P1 and 3 more"


@pytest.mark.parametrize(
    "path",
    [
        "source/ny-teknik-office-365",
        "statement/ny-teknik-office-365-malmo-annan-syn",
        "passage/ny-teknik-office-365-1248-1255",
    ],
)
def test_the_publisher_and_the_address_stand_on_top(reader: FlaskClient, path: str) -> None:
    text = reader.get(f"/{path}").text
    top = text[text.index("<h1>") : text.index('class="with-aside"')]
    assert '<a href="/organisation/ny-teknik"' in top
    assert re.search(
        r'<a href="https://www\.nyteknik\.se/[^"]*" rel="external">Läs hos nyteknik\.se</a>', top
    )


def test_a_source_that_was_not_read_says_so_wherever_it_is_evidence(reader: FlaskClient) -> None:
    unread, register = "Vi har inte läst källan i sin helhet.", 'href="/source/uppfoljningar"'
    for path in ("source/imy-region-uppsala", "statement/imy-region-uppsala-sanktionsavgift"):
        text = reader.get(f"/{path}").text
        assert unread in text
        assert register in text
    assessment = reader.get("/assessment/imy-e-post-region-uppsala-gdpr-2022").text
    assert "För minst en av dem har vi inte läst källan i sin helhet." in assessment
    for path in ("source/ny-teknik-office-365", "assessment/malmo-kommun-office-365-osl-2017"):
        text = reader.get(f"/{path}").text
        assert unread not in text
        assert "För minst en av dem" not in text


def test_a_law_that_is_our_reading_is_said_to_be_wherever_the_assessment_is(reader: FlaskClient) -> None:
    slug = "malmo-kommun-office-365-osl-2017"
    for path in (f"assessment/{slug}", "organisation/malmo-kommun", "product/office-365", "law/osl"):
        text = reader.get(f"/{path}").text
        start = text.index(f'href="/assessment/{slug}"') if "assessment/" not in path else len(text)
        opened = max(text.rfind(element, 0, start) for element in ("<article", "<li"))
        card = text[0 if path.startswith("assessment/") else opened : start]
        assert INFERRED in card, path
    assert INFERRED in reader.get("/statement/ny-teknik-office-365-malmo-annan-syn").text
    assert INFERRED in reader.get("/timeline?organisation=goteborgs-kommun").text
    stated = reader.get("/assessment/region-stockholm-office-365-osl-2017").text
    assert INFERRED not in stated.partition('<article class="assessment')[0]


def test_the_list_of_assessments_says_which_laws_are_our_reading(reader: FlaskClient) -> None:
    listed = {each["id"].rpartition("/")[2]: each for each in reader.get("/assessment.json").json or []}
    assert listed["malmo-kommun-office-365-osl-2017"]["actInferred"]
    assert not listed["region-stockholm-office-365-osl-2017"].get("actInferred")
    head = reader.get("/assessment.csv").text.splitlines()[0]
    assert "actInferred" in head.split(",")


def test_how_a_person_finds_a_passage(reader: FlaskClient) -> None:
    text = reader.get("/passage/ny-teknik-office-365-1248-1255").text
    assert "I början av texten." in text
    assert "Stycke 11 av 45." in text
    speakers = text[text.index("Där talar:") :].partition("</li>")[0]
    assert "Patrik Kron" in speakers
    assert "Ungefär mitt i texten." in reader.get("/passage/ny-teknik-office-365-3358-3391").text


def test_paragraphs_are_at_least_as_many_where_the_end_is_not_known(pages: FlaskClient) -> None:
    assert "Stycke 2 av minst 3." in pages.get("/passage/bladet-2017-50-90").text


def test_old_knowledge_has_its_age(reader: FlaskClient) -> None:
    for path in ("adoption/malmo-kommun-office-365-2017", "assessment/malmo-kommun-office-365-osl-2017"):
        assert re.search(
            r'<small class="old-knowledge">\(för \d+ år sedan\)</small>', reader.get(f"/{path}").text
        )


def test_a_claim_is_said_to_be_derived(reader: FlaskClient) -> None:
    for path in ("adoption/malmo-kommun-office-365-2017", "assessment/malmo-kommun-office-365-osl-2017"):
        assert (
            "Detta har Utsaga sammanställt av utsagorna nedan. Det är inget citat."
            in reader.get(f"/{path}").text
        )
