"""The OpenAPI description: it is valid, complete and matches the responses."""

import json
import re
import urllib.request
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from graph.release.releases import Release

JSON = re.compile(r"\bjson\b|^/sparql$|^/suggest$|^/reconcile(?!/preview)")
SENT = {
    "/query/hints.json": {"query": "SELECT ?x { ?x a uts:Produkt }"},
    "/reconcile/match": {"queries": [{"conditions": [{"matchType": "name", "propertyValue": "Lund"}]}]},
    "/reconcile/extend": {"ids": ["organisation/ale-kommun"], "properties": [{"id": "label"}]},
}
NOT_OURS = {"/openapi.json"}  # itself
EXAMPLES = {
    "/{kind}/{slug}.json": "/organisation/ale-kommun.json",
    "/code/{scheme}.json": "/code/adoption-status.json",
    "/code/{scheme}/{code}.json": "/code/adoption-status/in-use.json",
    "/resource.json": "/resource.json?iri=http://www.w3.org/ns/prov%23Entity",
    "/graph.json": "/graph.json?iri=https://w3id.org/utsaga/id/product/office-365",
    "/{kind}.json": "/organisation.json",
    "/search.json": "/search.json?q=office",
    "/suggest.json": "/suggest.json?prefix=malm",
    "/suggest": "/suggest?prefix=malm",
    "/reconcile": "/reconcile?queries=%7B%22q%22:%7B%22query%22:%22Lund%22%7D%7D",
    "/reconcile/": "/reconcile/",
    "/reconcile/extend/propose": "/reconcile/extend/propose?type=Municipality",
    "/reconcile/suggest/{what}": "/reconcile/suggest/type?prefix=",
    "/reconcile/flyout/{what}": "/reconcile/flyout/type?id=Municipality",
    "/query/terms.json": "/query/terms.json",
    "/queries/{name}.json": "/queries/laws-cited.json?evidence=1",
    "/ns/evidence.schema.json": "/ns/evidence.schema.json",
    "/queries.json": "/queries.json",
    "/sparql": "/sparql?query=ASK%7B%7D",
    "/releases.json": "/releases.json",
    "/releases/{name}.json": "/releases/{live}.json",
    "/{kind}/{slug}.csl.json": "/statement/ny-teknik-office-365-malmo-annan-syn.csl.json",
}


@pytest.fixture(scope="module")
def told(pages_app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = pages_app.test_client().get("/openapi.json").get_json()
    return found


def test_the_description_is_valid_openapi(told: dict[str, Any]) -> None:
    assert told["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(told).iter_errors()) == []


def test_the_description_has_every_endpoint_with_json_responses(
    pages_app: Flask, told: dict[str, Any]
) -> None:
    described = {re.sub(r"\{\w+\}", "X", path) for path in told["paths"]}
    for rule in pages_app.url_map.iter_rules():
        path = re.sub(r"<any\([^)]*'csl\.json'\):extension>", "csl.json", rule.rule)
        path = re.sub(r"<any\([^)]*\bjson\b[^)]*\):extension>", "json", path)
        path = re.sub(r"/(suggest|flyout)/(?:entity|property|type)$", r"/\1/X", path)
        if not JSON.search(path) or "-metadata.json" in path or "context.jsonld" in path or path in NOT_OURS:
            continue
        assert re.sub(r"<[^>]+>", "X", path) in described, rule.rule


def test_every_endpoint_has_an_example(told: dict[str, Any]) -> None:
    assert set(told["paths"]) == set(EXAMPLES) | set(SENT)


@pytest.mark.parametrize("path", [*EXAMPLES, *SENT])
def test_responses_match_the_description(
    server: str, release: Release, told: dict[str, Any], path: str
) -> None:
    sent, method = SENT.get(path), "post" if path in SENT else "get"
    request = urllib.request.Request(  # noqa: S310
        server + EXAMPLES.get(path, path).replace("{live}", release.manifest.id),
        headers={"Accept": "*/*", "Content-Type": "application/json"},
        data=json.dumps(sent).encode() if sent else None,
    )
    with urllib.request.urlopen(request) as answer:  # noqa: S310 (loopback)
        kind, found = answer.headers.get_content_type(), json.loads(answer.read())
    response = told["paths"][path][method]["responses"]["200"]
    if "$ref" in response:
        response = told["components"]["responses"][response["$ref"].rpartition("/")[2]]
    schema = response["content"][kind]["schema"]
    Draft202012Validator({"components": told["components"]} | schema).validate(found)


def test_problems_match_the_description(pages: FlaskClient, told: dict[str, Any]) -> None:
    found = pages.get("/law/none.json", headers={"Accept": "application/json"}).get_json()
    schema = {"$ref": "#/components/schemas/Problem", "components": told["components"]}
    Draft202012Validator(schema).validate(found)
    assert found["status"] == 404
