"""A release takes the place of another under load, and no request notices."""

import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bench.hostile.exchange import Address
from bench.soak import load, served, two_releases
from graph.release.releases import Releases

pytestmark = pytest.mark.slow
LABELS = (
    "SELECT ?label {{ ?s a <https://w3id.org/utsaga/ns#Article> ; "
    "<http://www.w3.org/2000/01/rdf-schema#label> ?label }} LIMIT {}"
)


def labels(address: Address, number: int) -> bytes:
    """Return the names of the article, asked for in a way that no cache knows."""
    connection = HTTPConnection(*address, timeout=30)
    query = urlencode({"query": LABELS.format(10_000 + number)})
    connection.request("GET", f"/sparql?{query}", headers={"Accept": "text/csv"})
    body = connection.getresponse().read()
    connection.close()
    return body


def test_a_swap_drops_no_request_and_shows_the_new_release(tmp_path: Path) -> None:
    home = tmp_path / "releases"
    names = two_releases(home, tmp_path / "facts")
    releases, numbers = Releases(home), count()
    with served(home) as (address, _):
        before = labels(address, next(numbers))
        with ThreadPoolExecutor(1) as client:
            soak = client.submit(load, address, time.monotonic() + 8, 4, 1000)
            time.sleep(1)
            releases.activate(releases.get(names[0]))
            end = time.monotonic() + 20
            while (after := labels(address, next(numbers))) == before and time.monotonic() < end:
                time.sleep(0.1)
            seen = soak.result()
    assert after != before
    assert seen.failures == []
    assert set(seen.statuses) == {"200"}
