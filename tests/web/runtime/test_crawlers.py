"""Crawlers before the whole application: their budget, what is closed to them, and the files on offer."""

import json
from typing import Any

import pytest
from flask import request

from graph.backends.in_process import InProcess
from graph.release.publication import Publication
from graph.release.release import Release
from tests.web.runtime.test_asgi import Site, served_with_queries
from web.app import create_app
from web.html.app_state import AppState

GPTBOT = {"User-Agent": "GPTBot/1.2", "Accept": "*/*"}
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/145.0", "Accept": "text/html"}


@pytest.fixture
def state(release: Release) -> AppState:
    return AppState.of(
        InProcess.open(release.store), release=release.manifest, publication=Publication.of(release)
    )


def site(state: AppState, **settings: Any) -> Site:
    return Site(served_with_queries(state), **settings)


def test_a_crawler_without_budget_is_offered_the_files_and_people_go_on(state: AppState) -> None:
    poor = site(state, crawler_seconds=0.000_001)
    statuses = [poor.request(f"/law/{name}", headers=GPTBOT).status for name in ("osl", "gdpr")]
    assert statuses == [200, 429]
    refused = poor.request("/organisation", headers=GPTBOT)
    told = json.loads(refused.body)
    assert told["faults"][0]["rule"] == "UTSAGA_CRAWLER_SECONDS"
    assert int(refused.response_headers["Retry-After"]) > 0
    offered = {each["url"]: each for each in told["downloads"]}
    assert offered["/download/utsaga.nq.gz"]["mediaType"] == "application/n-quads"
    assert poor.request("/download/utsaga.nq.gz", headers=PERSON).status == 200
    assert poor.request("/organisation", headers=PERSON).status == 200


def test_what_is_closed_is_refused_with_the_files_and_without_a_page_being_made(state: AppState) -> None:
    app = create_app(state)
    made: list[str] = []

    @app.before_request
    def count() -> None:
        made.append(request.path)

    served = Site(served_with_queries(state, app))
    refused = served.request("/search?q=moln", headers=GPTBOT | {"Accept": "text/html"})
    assert refused.status == 403
    assert refused.response_headers["Content-Type"] == "application/problem+json"
    assert "/download/utsaga.nq.gz" in [each["url"] for each in json.loads(refused.body)["downloads"]]
    assert made == []
    assert served.request("/organisation?page=1", headers=PERSON).status == 200
    assert made == ["/organisation"]


def test_other_errors_are_pages_for_crawlers_too(state: AppState) -> None:
    missing = site(state).request("/law/none", headers=GPTBOT | {"Accept": "text/html"})
    assert missing.status == 404
    assert missing.response_headers["Content-Type"].startswith("text/html")
    assert "/download/" not in missing.body.decode()


def test_the_page_that_refuses_people_links_to_the_files(state: AppState) -> None:
    poor = site(state, client_seconds=0.000_001, throttle_loopback=True)
    poor.request("/law/osl", headers=PERSON)
    refused = poor.request("/law/gdpr", headers=PERSON | {"Accept-Language": "sv"})
    assert refused.status == 429
    text = refused.body.decode()
    assert 'href="/download/utsaga.nq.gz"' in text
    assert "Hämta allt på en gång" in text
    assert 'href="/dataset"' in text


def test_people_who_ask_too_much_are_offered_the_files_too(state: AppState) -> None:
    poor = site(state, client_seconds=0.000_001, throttle_loopback=True)
    poor.request("/law/osl", headers=PERSON)
    refused = poor.request("/law/gdpr", headers=PERSON | {"Accept": "application/json"})
    assert refused.status == 429
    assert json.loads(refused.body)["downloads"]
