"""Targets of redirects are paths, whatever host the client sends."""

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.core.settings import Settings
from graph.release.publication import Publication
from graph.release.release import Release
from graph.search.text_index import TextIndex
from tests.web.addresses import addresses
from web.app import create_app
from web.html.app_state import AppState

FORGED = "evil.example"


@pytest.fixture
def forging(published_app: Flask) -> FlaskClient:
    """A client that sends another host."""
    client = published_app.test_client()
    client.environ_base |= {"HTTP_ACCEPT": "text/html"}
    return client


def test_every_route_has_a_url_in_the_test(published_app: Flask, release: Release) -> None:
    covered = set()
    for address in addresses(release.manifest.id):
        with published_app.test_request_context(address):
            covered.add(str(request.url_rule))
    routes = {rule.rule for rule in published_app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert routes - covered == set()


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("//id//organisation//x", "/id/organisation/x"),
        ("/id//organisation/malmo-kommun?lang=en&q=%2F", "/id/organisation/malmo-kommun?lang=en&q=%2F"),
        ("/id/organisation/malmo-kommun", "/organisation/malmo-kommun"),
        ("/resolve?municipality=1280", "/id/organisation/malmo-kommun"),
        ("/query/legal-assessments", "/queries/legal-assessments"),
        ("/.well-known/void", "/dataset"),
        ("/shapes", "/ns"),
        ("/om?lang=en", "/about?lang=en"),
        ("/ns/0.2.0", "/ns"),
        ("/sparql", "/query"),
        ("/compare?add=malmo", "/compare?organisation=malmo-kommun"),
        ("/timeline?name=malmo", "/timeline?organisation=malmo-kommun"),
    ],
)
def test_the_target_of_a_redirect_is_a_path(forging: FlaskClient, path: str, location: str) -> None:
    path, _, query = path.partition("?")
    response = forging.get(
        "/", query_string=query, headers={"Host": FORGED}, environ_overrides={"PATH_INFO": path}
    )
    assert response.status_code in {302, 303, 308}
    assert response.headers["Location"] == location
    assert FORGED not in response.text


def test_a_forged_host_is_not_in_responses_if_there_is_a_public_base(release: Release) -> None:
    app = create_app(
        AppState.of(
            InProcess.open(release.store),
            settings=Settings(public_base="https://public.example"),
            release=release.manifest,
            text_index=TextIndex.open_beside(release.store),
            publication=Publication.of(release),
        )
    )
    client = app.test_client()
    for address in addresses(release.manifest.id):
        path, _, query = address.partition("?")
        for asked in (path, path.replace("/", "//")):
            given = {"Host": FORGED, "Accept": "text/html,*/*;q=0.5"}
            with client.get(
                "/", query_string=query, headers=given, environ_overrides={"PATH_INFO": asked}
            ) as response:
                assert FORGED not in str(response.headers), asked
                assert FORGED.encode() not in response.get_data(), asked
