"""Answers of one release: the same to the last byte when another is live, and said to be gone once it is."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import NamedTuple
from urllib.parse import quote, urlencode

import pytest

from bench.hostile.exchange import Address
from bench.soak import served, two_releases
from graph.release.releases import Releases
from tests.processes import query_workers, wait_until

pytestmark = pytest.mark.slow
SETTINGS = {
    "UTSAGA_WORKERS": "4",
    "UTSAGA_PINNED_SECONDS": "2",
    "UTSAGA_SECONDS": "5",
    "UTSAGA_QUEUE_SECONDS": "2",
}
LABELS = "SELECT ?label { ?s a uts:Article ; rdfs:label ?label } ORDER BY ?label"
PREFIXES = "PREFIX uts: <https://w3id.org/utsaga/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> "
QUERY = quote(PREFIXES + LABELS)
STATEMENT = "/statement/ny-teknik-office-365-malmo-annan-syn"
ADDRESSES = (
    f"/sparql?format=csv&query={QUERY}",
    f"/query?query={QUERY}&lang=sv",
    f"/query?query={QUERY}&lang=en",
    "/queries/evidence.json",
    "/queries/evidence.csv",
    "/queries/evidence?lang=sv",
    "/queries/evidence?lang=en",
    "/queries/adoption-status.tsv?organisation=organisation/malmo-kommun",
    f"{STATEMENT}?lang=sv",
    f"{STATEMENT}?lang=en",
    f"{STATEMENT}.ttl",
    f"{STATEMENT}.jsonld",
    f"{STATEMENT}.json",
    "/source/ny-teknik-office-365.json",
    "/source/ny-teknik-office-365?lang=sv",
    "/code/adoption-status/in-use.nt",
)


class Got(NamedTuple):
    """What is compared of a response."""

    status: int
    body: bytes
    etag: str | None
    cache_control: str | None
    links: list[str]


class Site(NamedTuple):
    """A server with two releases that differ in one sentence: which is live, and its process."""

    address: Address
    releases: Releases
    old: str
    new: str
    process: int


def get(address: Address, target: str, accept: str = "*/*") -> Got:
    connection = HTTPConnection(*address, timeout=60)
    connection.request("GET", target, headers={"Accept": accept})
    response = connection.getresponse()
    headers = response.headers
    found = Got(
        response.status,
        response.read(),
        headers["ETag"],
        headers["Cache-Control"],
        headers.get_all("Link") or [],
    )
    connection.close()
    return found


def pinned(target: str, release: str) -> str:
    return f"{target}{'&' if '?' in target else '?'}release={release}"


def post(address: Address, fields: dict[str, str]) -> bytes:
    connection = HTTPConnection(*address, timeout=60)
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/csv"}
    connection.request("POST", "/sparql", urlencode(fields), headers)
    body = connection.getresponse().read()
    connection.close()
    return body


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The older release is live at first."""
    place = tmp_path_factory.mktemp("pinned")
    home = place / "releases"
    old, new = two_releases(home, place / "facts")
    releases = Releases(home)
    releases.activate(releases.get(old))
    with served(home, settings=SETTINGS) as (address, process):
        yield Site(address, releases, old, new, process.pid)


def test_a_pinned_answer_is_the_same_to_the_last_byte_after_another_release(site: Site) -> None:
    before = [get(site.address, pinned(each, site.old)) for each in ADDRESSES]
    unpinned = [get(site.address, each) for each in ADDRESSES]
    site.releases.activate(site.releases.get(site.new))
    wait_until(lambda: get(site.address, ADDRESSES[0]).body != unpinned[0].body)
    after = [get(site.address, pinned(each, site.old)) for each in ADDRESSES]
    assert [each.status for each in before] == [200] * len(ADDRESSES)
    assert after == before
    assert all(each.etag for each in after)
    changed = [get(site.address, each) for each in ADDRESSES]
    assert sum(one.etag != other.etag for one, other in zip(changed, after, strict=True)) == len(ADDRESSES)
    data, pages = after[0], after[1]
    assert data.cache_control == "public, max-age=86400, immutable"
    assert f'<{ADDRESSES[0]}>; rel="latest-version"' in data.links
    assert pages.cache_control == "no-cache"


def test_a_posted_query_may_name_the_release(site: Site) -> None:
    live = get(site.address, ADDRESSES[0]).body
    old = post(site.address, {"query": PREFIXES + LABELS, "release": site.old})
    assert old == get(site.address, pinned(ADDRESSES[0], site.old)).body
    assert old != live


def test_workers_of_an_older_release_are_few_and_end_when_it_is_unused(site: Site) -> None:
    old = site.releases.get(site.old).path
    wait_until(lambda: not query_workers(old, site.process))  # those of when it was live
    get(site.address, pinned(f"/sparql?query={quote('ASK {}')}", site.old))
    assert len(query_workers(old, site.process)) == 1
    wait_until(lambda: not query_workers(old, site.process))


def test_an_id_that_never_was_is_not_found_and_nonsense_is_refused(site: Site) -> None:
    assert get(site.address, pinned(ADDRESSES[0], "0" * 12)).status == 404
    assert get(site.address, pinned(STATEMENT, "0" * 12), "text/html").status == 404
    assert get(site.address, pinned(ADDRESSES[0], "newest")).status == 400
    assert get(site.address, pinned("/queries/evidence.csv", "newest")).status == 400


def test_a_release_that_is_deleted_while_it_is_open_is_gone(site: Site) -> None:
    assert get(site.address, pinned(ADDRESSES[0], site.old)).status == 200
    deleted = site.releases.home / f".deleted-{site.releases.get(site.old).path.name}"
    site.releases.prune(0)
    for address in ADDRESSES:
        found = get(site.address, pinned(address, site.old), "application/json")
        assert found.status == 410, address
        document = json.loads(found.body)
        assert document["nearestRelease"] == site.new
        assert site.new in document["detail"]
        assert pinned(address, site.new) in found.links[0]
    page = get(site.address, pinned(STATEMENT, site.old), "text/html").body.decode()
    assert f'href="{pinned(STATEMENT, site.new)}"' in page
    assert get(site.address, pinned(ADDRESSES[0], site.new)).status == 200
    wait_until(lambda: not query_workers(deleted, site.process))
