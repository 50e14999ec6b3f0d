"""Feeds that a browser shows as a page, those of searches and of stored queries, and the page about them."""

import gzip
import json
import re
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from graph.backends.in_process import InProcess
from graph.build.store_writer import load
from graph.core.namespaces import ID
from graph.release import change_log, dcat
from graph.release.publication import Publication
from graph.release.release import DUMP, FORM, Manifest, Release, removal_digest
from graph.release.releases import Releases
from web.app import create_app
from web.html.app_state import AppState

ATOM = "{http://www.w3.org/2005/Atom}"
SAMPLE = Path(__file__).parents[1] / "sample.ttl"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
Make = Callable[[str, str], Release]


@pytest.fixture
def client(published_app: Flask) -> FlaskClient:
    client = published_app.test_client()
    client.environ_base |= {"HTTP_ACCEPT_LANGUAGE": "sv"}
    return client


def entries(client: FlaskClient, path: str) -> list[ET.Element]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return ET.fromstring(answer.data).findall(f"{ATOM}entry")  # noqa: S314 (ours)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (BROWSER, "application/xml"),
        ("application/atom+xml,application/xml;q=0.9", "application/atom+xml"),
        ("*/*", "application/atom+xml"),
        ("", "application/atom+xml"),
        ("text/html", "application/atom+xml"),
    ],
)
def test_a_browser_gets_a_feed_as_xml_with_a_style_sheet(
    client: FlaskClient, accept: str, media_type: str
) -> None:
    answer = client.get("/feed.atom", headers={"Accept": accept})
    assert answer.mimetype == media_type
    assert "Accept" in answer.vary
    lines = answer.text.splitlines()
    assert lines[1] == '<?xml-stylesheet type="text/css" href="/static/feed.css"?>'
    assert 'href="http://localhost/feeds"' in answer.text
    with client.get("/static/feed.css") as sheet:
        css = sheet.get_data(as_text=True)
        assert sheet.status_code == 200
    assert "prefers-color-scheme: dark" in css
    assert "url(" not in css


def test_what_is_cut_is_told(client: FlaskClient, release: Release) -> None:
    total = release.manifest.classes["https://w3id.org/utsaga/ns#Statement"]
    assert f"Här visas de senaste 100 av {total}." in client.get("/feed.atom").text


def test_the_feed_of_a_search_has_the_statements_that_it_finds(client: FlaskClient) -> None:
    found = client.get("/search.json?q=CLOUD%20Act&kind=statement").get_json()
    assert 0 < found["total"] <= 20
    feed = entries(client, "/search.atom?q=CLOUD%20Act")
    assert {each.findtext(f"{ATOM}id") for each in feed} == {hit["id"] for hit in found["hits"]}
    assert "/search.atom?q=CLOUD+Act" in client.get("/search?q=CLOUD+Act").text
    ids = [
        re.search("<id>(.*?)</id>", client.get(f"/search.atom?q={q}").text) for q in ("GDPR", "OSL", "GDPR")
    ]
    first, other, again = (each[1] for each in ids if each)
    assert first == again != other


