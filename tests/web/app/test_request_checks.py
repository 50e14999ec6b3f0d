from typing import Any

import pytest
from flask import Flask

from graph.core.errors import Unavailable
from web.http.problem_json import ERROR

FAILED = Unavailable("Not now", rule="UTSAGA_SECONDS", remedy="wait", retry_after=7)


@pytest.mark.parametrize(
    "path", ["/", "/organisation", "/sparql?query=ASK%7B%7D", "/nowhere", "/static/style.css"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "QUERY"])
def test_an_error_before_the_application_is_rendered_as_a_problem(
    pages_app: Flask, path: str, method: str
) -> None:
    response = pages_app.test_client().open(path, method=method, environ_overrides={ERROR: FAILED})
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "7"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.content_type == "application/problem+json"
    assert (response.data == b"") == (method == "HEAD")


def test_an_error_before_the_application_is_rendered_as_a_page_for_a_browser(pages_app: Flask) -> None:
    response = pages_app.test_client().get(
        "/", headers={"Accept": "text/html"}, environ_overrides={ERROR: FAILED}
    )
    assert response.status_code == 503
    assert response.mimetype == "text/html"
    assert "Not now" in response.text


@pytest.mark.parametrize(
    ("method", "path", "rule", "remedy"),
    [
        ("POST", "/sparql", "UTSAGA_QUERY_BYTES", "send less"),
        ("POST", "/reconcile", "UTSAGA_RECONCILE_BYTES", "send less"),
        ("GET", "/organisation", "", "send none"),
    ],
)
def test_a_body_is_refused_by_its_declared_length(
    pages_app: Flask, method: str, path: str, rule: str, remedy: str
) -> None:
    response = pages_app.test_client().open(
        path, method=method, environ_overrides={"CONTENT_LENGTH": "9999999"}
    )
    assert response.status_code == 413
    fault: dict[str, Any] = response.json["faults"][0]  # type: ignore[index]
    assert fault["rule"] == rule
    assert fault["remedy"].startswith(remedy)
