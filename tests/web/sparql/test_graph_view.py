"""The page of an entity's neighbourhood, and its data."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, expect

from graph.core.namespaces import ID, UTS

ABY = f"{ID}organisation/aby-kommun"


def test_the_page_lists_the_links(pages: FlaskClient) -> None:
    page = pages.get(f"/graph?iri={ABY}&lang=en").text
    assert "Åby Municipality" in page
    assert f'data-node="{ID}place/mellanlan"' in page
    assert '<a href="/place/mellanlan?lang=en">' in page
    assert 'content="noindex"' in page
    assert f'data-node="{ID}place/mellanlan" data-kind="place"' in page
    assert '<span data-kind="place" hidden>Place</span>' in page, "the legend names the kinds"


def test_the_json_has_the_links_of_the_page(pages: FlaskClient) -> None:
    told = json.loads(pages.get(f"/graph.json?iri={ABY}&lang=sv").text)
    nodes = {node["id"]: node for node in told["nodes"]}
    assert (nodes[ABY]["label"], nodes[ABY]["kind"]) == ("Åby kommun", "organisation")
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


def test_the_offices_of_a_person_are_named_by_their_titles(release_app: Flask) -> None:
    person = f"{ID}person/dag-thyselius"
    told = json.loads(release_app.test_client().get(f"/graph.json?iri={person}&lang=sv").text)
    labels = [node["label"] for node in told["nodes"]]
    assert labels
    assert not [label for label in labels if label.startswith("id:")]


@pytest.mark.parametrize(
    ("language", "quantity", "passage", "period"),
    [
        (
            "sv",
            "sanktionsavgift: 1\xa0600\xa0000 svenska kronor",
            "textställe 1134–1374, ",
            "1 jan.–31 dec. 2014",
        ),
        (
            "en",
            "administrative fine: 1,600,000 Swedish kronor",
            "passage 1134–1374, ",
            "1 Jan – 31 Dec 2014",
        ),
    ],
)
def test_nodes_without_a_name_are_named_by_their_values(
    release_app: Flask, language: str, quantity: str, passage: str, period: str
) -> None:
    client = release_app.test_client()

    def labels(name: str) -> dict[str, str]:
        nodes = json.loads(client.get(f"/graph.json?iri={ID}{name}&lang={language}").text)["nodes"]
        return {node["id"].removeprefix(ID): node["label"] for node in nodes}

    found = labels("statement/region-uppsala-sanktionsavgifter-fordelning")
    fine = "statement/region-uppsala-sanktionsavgifter-fordelning#sjukhusstyrelsen"
    assert found[fine].lower() == quantity.lower()
    found = labels("passage/alltomjuridik-salem-1134-1374")
    assert found["passage/alltomjuridik-salem-1134-1374"].lower().startswith(passage)
    found = labels("adoption/ale-kommun-office-365-2014")
    assert " ".join(found["adoption/ale-kommun-office-365-2014#period"].split()) == period
    assert "imy-region-uppsala-fordelning" not in labels(fine.partition("#")[0]).values(), (
        "named as its successor"
    )


def test_a_part_of_an_entity_is_of_a_kind_of_its_own(release_app: Flask) -> None:
    page = release_app.test_client().get(f"/graph?iri={ID}organisation/goteborgs-kommun&lang=sv").text
    assert re.search(f'data-node="{ID}person/[^"]+#[^"]+" data-kind="detail"', page)
    assert '<span data-kind="detail" hidden>Uppgift</span>' in page


def test_the_legend_has_the_shapes_of_the_nodes(browser: Browser, server: str) -> None:
    page = browser.new_page(base_url=server)
    page.goto(f"/graph?iri={ID}organisation/goteborgs-kommun&lang=sv")
    shown = page.locator(".graph-legend > span:not([hidden])")
    expect(shown.filter(has_text="Bedömning").locator("svg > polygon")).to_have_count(1)
    expect(shown.locator("svg")).to_have_count(shown.count())
    assert shown.count() > 5
    page.close()


def test_a_link_of_a_table_is_named_by_its_property(pages: FlaskClient) -> None:
    query = f"SELECT ?a ?b {{ ?x <{UTS}adopter> ?a ; <{UTS}product> ?b }}"
    page = pages.get("/query", query_string={"query": query, "view": "graph", "lang": "en"}).text
    names = re.findall(r'<span class="predicate">(.*?)</span>', page)
    assert names
    assert [name for name in names if "product<" not in name] == []
