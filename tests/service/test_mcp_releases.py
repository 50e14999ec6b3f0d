"""Agents and the Python client read an older release than the one that is live."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from mcp.client.client import Client

from bench.soak import served, two_releases
from graph.client import Utsaga
from tests.service.test_mcp import Connect, started
from tests.web.mcp.agent import Answer, call, run

pytestmark = pytest.mark.slow
ABOUT = "statement/ny-teknik-office-365-malmo-annan-syn"
LABELS = """PREFIX uts: <https://w3id.org/utsaga/ns#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?label { ?s a uts:Article ; rdfs:label ?label FILTER STRSTARTS(?label, "Och ") } ORDER BY ?label"""


class Site(NamedTuple):
    """A server with two releases of which the second is live, and how agents connect to it."""

    address: str
    old: str
    new: str
    connections: dict[str, Connect]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    place = tmp_path_factory.mktemp("mcp-releases")
    home = place / "releases"
    old, new = two_releases(home, place / "facts")
    with served(home, settings={"UTSAGA_MCP": "1"}) as ((host, port), _):
        address = f"http://{host}:{port}"
        connections: dict[str, Connect] = {
            "http": lambda: Client(f"{address}/mcp"),
            "stdio": lambda: started("--releases", str(home), "mcp"),
            "stdio-url": lambda: started("mcp", "--url", address),
        }
        yield Site(address, old, new, connections)


@pytest.mark.parametrize("way", ["http", "stdio", "stdio-url"])
def test_a_tool_reads_the_release_that_is_asked_for(site: Site, way: str) -> None:
    async def ask(client: Client) -> list[Answer]:
        def asked(tool: str, **arguments: Any) -> dict[str, Any]:
            return {"tool": tool, "arguments": arguments}

        calls = [
            asked("sparql", query=LABELS),
            asked("sparql", query=LABELS, release=site.old),
            asked("sparql", query=LABELS, release=site.new),
            asked("entity", id=ABOUT, release=site.old),
            asked("sparql", query=LABELS, release="aaaaaaaaaaaa"),
        ]
        return [await call(client, **each) for each in calls]

    newest, older, same, entity, unknown = run(site.connections[way], ask)
    assert newest.document["release"] == site.new
    assert older.document["release"] == site.old
    assert older.document["rows"] != newest.document["rows"]
    assert same.text == newest.text
    assert entity.document["evidence"][0]["release"] == entity.document["release"] == site.old
    assert unknown.failed
    assert unknown.document["error"]["faults"][0]["where"] == "release"


def test_the_python_client_reads_the_release_that_is_asked_for(site: Site) -> None:
    with Utsaga(site.address) as client:
        newest, older = client.sparql(LABELS), client.sparql(LABELS, release=site.old)
        assert (newest.release, older.release) == (site.new, site.old)
        assert newest.rows != older.rows
        assert {each.release for each in client.evidence("law/osl", release=site.old)} == {site.old}
