"""The OpenAPI description: it is valid, complete and matches the responses."""

import json
import re
import urllib.request
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from graph.backends.in_process import InProcess
from graph.core.settings import Settings
from graph.release.release import Release
from web.html.app_state import AppState
from web.html.pinned import takes_release
from web.publish.openapi import describe

SENT = {
    "/query/hints.json": {"query": "SELECT ?x { ?x a uts:Produkt }"},
    "/reconcile/match": {"queries": [{"conditions": [{"matchType": "name", "propertyValue": "Lund"}]}]},
    "/reconcile/extend": {"ids": ["organisation/ale-kommun"], "properties": [{"id": "label"}]},
}
COUNTS = "SELECT ?kind (COUNT(*) AS ?n) { ?s a ?kind } GROUP BY ?kind"
PAGES_ONLY = {
    "/",
    "/about",
    "/om",
    "/build",
    "/compare",
    "/docs",
    "/site.css",
    "/site-logo",
    "/docs/X",
    "/feeds",
    "/graph",
    "/map",
    "/query",
    "/queries",
    "/queries/X",
    "/releases",
    "/releases/X",
    "/report",
    "/report/thanks",
    "/resource",
    "/resource/links",
    "/search",
    "/timeline",
    "/source/X/verify",
    "/X",
    "/code/X",
    "/code/X/X",
    "/favicon.ico",
    "/static/X",
}
"""What readers alone are given: there is nothing for programs, or it is at the same address with an end."""

FILES = {
    "/openapi.json": "/openapi.json",
    "/id/{kind}/{slug}": "/id/law/osl",
    "/{kind}/{slug}": "/law/osl",
    "/{kind}/{slug}.{extension}": "/law/osl.ttl",
    "/code/{scheme}.{extension}": "/code/adoption-status.jsonld",
    "/code/{scheme}/{code}.{extension}": "/code/adoption-status/in-use.nt",
    "/resource.{extension}": "/resource.rdf?iri=http://www.w3.org/ns/prov%23Entity",
    "/{cited}/{slug}.{style}": "/statement/ny-teknik-office-365-malmo-annan-syn.bib",
    "/resolve": "/resolve?sfs=2009:400",
    "/{kind}.csv": "/law.csv",
    "/{kind}.csv-metadata.json": "/law.csv-metadata.json",
    "/{kind}.{extension}": "/law.ttl",
    "/map.csv": "/map.csv",
    "/map.csv-metadata.json": "/map.csv-metadata.json",
    "/compare.csv": "/compare.csv",
    "/compare.csv-metadata.json": "/compare.csv-metadata.json",
    "/feed.atom": "/feed.atom",
    "/search.atom": "/search.atom?q=GDPR",
    "/{followed}/{slug}.atom": "/product/office-365.atom",
    "/queries/{name}.atom": "/queries/coverage.atom",
    "/queries/{name}.{extension}": "/queries/coverage.tsv",
    "/queries/{name}.csv-metadata.json": "/queries/coverage.csv-metadata.json",
    "/queries/{name}.rq": "/queries/coverage.rq",
    "/queries/{name}/chart.svg": "/queries/coverage/chart.svg",
    "/query/{name}": "/query/coverage",
    "/query/chart.svg": f"/query/chart.svg?query={quote(COUNTS)}",
    "/reconcile/preview": "/reconcile/preview?id=law/osl",
    "/queries.{extension}": "/queries.ttl",
    "/graph/{name}": "/graph/ontology",
    "/graph/{name}.{extension}": "/graph/ontology.ttl",
    "/graph/{group}/{name}": "/graph/source/ny-teknik-office-365",
    "/graph/{group}/{name}.{extension}": "/graph/source/ny-teknik-office-365.ttl",
    "/card.png": "/card.png",
    "/card/{pictured}/{slug}.png": "/card/law/osl.png",
    "/opensearch.xml": "/opensearch.xml",
    "/dataset": "/dataset",
    "/dataset.{extension}": "/dataset.ttl",
    "/.well-known/void": "/.well-known/void",
    "/download/{file}": "/download/utsaga.nq.gz",
    "/releases/{name}/{file}": "/releases/{live}/utsaga.trig.gz",
    "/releases/{name}/files/{path}": "/releases/{live}/files/manifest.json",
    "/{document}": "/ns",
    "/{document}.{extension}": "/shapes.ttl",
    "/ns/{version}": "/ns/0.2.0",
    "/ns/context.jsonld": "/ns/context.jsonld",
    "/ns/evidence.jsonld": "/ns/evidence.jsonld",
    "/ns/diagram.svg": "/ns/diagram.svg",
    "/ns/examples/{name}.ttl": "/ns/examples/Statement.ttl",
    "/sitemap.xml": "/sitemap.xml",
    "/sitemap-pages.xml": "/sitemap-pages.xml",
    "/sitemap-{kind}-{number}.xml": "/sitemap-law-1.xml",
    "/robots.txt": "/robots.txt",
    "/healthz": "/healthz",
    "/readyz": "/readyz",
    "/metrics": "/metrics",
}
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
    "/releases/{name}/files.json": "/releases/{live}/files.json",
    "/{cited}/{slug}.csl.json": "/statement/ny-teknik-office-365-malmo-annan-syn.csl.json",
}


