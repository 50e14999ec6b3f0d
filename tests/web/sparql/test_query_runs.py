"""The last run of each stored query, as the list of queries shows it."""

import hashlib
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.query.query_runs import QueryRun
from graph.query.stored import load_queries
from graph.release import dcat, run_records
from graph.release.publication import Publication
from graph.release.release import Release
from graph.release.releases import Releases
from web.app import create_app
from web.html.app_state import AppState
from web.runtime.release_watch import live_release

NAME, AFAR = "coverage", "coats-of-arms"


@pytest.fixture
def copy(release: Release, tmp_path: Path) -> Release:
    """The description of the release alone, without any recorded run."""
    path = tmp_path / release.path.name
    path.mkdir()
    shutil.copy(release.path / dcat.FILE, path)
    return Release(path, release.manifest)


def client(release: Release, published: Release) -> FlaskClient:
    """A browser on the release, with the runs that are recorded for `published`."""
    publication = Publication.of(published)
    assert publication
    state = AppState.of(InProcess.open(release.store), release=release.manifest, publication=publication)
    browser = create_app(state).test_client()
    browser.environ_base |= {"HTTP_ACCEPT": "text/html,*/*;q=0.8"}
    return browser


def items(browser: FlaskClient, language: str = "en") -> dict[str, str]:
    """The text of each query in the list, by name."""
    found = re.findall(r"<li><h2>.*?</li>", browser.get(f"/queries?lang={language}").text, re.DOTALL)
    words = [" ".join(re.sub("<[^>]+>", "", item).split()) for item in found]
    return dict(zip(load_queries(), words, strict=True))


def described(browser: FlaskClient, name: str) -> dict[str, object]:
    document = browser.get("/queries.json").json
    assert document
    found: dict[str, object] = next(each for each in document["queries"] if each["name"] == name)
    return found


def run_of(name: str, rows: int | None, problem: str = "", *, text: str = "") -> QueryRun:
    digest = hashlib.sha256((text or load_queries()[name].text).encode()).hexdigest()[:12]
    return QueryRun("2031-11-29T14:05:00+00:00", 12345, rows, digest, problem)


def test_the_run_of_the_build_is_shown(release: Release) -> None:
    browser = client(release, release)
    run = run_records.read(release)[NAME]
    assert f"{run.at[11:16]} UTC: 2 rows, {run.milliseconds} ms · expected: 2–10 rows" in items(browser)[NAME]
    found = described(browser, NAME)
    assert found["bounds"] == {"min": 2, "max": 10}
    assert found["lastRun"] == {
        "at": run.at,
        "milliseconds": run.milliseconds,
        "rows": 2,
        "withinBounds": True,
        "problem": None,
    }


def test_a_query_that_was_not_run_says_so(release: Release, copy: Release) -> None:
    browser = client(release, copy)
    assert "Not run against this release · expected: 2–10 rows" in items(browser)[NAME]
    assert "Inte körd mot den här utgåvan · väntat: 2–10 rader" in items(browser, "sv")[NAME]
    assert described(browser, NAME)["lastRun"] is None


def test_a_run_of_another_text_is_not_shown(release: Release, copy: Release) -> None:
    run_records.record(copy, {NAME: run_of(NAME, 2, text="ASK {}")})
    assert "Not run against this release" in items(client(release, copy))[NAME]


def test_unexpected_rows_stand_out(release: Release, copy: Release) -> None:
    run_records.record(copy, {NAME: run_of(NAME, 11)})
    browser = client(release, copy)
    words = "Senast körd 29 november 2031 14:05 UTC: 11 rader, 12 345 ms · väntat: 2–10 rader"
    assert words in items(browser, "sv")[NAME].replace("\N{NO-BREAK SPACE}", " ")
    assert "<strong>expected: 2–10 rows</strong>" in browser.get("/queries?lang=en").text
    assert described(browser, NAME)["lastRun"] == {
        "at": "2031-11-29T14:05:00+00:00",
        "milliseconds": 12345,
        "rows": 11,
        "withinBounds": False,
        "problem": None,
    }


