"""Tests of citations of statements."""

import json
import warnings
from html import unescape

import pytest
from citeproc.source.json import CiteProcJSON
from flask.testing import FlaskClient
from pybtex.database import parse_string
from pyoxigraph import RdfFormat, parse

from graph.backends.in_process import InProcess
from graph.release.releases import Release
from web.app import create_app
from web.html.app_state import AppState

STATEMENT = "/statement/bladet-2017-aby-stopp"


def test_csl_is_valid_for_a_citation_processor(pages: FlaskClient) -> None:
    answer = pages.get(f"{STATEMENT}.csl.json?lang=sv")
    assert answer.mimetype == "application/vnd.citationstyles.csl+json"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bladet-2017-aby-stopp.csl.json"'
    (item,) = json.loads(answer.data)
    assert item["title"] == "Åby stoppar Molnet."
    assert item["original-author"] == [{"literal": "Eva Ek, it-chef"}]
    assert item["original-date"] == {"date-parts": [[2017, 10]]}
    assert item["issued"] == {"date-parts": [[2026, 11, 24]]}
    assert item["note"] == "stycke 2, tecken 50–90"
    assert item["version"] == "utgåva abc123def456"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "bladet-2017-aby-stopp" in CiteProcJSON([item])


def test_bibtex_round_trip(pages: FlaskClient) -> None:
    answer = pages.get(f"{STATEMENT}.bib?lang=en&content=en")
    assert answer.mimetype == "application/x-bibtex"
    (entry,) = parse_string(answer.text, "bibtex").entries.values()
    assert entry.key == "bladet-2017-aby-stopp"
    assert entry.fields["title"] == "Åby halts Molnet."
    assert entry.fields["url"] == "https://w3id.org/utsaga/id/statement/bladet-2017-aby-stopp"
    assert entry.fields["year"] == "2026"
    assert "Eva Ek, head of IT. Stopp för molnet. October 2017. paragraph 2" in entry.fields["note"]


def test_the_page_shows_the_citation(pages: FlaskClient) -> None:
    text = pages.get(f"{STATEMENT}?lang=sv").text
    assert (
        "Eva Ek, it-chef, Åby kommun: ”Åby stoppar Molnet.” Ur Stopp för molnet, oktober 2017, stycke 2, "
        "tecken 50–90. Utsaga, utgåva abc123def456. https://w3id.org/utsaga/id/statement/bladet-2017-aby-stopp"
    ) in text
    assert 'href="/statement/bladet-2017-aby-stopp.bib?content=sv&amp;lang=sv"' in text


@pytest.mark.parametrize("text", ['"Vi väntar"', '""'])
def test_a_statement_in_no_known_language_is_cited_without_one(text: str) -> None:
    data = f"""PREFIX uts: <https://w3id.org/utsaga/ns#>
        <https://w3id.org/utsaga/id/statement/x> a uts:Statement ; uts:text {text} ."""
    app = create_app(AppState.of(InProcess.of(parse(data, format=RdfFormat.TURTLE))))
    assert app.test_client().get("/statement/x").status_code == 200
    (item,) = json.loads(app.test_client().get("/statement/x.csl.json").data)
    (entry,) = parse_string(app.test_client().get("/statement/x.bib").text, "bibtex").entries.values()
    assert "language" not in item.keys() | entry.fields.keys()


def test_without_a_release_there_is_no_version(sample: InProcess) -> None:
    answer = create_app(AppState.of(sample)).test_client().get(f"{STATEMENT}.csl.json")
    (item,) = json.loads(answer.data)
    assert not {"version", "issued"} & item.keys()


@pytest.mark.parametrize(
    "path", ["/statement/nothing.bib", "/statement/nothing.csl.json", f"{STATEMENT}.ris"]
)
def test_other_entities_have_no_citation(pages: FlaskClient, path: str) -> None:
    assert pages.get(path).status_code == 404


def test_hostile_text_is_escaped_in_bibtex() -> None:
    turtle = b"""
    @prefix uts: <https://w3id.org/utsaga/ns#> .
    <https://w3id.org/utsaga/id/statement/x> a uts:Statement ;
      uts:text "}, url = {https://evil.example}, @misc{y, \\\\ % # $ & \\" \\n end"@sv .
    """
    client = create_app(AppState.of(InProcess.of(parse(turtle, format=RdfFormat.TURTLE)))).test_client()
    (entry,) = parse_string(client.get("/statement/x.bib").text, "bibtex").entries.values()
    assert entry.fields["url"] == "https://w3id.org/utsaga/id/statement/x"
    assert "evil.example" in entry.fields["title"]


@pytest.mark.parametrize(
    ("language", "speaker", "unread"),
    [
        (
            "sv",
            "Enligt en förteckning",
            "Källans text är inte läst i sin helhet: uppgiften återges i Förteckning över uppföljningar",
        ),
        (
            "en",
            "Reported by a third party (source not read)",
            "The source's text was not read as a whole: it is reported in Register of follow-ups",
        ),
    ],
)
def test_citation_of_a_statement_reported_by_a_register(
    release: Release, language: str, speaker: str, unread: str
) -> None:
    client = create_app(AppState.of(InProcess.open(release.store))).test_client()
    path, chosen = "/statement/imy-region-uppsala-sanktionsavgift", f"lang={language}&content={language}"
    text = unescape(client.get(f"{path}?{chosen}").text)
    assert f'<span class="speaker">{speaker}</span>' in text
    assert f"{unread}. Utsaga. https://" in text
    (item,) = json.loads(client.get(f"{path}.csl.json?{chosen}").data)
    assert item["note"] == unread
    assert "original-author" not in item
    (entry,) = parse_string(client.get(f"{path}.bib?{chosen}").text, "bibtex").entries.values()
    assert entry.fields["note"].startswith(f"{speaker}. ")
    assert entry.fields["note"].endswith(unread)
    assert entry.fields["url"] == f"https://w3id.org/utsaga/id{path}"
