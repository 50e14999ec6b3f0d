import json
from http import HTTPStatus

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient

from graph.backends.in_process import InProcess
from graph.core.errors import BadInput, Fault, TooLarge, TooManyRequests
from web.app import create_app
from web.html.app_state import AppState

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    app: Flask = create_app(AppState.of(InProcess.of([])))
    app.add_url_rule("/break", view_func=_break)
    app.add_url_rule("/refuse", view_func=_refuse)
    app.add_url_rule("/wait", view_func=lambda: abort(503), endpoint="wait")
    app.add_url_rule("/busy", view_func=_hold_back)
    return app.test_client()


def _break() -> str:
    raise ZeroDivisionError


def _refuse() -> str:
    raise TooLarge.of([Fault("b", "<second> & last"), Fault("a", "first", "rule of a", "do this")])


def _hold_back() -> str:
    raise TooManyRequests("You have used your time", retry_after=7)


def test_a_program_gets_a_problem(client: FlaskClient) -> None:
    response = client.get("/refuse")
    assert response.status_code == 413
    assert response.content_type == "application/problem+json"
    problem = json.loads(response.data)
    assert problem["type"] == "about:blank"
    assert problem["title"] == HTTPStatus.REQUEST_ENTITY_TOO_LARGE.phrase
    assert problem["status"] == 413
    assert problem["detail"] == "a: first [rule of a] → do this\nb: <second> & last"
    assert problem["faults"][0] == {
        "where": "a",
        "message": "first",
        "rule": "rule of a",
        "remedy": "do this",
    }


def test_a_browser_gets_a_page_with_the_same_faults(client: FlaskClient) -> None:
    response = client.get("/refuse", headers={"Accept": BROWSER})
    assert response.status_code == 413
    assert response.mimetype == "text/html"
    for words in ("413", "first", "rule of a", "do this", "&lt;second&gt; &amp; last"):
        assert words in response.text


def test_a_browser_gets_advice_in_its_language(client: FlaskClient) -> None:
    text = client.get("/busy?lang=sv", headers={"Accept": BROWSER}).text
    assert "För många förfrågningar" in text
    assert "din är nådd. Vänta en stund och försök igen. Det går att försöka igen om 7 sekunder." in text
    assert '<bdi lang="en">You have used your time</bdi>' in text
    assert "You may try again in 7 seconds." in client.get("/busy?lang=en", headers={"Accept": BROWSER}).text
    assert "Sök på namnet" in client.get("/nowhere?lang=sv", headers={"Accept": BROWSER}).text


@pytest.mark.parametrize(
    ("accept", "mimetype"), [("*/*", "application/problem+json"), (BROWSER, "text/html")]
)
@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/break", 500), ("/wait", 503)])
def test_errors_of_flask_are_problems_too(
    client: FlaskClient, path: str, status: int, accept: str, mimetype: str
) -> None:
    response = client.get(path, headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (status, mimetype)
    assert "Accept" in response.headers["Vary"]
    assert "ZeroDivision" not in response.text
    assert "Traceback" not in response.text


def test_a_method_that_is_not_allowed_names_those_that_are(client: FlaskClient) -> None:
    response = client.post("/refuse")
    assert response.status_code == 405
    assert "GET" in response.headers["Allow"]
    assert "GET" in json.loads(response.data)["faults"][0]["remedy"]


def test_a_client_that_accepts_neither_gets_a_problem(client: FlaskClient) -> None:
    assert client.get("/refuse", headers={"Accept": "image/png"}).content_type == "application/problem+json"


def test_an_error_is_one_line_for_each_fault() -> None:
    assert str(BadInput("first", where="a", remedy="do this")) == "a: first → do this"


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/organisation/goteborg", "/organisation/goteborgs-kommun"),
        ("/organisation/stockholms-stad", "/organisation/stockholms-kommun"),
        ("/organisation/stockholm", "/organisation/region-stockholm"),
        ("/product/office365", "/product/office-365"),
        ("/law/sekretesslagen", "/law/osl"),
        ("/id/organisation/goteborg", "/organisation/goteborgs-kommun"),
        ("/organisation/goteborg.ttl", "/organisation/goteborgs-kommun"),
        ("/organization/malmo", "/organisation/malmo-kommun"),
        ("/person/office-365", "/product/office-365"),
    ],
)
def test_an_address_without_a_page_suggests_the_nearest_entities(
    reader: FlaskClient, path: str, nearest: str
) -> None:
    page = reader.get(path, headers={"Accept": BROWSER})
    assert page.status_code == 404
    assert f'<a href="{nearest}"' in page.text.partition("Menade du?")[2]
    problem = reader.get(path, headers={"Accept": "application/problem+json"}).get_json()
    assert f"https://w3id.org/utsaga/id{nearest}" in problem["nearest"]


@pytest.mark.parametrize("path", ["/organisation/qwxz", "/-", "/x" * 200, "/<script>", "/.well-known/x"])
def test_an_address_like_nothing_suggests_nothing(reader: FlaskClient, path: str) -> None:
    page = reader.get(path, headers={"Accept": BROWSER})
    assert page.status_code == 404
    assert "Menade du?" not in page.text
    assert "nearest" not in reader.get(path, headers={"Accept": "application/problem+json"}).get_json()


def test_other_errors_suggest_nothing(client: FlaskClient) -> None:
    assert "Menade du?" not in client.get("/refuse", headers={"Accept": BROWSER}).text
    assert client.get("/organisation/goteborg", headers={"Accept": BROWSER}).status_code == 404