def test_an_endpoint_without_an_answer_stands_out(release: Release, copy: Release) -> None:
    run_records.record(copy, {AFAR: run_of(AFAR, None, "The endpoint is away")})
    browser = client(release, copy)
    assert "29 November 2031 14:05 UTC: no answer · expected" in items(browser)[AFAR]
    last = described(browser, AFAR)["lastRun"]
    assert isinstance(last, dict)
    assert (last["rows"], last["withinBounds"], last["problem"]) == (None, None, "The endpoint is away")


def engine_rows(browser: FlaskClient, language: str = "en") -> list[list[str]]:
    """The cells of the table of engines, as text."""
    table = re.search(
        r'<section id="engines">.*?</section>', browser.get(f"/queries?lang={language}").text, re.DOTALL
    )
    rows = re.findall(r"<tr>.*?</tr>", table[0], re.DOTALL) if table else []
    cells = [re.findall(r"<t[hd].*?</t[hd]>", row, re.DOTALL) for row in rows]
    return [[" ".join(re.sub("<[^>]+>", " ", cell).split()) for cell in row] for row in cells]


def test_the_times_on_other_engines_are_compared(release: Release, copy: Release) -> None:
    run_records.record(copy, {NAME: run_of(NAME, 2)})
    run_records.record_engine(copy, "Virtuoso 7.2", {NAME: run_of(NAME, 3), AFAR: run_of(AFAR, None, "away")})
    run_records.record_engine(
        copy, "Oxigraph 0.5", {NAME: run_of(NAME, 2), "evidence": run_of("evidence", 1, text="ASK {}")}
    )
    browser = client(release, copy)
    assert engine_rows(browser) == [
        ["Query", "Here", "Oxigraph 0.5 2031-11-29", "Virtuoso 7.2 2031-11-29"],
        [AFAR, "–", "–", "no answer"],
        [NAME, "12,345", "12,345", "3 rows , 12,345"],
    ]
    found = described(browser, NAME)["engines"]
    assert isinstance(found, list)
    assert [(each["engine"], each["rows"], each["withinBounds"]) for each in found] == [
        ("Oxigraph 0.5", 2, True),
        ("Virtuoso 7.2", 3, True),
    ]
    assert described(browser, "evidence")["engines"] == [], "another text was run"


def test_without_another_engine_there_is_no_table(release: Release, copy: Release) -> None:
    run_records.record(copy, {NAME: run_of(NAME, 2)})
    browser = client(release, copy)
    assert engine_rows(browser) == []
    assert described(browser, NAME)["engines"] == []


def test_what_has_no_release_has_no_runs(release: Release) -> None:
    browser = create_app(AppState.of(InProcess.open(release.store))).test_client()
    page = browser.get("/queries?lang=en", headers={"Accept": "text/html"}).text
    assert "expected:" not in page
    assert described(browser, NAME)["lastRun"] is None


def test_a_new_run_makes_another_document(release: Release, copy: Release) -> None:
    def validators() -> list[tuple[str | None, str | None]]:
        browser = client(release, copy)
        answers = [browser.get(path) for path in ("/queries.json", "/queries", "/queries/coverage.json")]
        return [(each.headers.get("ETag"), each.headers.get("Last-Modified")) for each in answers]

    before = validators()
    assert validators() == before
    run_records.record(copy, {NAME: run_of(NAME, 2)})
    after = validators()
    assert [old != new for old, new in zip(before, after, strict=True)] == [True, True, False]
    later = replace(run_of(NAME, 2), at="2031-11-30T14:05:00+00:00")
    run_records.record_engine(copy, "Virtuoso 7.2", {NAME: later})
    last = validators()
    assert [old != new for old, new in zip(after, last, strict=True)] == [True, True, False]


def test_the_server_takes_up_new_runs(release: Release, tmp_path: Path) -> None:
    kept = Releases(tmp_path / "releases")
    shutil.copytree(release.path, kept.home / release.path.name)
    kept.activate(kept.get(release.manifest.id))
    before = live_release(kept)
    assert live_release(kept) == before
    run_records.record(kept.live(), {NAME: run_of(NAME, 2)})
    after = live_release(kept)
    assert after != before
    run_records.record_engine(kept.live(), "Virtuoso 7.2", {NAME: run_of(NAME, 2)})
    assert live_release(kept) != after
    assert live_release(kept).release == before.release