@pytest.mark.parametrize("path", ["/search.atom", "/search.atom?q=%20", "/search.atom?q=%22"])
def test_a_search_without_words_has_no_feed(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_the_page_about_feeds_leads_to_all(client: FlaskClient) -> None:
    text = client.get("/feeds").text
    linked = re.findall(r'href="(/[^"]+\.atom[^"]*)"', text)
    assert {"/feed.atom", "/search.atom?q=sekretess", "/queries/adoption-status.atom"} <= set(linked)
    assert "/queries/coats-of-arms.atom" not in linked
    assert client.get("/queries/coats-of-arms.atom").status_code == 404
    for path in [each for each in linked if not each.startswith("/queries/")]:
        assert client.get(path).status_code == 200
    for path in ("/", "/organisation/malmo-kommun", "/queries/adoption-status", "/dataset"):
        assert 'href="/feeds"' in client.get(path, headers={"Accept": BROWSER}).text


def test_without_a_release_there_are_no_feeds(pages: FlaskClient) -> None:
    for path in ("/feeds", "/search.atom?q=molnet", "/queries/adoption-status.atom"):
        assert pages.get(path).status_code == 404


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """What makes a release, in one folder, of the small graph with a text replaced by another."""
    made: list[Release] = []

    def make(old: str, new: str) -> Release:
        text = SAMPLE.read_text()
        assert old in text
        quads = list(parse(text.replace(old, new), format=RdfFormat.TURTLE, base_iri=ID))
        number = len(made) + 1
        name = f"{number:012x}"
        place = tmp_path / "releases" / f"{name}-{FORM}"
        place.mkdir(parents=True)
        load(place / "store", quads)
        manifest = Manifest(name, name, f"2026-11-0{number}T09:00:00+00:00", len(quads))
        (place / "manifest.json").write_text(json.dumps(asdict(manifest)))
        (place / DUMP).write_bytes(gzip.compress(b""))
        (place / dcat.FILE).write_text("")
        before = made[-1] if made else None
        change_log.write(place, quads, manifest.created, before)
        made.append(Release(place, manifest))
        return made[-1]

    return make


def serve(release: Release) -> FlaskClient:
    state = AppState.of(
        InProcess.open(release.store), release=release.manifest, publication=Publication.of(release)
    )
    client = create_app(state).test_client()
    client.environ_base |= {"HTTP_ACCEPT_LANGUAGE": "sv"}
    return client


def test_the_feed_of_a_query_has_the_rows_that_changed_between_releases(make: Make) -> None:
    make("adoption-status/halted> ;\n  uts:scope", "adoption-status/in-use> ;\n  uts:scope")
    latest = make("uts:scope", "uts:scope")
    client = serve(latest)
    (entry,) = entries(client, "/queries/adoption-status.atom")
    title = entry.findtext(f"{ATOM}title", "")
    assert title.startswith("Ändrad rad: Åby kommun · Molnet · ")
    content = "".join(entry.itertext())
    assert "förut: används" in content
    assert entry.findtext(f"{ATOM}updated") == latest.manifest.created
    again = entries(client, "/queries/adoption-status.atom")[0]
    assert again.findtext(f"{ATOM}id") == entry.findtext(f"{ATOM}id")
    other = entries(client, "/queries/adoption-status.atom?organisation=organisation/oby-kommun")
    assert other == []
    given = entries(client, "/queries/adoption-status.atom?organisation=organisation/aby-kommun")
    assert [each.findtext(f"{ATOM}title") for each in given] == [title]
    assert client.get("/queries/adoption-status.atom?organisation=%3Cx").status_code == 400
    assert client.get("/queries/nothing.atom").status_code == 404


def test_a_release_that_cannot_answer_is_passed_over(make: Make) -> None:
    first = make("adoption-status/halted> ;\n  uts:scope", "adoption-status/in-use> ;\n  uts:scope")
    broken = make("uts:scope", "uts:scope")
    latest = make("uts:scope", "uts:scope")
    (broken.store / "CURRENT").write_text("nonsense\n")
    (entry,) = entries(serve(latest), "/queries/adoption-status.atom")
    assert first.store.is_dir()
    assert entry.findtext(f"{ATOM}updated") == latest.manifest.created


def test_with_one_release_nothing_has_changed(make: Make) -> None:
    client = serve(make("uts:scope", "uts:scope"))
    assert entries(client, "/queries/adoption-status.atom") == []
    assert "Här finns bara en utgåva" in client.get("/queries/adoption-status.atom").text


def test_the_feed_of_a_query_never_names_who_was_removed(make: Make) -> None:
    make("uts:scope", "uts:scope")
    without = re.compile(r"Eva Ek")
    latest = make('rdfs:label "Eva Ek"@sv', 'rdfs:label "N N"@sv')
    named = serve(latest).get("/queries/statements-by-organisation.atom").text
    assert without.search(named)
    gone = replace(latest.manifest, removed=[removal_digest(f"{ID}person/eva-ek")])
    (latest.path / "manifest.json").write_text(json.dumps(asdict(gone)))
    found = Releases(latest.path.parent).get(gone.id)
    for name in ("people-and-offices", "statements-by-organisation"):
        answer = serve(found).get(f"/queries/{name}.atom")
        assert answer.status_code == 200
        assert not without.search(answer.text)
