"""Bodies are read where one is expected, and no longer than the settings allow."""

from io import BytesIO
from urllib.parse import urlencode

import pytest
from flask import Flask

from graph.core.settings import DEFAULTS, Settings
from web.http.body_limits import UNREAD, body_limit

SETTINGS = Settings(query_bytes=5_000, reconcile_bytes=20_000)


@pytest.mark.parametrize(
    ("method", "path", "limit"),
    [
        ("POST", "/sparql", 5_000),
        ("QUERY", "/sparql", 5_000),
        ("POST", "/query", 5_000),
        ("POST", "/reconcile", 20_000),
        ("POST", "/reconcile/", 20_000),
        ("POST", "/reconcile/match", 20_000),
        ("POST", "/reconcile/extend", 20_000),
        ("GET", "/sparql", UNREAD),
        ("PUT", "/sparql", UNREAD),
        ("POST", "/sparql/", UNREAD),
        ("POST", "//sparql", UNREAD),
        ("QUERY", "/query", UNREAD),
        ("POST", "/reconcile/preview", UNREAD),
        ("POST", "/organisation", UNREAD),
        ("POST", "", UNREAD),
    ],
)
def test_a_body_has_the_limit_of_its_path(method: str, path: str, limit: int) -> None:
    assert body_limit(method, path, SETTINGS) == limit


def test_the_routes_that_take_bodies_are_those_with_a_limit_of_their_own(pages_app: Flask) -> None:
    taking = {
        (method, rule.rule)
        for rule in pages_app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}
    }
    assert taking
    for method, path in taking:
        assert body_limit(method, path, DEFAULTS) > UNREAD, (method, path)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/organisation", "/healthz", "/static/missing.css", "/nowhere"])
def test_a_long_body_is_refused_where_none_is_read(pages_app: Flask, method: str, path: str) -> None:
    response = pages_app.test_client().open(path, method=method, data=b"x" * (UNREAD + 1))
    assert response.status_code == 413
    assert "1,024" in response.text or method == "HEAD"


def test_a_short_body_is_ignored_where_none_is_read(pages_app: Flask) -> None:
    client = pages_app.test_client()
    assert client.get("/organisation", data=b"x" * UNREAD).status_code == 200
    assert client.post("/organisation", data=b"x" * UNREAD).status_code == 405


@pytest.mark.parametrize("path", ["/query", "/reconcile", "/reconcile/match", "/reconcile/extend", "/sparql"])
def test_a_body_over_the_limit_of_its_path_is_refused(pages_app: Flask, path: str) -> None:
    limit = body_limit("POST", path, DEFAULTS)
    form = "application/json" if path.count("/") > 1 else "application/x-www-form-urlencoded"
    response = pages_app.test_client().post(path, data=b"x" * (limit + 1), content_type=form)
    assert response.status_code == 413


@pytest.mark.parametrize("path", ["/query", "/reconcile", "/reconcile/match", "/sparql"])
def test_a_body_without_a_length_is_read_to_the_limit_and_refused(pages_app: Flask, path: str) -> None:
    taken = []

    class Endless:
        def read(self, size: int = -1) -> bytes:
            taken.append(size)
            return b"x" * size

    chunked = {"wsgi.input": Endless(), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    form = "application/json" if path.endswith("match") else "application/x-www-form-urlencoded"
    response = pages_app.test_client().post(path, content_type=form, environ_overrides=chunked)
    limit = body_limit("POST", path, DEFAULTS)
    assert response.status_code == 413
    assert limit < sum(taken) <= limit + 100_000


def test_a_form_without_a_length_is_read(pages_app: Flask) -> None:
    body = BytesIO(urlencode({"query": "ASK { ?s ?p ?o }"}).encode())
    chunked = {"wsgi.input": body, "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    form = "application/x-www-form-urlencoded"
    response = pages_app.test_client().post("/sparql", content_type=form, environ_overrides=chunked)
    assert response.status_code == 200
