"""The header Vary names the request headers that a response depends on."""

from itertools import pairwise

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from graph.release.release import Release
from tests.web.addresses import addresses
from web.html import vary

Seen = tuple[object, ...]
HTML, TURTLE = "text/html,*/*;q=0.5", "text/turtle, application/sparql-results+xml"
PRESENTED = (("sv", HTML), ("en", HTML), ("en", TURTLE), ("sv", TURTLE), ("sv", "application/json"))
COUNTING = ("/metrics", "/readyz")  # which are others each time


def seen(client: FlaskClient, address: str, language: str, accept: str) -> tuple[Seen, set[str]]:
    """Return the response to a request, and the headers that it varies by."""
    with client.get(address, headers={"Accept": accept, "Accept-Language": language}) as answer:
        varies = {name.lower() for name in answer.vary}
        headers = sorted(header for header in answer.headers if header[0] not in {"Vary", "Date"})
        return (answer.status_code, headers, answer.get_data()), varies


def test_every_response_names_what_it_varies_by(published_app: Flask, release: Release) -> None:
    client, wrong = published_app.test_client(), []
    for address in addresses(release.manifest.id):
        if address in COUNTING:
            continue
        answers = [(each, *seen(client, address, *each)) for each in PRESENTED]
        for (before, one, named), (after, other, too) in pairwise(answers):
            header = "accept-language" if before[1] == after[1] else "accept"
            if one != other and header not in named & too:
                wrong.append((address, header, before, after))
    assert wrong == []


@pytest.mark.parametrize(
    ("address", "accept", "names"),
    [
        ("/graph.json?iri=https://w3id.org/utsaga/id/product/office-365", HTML, {"accept-language"}),
        ("/graph.json?iri=https://w3id.org/utsaga/id/product/office-365&lang=en", HTML, set()),
        ("/id/law/osl", HTML, {"accept"}),
        ("/law/osl", HTML, {"accept", "accept-language"}),
        ("/law/osl", TURTLE, {"accept"}),
        ("/law/osl.ttl", HTML, set()),
        ("/law.csv", HTML, set()),
        ("/sparql?query=ASK%20%7B%7D", TURTLE, {"accept"}),
        ("/nowhere", HTML, {"accept", "accept-language"}),
        ("/nowhere", "application/json", {"accept"}),
    ],
)
def test_only_headers_that_were_read_are_named(
    published_app: Flask, address: str, accept: str, names: set[str]
) -> None:
    _, named = seen(published_app.test_client(), address, "sv", accept)
    assert named == names


def test_reading_a_header_in_any_way_is_recorded() -> None:
    app = Flask(__name__)
    vary.register(app)
    app.add_url_rule("/get", "get", lambda: str(request.headers.get("accept-language")))
    app.add_url_rule("/item", "item", lambda: request.headers["Accept-Language"])
    app.add_url_rule("/in", "in", lambda: str("Accept-Language" in request.headers))
    app.add_url_rule("/list", "list", lambda: str(request.headers.getlist("Accept-Language")))
    app.add_url_rule("/parsed", "parsed", lambda: str(request.accept_languages))
    for path in ("/get", "/item", "/in", "/list", "/parsed"):
        answer = app.test_client().get(path, headers={"Accept-Language": "sv"})
        assert answer.headers["Vary"] == "Accept-Language", path
