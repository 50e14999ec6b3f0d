"""Agents connect to a real server, and start one of their own: the SDK's client over both transports."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
import urllib3
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from bench.client import free_port
from graph.release.release import Release
from tests.web.mcp.agent import MAX_BYTES, Answer, call, read_pages, run
from tests.web.mcp.questions import TEN

pytestmark = pytest.mark.slow

ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
UTSAGA = Path(sys.executable).with_name("utsaga")
Serving = Callable[..., AbstractContextManager[str]]
Connect = Callable[[], Client]


@pytest.fixture(scope="module")
def address(release: Release, serving: Serving) -> Iterator[str]:
    """The address of MCP at a server where it is switched on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UTSAGA_MCP", "1")
        with serving(release.path.parent) as found:
            yield f"{found}/mcp"


def started(*words: str) -> Client:
    """A client that starts the command with these words."""
    return Client(stdio_client(StdioServerParameters(command=str(UTSAGA), args=[*words])))


@pytest.fixture(params=["stdio", "stdio-url", "http", "http-handshake"])
def connect(request: pytest.FixtureRequest, release: Release, address: str) -> Connect:
    """How an agent connects."""
    own = ["--releases", str(release.path.parent), "mcp"]
    return {
        "stdio": lambda: started(*own),
        "stdio-url": lambda: started("mcp", "--url", address.removesuffix("/mcp")),
        "http": lambda: Client(address),
        "http-handshake": lambda: Client(address, mode="legacy"),
    }[request.param]


def test_ten_questions_are_answered_with_passages(connect: Connect) -> None:
    async def ask_all(client: Client) -> list[list[Answer]]:
        return [await read_pages(client, asked.tool, asked.arguments) for asked in TEN]

    for asked, pages in zip(TEN, run(connect, ask_all), strict=True):
        assert all(page.size <= MAX_BYTES for page in pages)
        text = "".join(page.text for page in pages)
        assert all(statement in text for statement in asked.expected)
        assert '"start":' in text
        assert '"digest":"' in text


def test_a_query_that_runs_too_long_is_refused_with_the_limit(connect: Connect) -> None:
    answer = run(connect, lambda client: call(client, "sparql", {"query": ENDLESS}))
    assert answer.failed
    assert answer.document["error"]["limit"] in ("UTSAGA_SECONDS", "UTSAGA_MEMORY_BYTES")


def test_a_command_without_a_release_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [UTSAGA, "--releases", tmp_path, "mcp"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "utsaga build" in done.stderr


def test_an_address_that_is_none_is_refused() -> None:
    done = subprocess.run([UTSAGA, "mcp", "--url", "nonsense"], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "--url" in done.stderr


def test_a_site_that_does_not_answer_is_refused_with_a_remedy() -> None:
    answer = run(
        lambda: started("mcp", "--url", f"http://127.0.0.1:{free_port()}"),
        lambda client: call(client, "search", {"query": "Malmö"}),
    )
    assert answer.failed
    (fault,) = answer.document["error"]["faults"]
    assert "does not answer" in fault["message"]
    assert "--url" in fault["remedy"]


def test_a_query_ends_with_the_connection_of_its_agent(address: str) -> None:
    params = {"name": "sparql", "arguments": {"query": ENDLESS}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    with pytest.raises(urllib3.exceptions.TimeoutError):
        urllib3.request("POST", address, json=message, headers=headers, timeout=1.0, retries=False)
    expected = {'utsaga_workers_ended_total{cause="cancelled"} 1.0', 'route="mcp",status="499"} 1.0'}
    text = ""
    for _ in range(50):
        text = urllib3.request("GET", address.replace("/mcp", "/metrics")).data.decode()
        if all(each in text for each in expected):
            return
        time.sleep(0.1)
    pytest.fail(text)
