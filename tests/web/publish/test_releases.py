"""The pages of releases and their data."""

import gzip
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.release.publication import Publication
from graph.release.release import DUMP, FORM, Manifest, Release, write_dump
from graph.release.releases import Releases
from web.app import create_app
from web.html.app_state import AppState

EARLIER = "0123456789ab"
LEFT_OUT = "statement/ny-teknik-office-365-malmo-annan-syn>"


@pytest.fixture(scope="module")
def live(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The project's release beside one that an earlier version made, which lacks a statement."""
    home = Releases(tmp_path_factory.mktemp("kept"))
    shutil.copytree(release.path, home.home / release.path.name)
    with home.building() as place:
        lines = [
            each.encode()
            for each in release.lines()
            if not each.startswith(f"<https://w3id.org/utsaga/id/{LEFT_OUT}")
        ]
        write_dump(place / DUMP, lines)
        earlier = home.adopt(place, Manifest(EARLIER, EARLIER * 5, "2026-01-01T10:00:00+00:00", len(lines)))
        earlier.path.rename(home.home / f"{EARLIER}-{FORM - 1}")
    return home.get(release.manifest.id)


@pytest.fixture(scope="module")
def app(live: Release) -> Flask:
    return create_app(
        AppState.of(InProcess.open(live.store), release=live.manifest, publication=Publication.of(live))
    )


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    found = app.test_client()
    found.environ_base |= {"HTTP_ACCEPT": "text/html,*/*;q=0.8", "HTTP_ACCEPT_LANGUAGE": "sv"}
    return found


def test_releases_are_listed_newest_first(client: FlaskClient, live: Release) -> None:
    text = client.get("/releases").text
    assert re.findall(r'href="/releases/([0-9a-f]{12})"', text) == [live.manifest.id, EARLIER]
    assert text.count("visas nu") == 1
    told = client.get("/releases.json").json
    assert told is not None
    assert [each["id"] for each in told] == [live.manifest.id, EARLIER]
    assert told[0]["counts"]["statement"] > 100


def test_a_release_has_its_counts_and_its_changes(client: FlaskClient, live: Release) -> None:
    text = client.get(f"/releases/{live.manifest.id}").text
    assert "1 ny utsaga" in text
    assert "/statement/ny-teknik-office-365-malmo-annan-syn" in text
    assert 'class="status paused"' in text
    told = client.get(f"/releases/{live.manifest.id}.json").json
    assert told is not None
    assert told["since"]["release"] == EARLIER
    assert [each.rpartition("/")[2] + ">" for each in told["since"]["new"]] == [LEFT_OUT.rpartition("/")[2]]
    assert (told["since"]["changed"], told["since"]["gone"]) == ([], [])
    assert sum(told["statuses"].values()) == told["counts"]["adoption"]


def test_a_release_of_an_earlier_version_lacks_some_counts(client: FlaskClient) -> None:
    text = client.get(f"/releases/{EARLIER}?lang=en").text
    assert "What was known on 1 January 2026" in text
    assert "No earlier release is kept." in text
    assert "before there were files" in text


def test_the_files_of_a_release_can_be_downloaded(client: FlaskClient, live: Release) -> None:
    told = client.get(f"/releases/{live.manifest.id}.json").json
    assert told is not None
    for each in told["files"]:
        with client.get(each["url"]) as answer:
            assert answer.status_code == 200
            assert len(answer.data) == each["size"]
    with client.get(f"/releases/{live.manifest.id}/{DUMP}") as answer:
        assert gzip.decompress(answer.data).decode().splitlines(keepends=True) == list(live.lines())


@pytest.mark.parametrize(
    "path",
    [
        "/releases/ffffffffffff",
        "/releases/ffffffffffff.json",
        "/releases/current",
        "/releases/0123456789",
        "/releases/%2e%2e",
        f"/releases/{EARLIER}/{DUMP}",
        f"/releases/{EARLIER}/manifest.json",
        f"/releases/{EARLIER}/%2e%2e%2fmanifest.json",
        "/releases/0123456789AB",
    ],
)
def test_other_files_of_a_release_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_releases_are_read_again_for_each_request(client: FlaskClient) -> None:
    answer = client.get("/releases")
    assert "ETag" not in answer.headers
    assert 'href="/releases"' in client.get("/dataset").text


def test_without_a_release_the_history_is_not_found(pages: FlaskClient) -> None:
    assert pages.get("/releases").status_code == 404
    assert pages.get(f"/releases/{EARLIER}").status_code == 404
    assert 'href="/releases"' not in pages.get("/").text


def test_the_list_follows_the_folder(live: Release, tmp_path: Path) -> None:
    home = tmp_path / "kept"
    shutil.copytree(live.path.parent, home)
    here = Releases(home).get(live.manifest.id)
    client = create_app(
        AppState.of(InProcess.open(here.store), release=here.manifest, publication=Publication.of(here))
    ).test_client()
    assert len(client.get("/releases.json").json or ()) == 2
    shutil.rmtree(Releases(home).get(EARLIER).path)
    assert len(client.get("/releases.json").json or ()) == 1
