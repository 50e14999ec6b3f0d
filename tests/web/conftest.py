"""A small graph, and the pages on it."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from graph.backend import InProcess
from graph.release import Manifest
from web import create_app

SAMPLE = Path(__file__).with_name("sample.ttl")


@pytest.fixture(scope="session")
def sample() -> InProcess:
    """The store of the small graph."""
    return InProcess.of(parse(path=SAMPLE, format=RdfFormat.TURTLE))


@pytest.fixture(scope="session")
def pages_app(sample: InProcess) -> Flask:
    """The application on the small graph, as a named release."""
    return create_app(sample, release=Manifest("abc123def456", "d" * 64, "2026-11-24T09:00:00+00:00", 1))


@pytest.fixture
def pages(pages_app: Flask) -> FlaskClient:
    """A browser that prefers Swedish."""
    client = pages_app.test_client()
    client.environ_base |= {"HTTP_ACCEPT": "text/html,*/*;q=0.8", "HTTP_ACCEPT_LANGUAGE": "sv"}
    return client
