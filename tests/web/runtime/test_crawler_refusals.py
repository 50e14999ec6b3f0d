"""Crawlers before the whole application: their budget, what is closed to them, and the files on offer."""

import json
from typing import Any

import pytest
from flask import Response, request

from graph.backends.in_process import InProcess
from graph.release.publication import Publication
from graph.release.releases import Release
from tests.web.runtime.asgi_client import Exchange
from tests.web.runtime.test_asgi import Site, served_with_queries
from web.app import create_app
from web.html.app_state import AppState

GPTBOT = {"User-Agent": "GPTBot/1.2", "Accept": "*/*"}
PAGE = GPTBOT | {"Accept": "text/html", "Accept-Language": "sv"}
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


def test_the_page_that_refuses_links_to_the_files(state: AppState) -> None:
    refused = site(state).request("/search?q=moln", headers=PAGE)
    assert refused.status == 403
    text = refused.body.decode()
    assert 'href="/download/utsaga.nq.gz"' in text
    assert "Hämta allt på en gång" in text
    assert 'href="/dataset"' in text


def test_a_page_that_refuses_is_made_once(state: AppState) -> None:
    app = create_app(state)
    made: list[str] = []

    @app.after_request
    def count(response: Response) -> Response:
        made.append(request.path)
        return response

    served = Site(served_with_queries(state, app))
    answers: list[Exchange] = [served.request(f"/search?q={word}", headers=PAGE) for word in ("a", "b", "c")]
    assert [each.status for each in answers] == [403, 403, 403]
    assert len({each.body for each in answers}) == 1
    assert made == ["/"]
    assert served.request("/search?q=a", headers=PAGE | {"Accept-Language": "en"}).body != answers[0].body


def test_people_who_ask_too_much_are_offered_the_files_too(state: AppState) -> None:
    poor = site(state, client_seconds=0.000_001, throttle_loopback=True)
    poor.request("/law/osl", headers=PERSON)
    refused = poor.request("/law/gdpr", headers=PERSON | {"Accept": "application/json"})
    assert refused.status == 429
    assert json.loads(refused.body)["downloads"]
