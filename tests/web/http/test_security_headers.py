"""The headers that every answer has, however it is made."""

import urllib.request

import pytest
from flask.testing import FlaskClient

from web.http.security_headers import POLICY, SECURITY

PATHS = ["/", "/law/osl", "/law/osl.ttl", "/nowhere", "/query", "/query?query=ASK{}", "/static/utsaga.css"]


@pytest.mark.parametrize("path", [*PATHS, "/sparql?query=ASK{}", "/query/terms.json", "/graph.json?iri=x:y"])
def test_every_answer_has_them(pages: FlaskClient, path: str) -> None:
    with pages.get(path) as answer:
        assert {name: answer.headers[name] for name in SECURITY} == SECURITY


def test_a_real_server_sends_them_too(server: str) -> None:
    with urllib.request.urlopen(f"{server}/sparql?query=ASK%7B%7D") as answer:  # noqa: S310
        assert {name: answer.headers[name] for name in SECURITY} == SECURITY


def test_nothing_inline_is_allowed_and_nothing_from_elsewhere() -> None:
    rules = dict(rule.split(" ", 1) for rule in POLICY.split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    sources = {source for rule in rules.values() for source in rule.split()}
    assert sources == {"'none'", "'self'", "data:"}
    assert "data:" not in rules["script-src"]
