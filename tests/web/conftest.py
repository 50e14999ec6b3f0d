"""A small graph, the pages on it, and a browser."""

from collections.abc import Iterator
from pathlib import Path
from shutil import which

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, sync_playwright
from pyoxigraph import RdfFormat, parse

from graph.backends.in_process import InProcess
from graph.build.store_writer import load
from graph.release.publication import Publication
from graph.release.release import Manifest, Release
from graph.search import writer
from graph.search.text_index import TextIndex
from sweden.map_drawing import draw
from web.app import create_app
from web.html.app_state import AppState

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
QUIET += ["--disable-background-networking", "--disable-component-update"]
SAMPLE = Path(__file__).with_name("sample.ttl")


@pytest.fixture(scope="session")
def sample() -> InProcess:
    """The store of the small graph."""
    return InProcess.of(parse(path=SAMPLE, format=RdfFormat.TURTLE))


@pytest.fixture(scope="session")
def sample_index(tmp_path_factory: pytest.TempPathFactory) -> TextIndex:
    """The text index of the small graph."""
    place = tmp_path_factory.mktemp("sample")
    load(place / "store", parse(path=SAMPLE, format=RdfFormat.TURTLE))
    writer.write_text_index(place / writer.INDEX_FOLDER, place / "store")
    found = TextIndex.open_beside(place / "store")
    assert found
    return found


@pytest.fixture(scope="session")
def pages_app(sample: InProcess, sample_index: TextIndex) -> Flask:
    """The application on the small graph, as a named release."""
    manifest = Manifest("abc123def456", "d" * 64, "2026-11-24T09:00:00+00:00", 1)
    return create_app(AppState.of(sample, release=manifest, text_index=sample_index, boundaries=draw))


@pytest.fixture(scope="session")
def release_app(release: Release) -> Flask:
    """The application on the built release."""
    index = TextIndex.open_beside(release.store)
    return create_app(
        AppState.of(
            InProcess.open(release.store), release=release.manifest, text_index=index, boundaries=draw
        )
    )


@pytest.fixture(scope="session")
def published_app(release: Release) -> Flask:
    """The application on the built release, whose description, feeds and files are served too."""
    return create_app(
        AppState.of(
            InProcess.open(release.store),
            release=release.manifest,
            text_index=TextIndex.open_beside(release.store),
            publication=Publication.of(release),
            boundaries=draw,
        )
    )


@pytest.fixture
def reader(release_app: Flask) -> FlaskClient:
    """A browser on the built release that prefers Swedish."""
    client = release_app.test_client()
    client.environ_base |= {"HTTP_ACCEPT": "text/html", "HTTP_ACCEPT_LANGUAGE": "sv"}
    return client


@pytest.fixture
def pages(pages_app: Flask) -> FlaskClient:
    """A browser that prefers Swedish."""
    client = pages_app.test_client()
    client.environ_base |= {"HTTP_ACCEPT": "text/html,*/*;q=0.8", "HTTP_ACCEPT_LANGUAGE": "sv"}
    return client


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real browser without a window, that asks nobody for anything by itself."""
    chromium = which("chromium")
    assert chromium, "Chromium is missing: make peers installs it"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=Path(chromium), args=QUIET)
        yield browser
        browser.close()
