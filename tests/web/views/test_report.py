"""The form for reports of errors: what is received, what is refused, and that nothing is published."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from graph.backends.in_process import InProcess
from graph.core.settings import DEFAULTS, Settings
from web.app import create_app
from web.html.app_state import AppState

OWN = {"Sec-Fetch-Site": "same-origin", "Accept": "text/html", "Accept-Language": "sv"}
GOOD = {"reason": "error", "about": "/map", "text": "Året är fel.", "reply_to": ""}
ENTITY = "https://w3id.org/utsaga/id/organisation/aby-kommun"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(DEFAULTS, reports=str(tmp_path / "reports"), contact="eva@example.org")


@pytest.fixture
def app(sample: InProcess, settings: Settings) -> Flask:
    return create_app(AppState.of(sample, settings=settings))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def send(client: FlaskClient, headers: dict[str, str] | None = None, **changed: str) -> TestResponse:
    return client.post("/report", data=GOOD | changed, headers=OWN if headers is None else headers)


def stored(settings: Settings) -> list[dict[str, str]]:
    return [json.loads(path.read_text()) for path in Path(settings.reports).glob("*.json")]


def test_a_report_is_stored_and_answered_with_a_redirect(client: FlaskClient, settings: Settings) -> None:
    answer = send(client, reply_to="lo@example.org", about=ENTITY, text="<b>Fel</b>\r\nlän")
    assert answer.status_code == 303
    (found,) = stored(settings)
    assert found["text"] == "<b>Fel</b>\nlän"
    assert (found["about"], found["reply_to"], found["language"]) == (ENTITY, "lo@example.org", "sv")
    assert answer.headers["Location"] == f"/report/thanks?number={found['id']}"
    assert "Cookie" not in str(answer.headers)
    page = client.get(answer.headers["Location"], headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert found["id"] in page.text
    assert "Fel" not in page.text


@pytest.mark.parametrize("about", [ENTITY, "/map?show=adoption", "http://localhost/map", ""])
def test_the_form_is_about_a_page_of_this_site(client: FlaskClient, about: str) -> None:
    page = client.get("/report", query_string={"about": about, "lang": "en"})
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "Åby Municipality" in page.text or about != ENTITY


@pytest.mark.parametrize(
    "about",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "https://w3id.org/utsaga/id/organisation/nobody",
        "/map\nX: y",
        "http://localhost//evil.example/",
        '/"><script>',
        f"/{'x' * 600}",
    ],
)
def test_anything_else_is_refused(client: FlaskClient, settings: Settings, about: str) -> None:
    assert client.get("/report", query_string={"about": about}).status_code == 400
    answer = send(client, about=about)
    assert answer.status_code == 400
    assert 'id="about-fault"' in answer.text
    assert "<script>" not in answer.text
    assert stored(settings) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("reason", ""),
        ("reason", "anything"),
        ("text", " \n "),
        ("text", "x" * 3_001),
        ("reply_to", "nobody"),
        ("reply_to", "a@example.org\nBcc: b@example.org"),
        ("website", "https://spam.example/"),
    ],
)
def test_what_is_wrong_with_a_field_is_told_and_what_was_written_is_kept(
    client: FlaskClient, settings: Settings, name: str, value: str
) -> None:
    written = GOOD | {"text": "Det <i>andra</i>"} | {name: value}
    answer = client.post("/report", data=written, headers=OWN)
    assert answer.status_code == 400
    assert stored(settings) == []
    assert 'role="alert"' in answer.text
    assert f'id="{name}-fault"' in answer.text or name == "website"
    if name != "text":
        assert "Det &lt;i&gt;andra&lt;/i&gt;</textarea>" in answer.text
    told = client.post("/report", data=GOOD | {name: value}, headers={"Sec-Fetch-Site": "same-origin"})
    assert told.mimetype == "application/problem+json"
    assert [each["where"] for each in told.get_json()["faults"]] == [name]


@pytest.mark.parametrize(
    ("headers", "received"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "http://localhost"}, True),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "none"}, False),
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://["}, False),
        ({}, False),
    ],
)
def test_only_our_own_form_is_received(
    client: FlaskClient, settings: Settings, headers: dict[str, str], received: bool
) -> None:
    answer = send(client, headers | {"Accept": "text/html"})
    assert answer.status_code == (303 if received else 403)
    assert len(stored(settings)) == received


def test_a_full_folder_is_told_by_the_form_with_another_way(sample: InProcess, settings: Settings) -> None:
    client = create_app(AppState.of(sample, settings=replace(settings, reports_count=1))).test_client()
    assert send(client).status_code == 303
    page = client.get("/report?lang=sv")
    assert "Just nu går det inte att ta emot" in page.text
    assert "mailto:eva@example.org" in page.text
    answer = send(client, text="Den andra")
    assert answer.status_code == 503
    assert "Den andra" in answer.text
    assert "Retry-After" not in answer.headers  # the operator must empty it
    assert len(stored(settings)) == 1


def test_one_client_cannot_send_without_end(sample: InProcess, settings: Settings) -> None:
    limited = replace(settings, client_reports=2, throttle_loopback=True, client_seconds=0)
    client = create_app(AppState.of(sample, settings=limited)).test_client()
    statuses = [send(client).status_code for _ in range(5)]
    assert statuses[:2] == [303, 303]
    assert statuses[-1] == 429
    assert re.search(r"Försök igen om \d+ minuter", send(client).text)


def test_a_body_above_the_limit_is_not_read(client: FlaskClient) -> None:
    assert send(client, text="x" * 70_000).status_code == 413


def test_without_a_folder_there_is_no_form_and_no_link_to_it(sample: InProcess, settings: Settings) -> None:
    client = create_app(AppState.of(sample, settings=replace(settings, reports=""))).test_client()
    assert client.get("/report").status_code == 404
    assert send(client).status_code == 404
    assert "/report" not in client.get("/organisation/aby-kommun").text


@pytest.mark.parametrize(
    ("path", "about"),
    [
        ("/", "/"),
        ("/organisation/aby-kommun?lang=en", ENTITY.replace(":", "%3A").replace("/", "%2F")),
        ("/organisation?type=Region&lang=sv", "/organisation?type%3DRegion"),
        ("/nothing", "/nothing"),
    ],
)
def test_every_page_leads_to_the_form_about_it(client: FlaskClient, path: str, about: str) -> None:
    text = client.get(path, headers={"Accept": "text/html"}).text
    found = re.findall(r'href="(/report\?[^"]*)"', text)
    assert found
    for each in found:
        sent = each.replace("&amp;", "&").replace("%2F", "/").replace("%3A", ":")
        assert f"about={about.replace('%2F', '/').replace('%3A', ':')}" in sent
        assert client.get(each.replace("&amp;", "&")).status_code == 200


def test_those_who_run_the_site_can_be_reached_from_every_page(client: FlaskClient) -> None:
    for path in ("/", "/about", "/report", "/person/x-y"):
        assert 'href="mailto:eva@example.org"' in client.get(path, headers={"Accept": "text/html"}).text
