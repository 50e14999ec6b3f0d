"""An endpoint that goes away in mid-answer: a problem and never a part of an answer, and it recovers."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from bench.hostile.exchange import Address
from bench.soak import served
from tests.endpoint import Endpoint, serving
from tests.faults.client import assert_no_traceback, get, until

pytestmark = pytest.mark.slow
ROWS = "SELECT ?s ?p ?o WHERE {{ ?s ?p ?o }} ORDER BY ?s ?p ?o LIMIT {}"
GONE = {"cut-off": 503, "half": 503, "resets": 503, "fails": 503, "hangs": 422}
"""What the endpoint does in mid-answer, and the status then: 422 is that of a query out of time."""


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with serving() as double:
        yield double


def rows(address: Address, query: str) -> tuple[int, str]:
    """Return the status and the text of the answer to a query as JSON."""
    return get(address, f"/sparql?query={quote(query)}", Accept="application/sparql-results+json")


def test_of_an_endpoint_that_is_served(endpoint: Endpoint, tmp_path: Path) -> None:
    settings = {"UTSAGA_SECONDS": "2"}
    with served(tmp_path, settings=settings, words=("--endpoint", endpoint.url)) as (address, _):
        for number, (behaviour, expected) in enumerate(GONE.items(), start=50):
            endpoint.always = behaviour
            status, text = rows(address, ROWS.format(number))
            assert status == expected, (behaviour, text)
            assert json.loads(text)["status"] == expected
            page, _ = get(
                address, "/resource?iri=http%3A%2F%2Fwww.wikidata.org%2Fentity%2FQ1754", Accept="text/html"
            )
            assert page in {422, 503}, behaviour
            endpoint.always = "fine"
            status, text = rows(address, ROWS.format(number))
            assert status == 200
            assert json.loads(text)["results"]["bindings"]
        until(lambda: get(address, "/readyz")[0] == 200)
        assert_no_traceback(tmp_path / "server.log")


def test_of_a_service_in_a_query(endpoint: Endpoint, one: Path) -> None:
    settings = {"UTSAGA_SERVICES": endpoint.url, "UTSAGA_SECONDS": "3"}
    query = f"SELECT ?s ?p ?o WHERE {{ SERVICE <{endpoint.url}> {{ ?s ?p ?o }} }}"
    with served(one, settings=settings) as (address, _):
        for behaviour, expected in GONE.items():
            endpoint.always = behaviour
            status, text = rows(address, query)
            assert status == expected, (behaviour, text)
            assert json.loads(text)["status"] == expected
            endpoint.always = "fine"
            status, text = rows(address, query)
            assert status == 200, behaviour
            assert json.loads(text)["results"]["bindings"]
        assert_no_traceback(one / "server.log")
