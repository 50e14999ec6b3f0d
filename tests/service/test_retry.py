"""HTTP clients that retry by themselves send a query that ran out of time once, and wait for a full queue."""

import re
from collections.abc import Callable
from urllib.error import HTTPError

import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter
from SPARQLWrapper import JSON, SPARQLWrapper

pytestmark = pytest.mark.slow
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
FIELDS = {"query": ENDLESS, "timeout": "0.3"}
COMMON = (408, 413, 425, 429, 500, 502, 503, 504)
"""The statuses that programs usually retry: https://urllib3.readthedocs.io/en/stable/reference/urllib3.util.html."""


def retrying() -> urllib3.Retry:
    """Return a policy that retries four times at once where a status allows it, or the server asks for it."""
    return urllib3.Retry(4, status_forcelist=COMMON, backoff_factor=0, raise_on_status=False)


def by_urllib3(url: str) -> int:
    return urllib3.PoolManager(retries=retrying()).request("GET", url, fields=FIELDS).status


def by_requests(url: str) -> int:
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=retrying()))
        return session.get(url, params=FIELDS, timeout=20).status_code


def by_sparqlwrapper(url: str) -> int:
    client = SPARQLWrapper(url, returnFormat=JSON)
    client.setQuery(ENDLESS)
    client.addParameter("timeout", "0.3")
    with pytest.raises(HTTPError) as refused:
        client.query()
    with refused.value as error:
        return error.code


def timeouts(server: str) -> int:
    """Return how many queries of the server have run out of time."""
    text = requests.get(f"{server}/metrics", timeout=20).text
    found = re.search(r'^utsaga_queries_total\{outcome="timeout"\} (\d+)', text, re.MULTILINE)
    assert found
    return int(found[1])


@pytest.mark.parametrize("send", [by_urllib3, by_requests, by_sparqlwrapper])
def test_a_query_that_ran_out_of_time_is_sent_once(server: str, send: Callable[[str], int]) -> None:
    before = timeouts(server)
    assert send(f"{server}/sparql") == 422
    assert timeouts(server) == before + 1


def test_the_response_names_the_setting_and_no_time_to_wait(server: str) -> None:
    answer = requests.get(f"{server}/sparql", params=FIELDS, timeout=20)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Retry-After" not in answer.headers
    assert answer.json()["faults"][0]["rule"] == "UTSAGA_SECONDS"