@pytest.fixture(scope="module")
def told(pages_app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = pages_app.test_client().get("/openapi.json").get_json()
    return found


def test_the_description_is_valid_openapi(told: dict[str, Any]) -> None:
    assert told["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(told).iter_errors()) == []


def test_every_route_is_described_or_a_page_alone(pages_app: Flask, told: dict[str, Any]) -> None:
    described = set(map(_with_open_names, told["paths"]))
    served = {
        _with_open_names(each) for rule in pages_app.url_map.iter_rules() for each in _written(rule.rule)
    }
    assert served - described == PAGES_ONLY - described
    assert described <= served


def _with_open_names(path: str) -> str:
    """Return a path with X for each of its variable parts."""
    return re.sub(r"\{[^}]+\}|<[^>]+>", "X", path)


def _written(rule: str) -> Iterator[str]:
    """Yield the paths of a rule, of which JSON and other formats that are described apart have their own."""
    ends = re.search(r"<any\(([^)]*)\):extension>$", rule)
    names = re.findall(r"[\w.]+", ends[1]) if ends else []
    apart = ["json", "csl.json", "csv"] if ":of>" in rule else ["json", "csl.json"]  # lists have CSV apart
    for name in apart:
        if ends and name in names:
            yield rule[: ends.start()] + name
            names.remove(name)
    if names:
        yield rule
    elif not ends:
        yield re.sub(r"/(suggest|flyout)/(?:entity|property|type)$", r"/\1/X", rule)


@pytest.mark.parametrize("path", [*EXAMPLES, *SENT, *FILES])
def test_the_release_is_described_where_it_is_read(pages_app: Flask, told: dict[str, Any], path: str) -> None:
    example = (EXAMPLES | FILES).get(path, path).partition("?")[0].replace("{live}", "0" * 12)
    pinned = {"$ref": "#/components/parameters/PinnedRelease"}
    for method, operation in told["paths"][path].items():
        endpoint, _ = pages_app.url_map.bind("localhost").match(example, method.upper())
        assert (pinned in operation.get("parameters", [])) == takes_release(endpoint)


def test_every_path_has_an_example(told: dict[str, Any]) -> None:
    assert set(told["paths"]) == set(EXAMPLES) | set(SENT) | set(FILES)


def test_the_limits_are_those_of_the_settings(sample: InProcess) -> None:
    state = AppState.of(sample, settings=Settings(query_bytes=777, reconcile_queries=5))
    schemas = describe(state)["components"]["schemas"]
    assert (schemas["QueryText"]["maxLength"], schemas["Batch"]["maxItems"]) == (777, 5)


@pytest.mark.parametrize("path", FILES)
def test_files_and_redirects_match_the_description(
    published_app: Flask, release: Release, told: dict[str, Any], path: str
) -> None:
    address = FILES[path].replace("{live}", release.manifest.id)
    with published_app.test_client().get(address, headers={"Accept": "*/*"}) as answer:
        response = _resolved(told, told["paths"][path]["get"]["responses"][str(answer.status_code)])
        assert answer.status_code in (200, 303)
        if answer.status_code == 200:
            assert answer.mimetype in response["content"]
        for name, header in response.get("headers", {}).items():
            assert name in answer.headers or not _resolved(told, header).get("required")


@pytest.mark.parametrize(
    ("template", "path", "status"),
    [
        ("/{kind}/{slug}.json", "/law/none.json", "404"),
        ("/queries/{name}.{extension}", "/queries/none.csv", "404"),
        ("/sparql", "/sparql?query=DROP+ALL", "400"),
        ("/sparql", "/sparql?update=DROP+ALL", "403"),
        ("/search.json", "/search.json?q=a&page=0", "404"),
        ("/suggest", "/suggest?prefix=a&limit=1000", "400"),
    ],
)
def test_errors_are_described(
    pages_app: Flask, told: dict[str, Any], template: str, path: str, status: str
) -> None:
    answer = pages_app.test_client().get(path, headers={"Accept": "application/json"})
    assert str(answer.status_code) == status
    assert answer.mimetype in _resolved(told, told["paths"][template]["get"]["responses"][status])["content"]


@pytest.mark.parametrize(
    "template",
    [
        "/{kind}/{slug}.json",
        "/{kind}/{slug}.{extension}",
        "/queries/{name}.json",
        "/queries/{name}.rq",
        "/sparql",
    ],
)
def test_pinned_answers_have_the_headers_described(
    published_app: Flask, release: Release, told: dict[str, Any], template: str
) -> None:
    address = EXAMPLES.get(template) or FILES[template]
    joint = "&" if "?" in address else "?"
    answer = published_app.test_client().get(f"{address}{joint}release={release.manifest.id}")
    response = _resolved(told, told["paths"][template]["get"]["responses"]["200"])
    assert {"Cache-Control", "Link"} <= response["headers"].keys()
    assert "immutable" in answer.headers["Cache-Control"]
    assert any('rel="latest-version"' in each for each in answer.headers.getlist("Link"))
    for name, header in response["headers"].items():
        found = answer.headers.get(name)
        if _resolved(told, header).get("required"):
            assert found
        if found:
            Draft202012Validator(_resolved(told, header)["schema"]).validate(found)


@pytest.mark.parametrize(
    ("template", "status"), [("/{kind}/{slug}.json", 404), ("/sparql", 404), ("/queries/{name}.json", 404)]
)
def test_a_release_that_never_was_is_described(
    published_app: Flask, told: dict[str, Any], template: str, status: int
) -> None:
    joint = "&" if "?" in EXAMPLES[template] else "?"
    address = f"{EXAMPLES[template]}{joint}release={'0' * 12}"
    answer = published_app.test_client().get(address, headers={"Accept": "application/json"})
    assert answer.status_code == status
    schema = {"$ref": "#/components/schemas/Problem", "components": told["components"]}
    Draft202012Validator(schema).validate(answer.get_json())
    assert {"400", "404", "410"} <= told["paths"][template]["get"]["responses"].keys()


def _resolved(told: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """Return a part of the description, or what it refers to."""
    if "$ref" not in part:
        return part
    _, _, group, name = part["$ref"].split("/")
    found: dict[str, Any] = told["components"][group][name]
    return found


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
