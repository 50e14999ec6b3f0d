"""The page of an entity's neighbourhood, and its data."""

import json

import pytest
from flask.testing import FlaskClient

from graph.core.namespaces import ID

ABY = f"{ID}organisation/aby-kommun"


def test_the_page_lists_the_links(pages: FlaskClient) -> None:
    page = pages.get(f"/graph?iri={ABY}&lang=en").text
    assert "Åby Municipality" in page
    assert f'data-node="{ID}place/mellanlan"' in page
    assert '<a href="/place/mellanlan?lang=en">' in page
    assert 'content="noindex"' in page


def test_the_json_has_the_links_of_the_page(pages: FlaskClient) -> None:
    told = json.loads(pages.get(f"/graph.json?iri={ABY}&lang=sv").text)
    nodes = {node["id"]: node for node in told["nodes"]}
    assert nodes[ABY]["label"] == "Åby kommun"
    assert any(edge["source"] == ABY and edge["target"].endswith("mellanlan") for edge in told["edges"])
    assert {end for edge in told["edges"] for end in (edge["source"], edge["target"])} <= set(nodes)


def test_a_dangerous_url_is_not_linked(pages: FlaskClient) -> None:
    told = json.loads(pages.get(f"/graph.json?iri={ID}product/hostile").text)
    targets = {node["id"]: node["href"] for node in told["nodes"]}
    assert targets["javascript:alert(3)"] is None
    page = pages.get(f"/graph?iri={ID}product/hostile").text
    assert 'href="javascript' not in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("address", "status"),
    [("/graph", 400), ("/graph.json?iri=", 400), ("/graph?iri=x:unknown", 404), ("/graph?iri=a b<", 404)],
)
def test_an_unknown_entity_is_not_found(pages: FlaskClient, address: str, status: int) -> None:
    assert pages.get(address).status_code == status
