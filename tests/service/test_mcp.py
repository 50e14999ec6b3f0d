"""Agents connect to a real server, and start one of their own: the SDK's client over both transports."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from graph.release.releases import Release
from tests.web.mcp.agent import MAX_BYTES, Answer, call, read_pages, run
from tests.web.mcp.questions import TEN

pytestmark = pytest.mark.slow

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


@pytest.fixture(params=["stdio", "http", "http-handshake"])
def connect(request: pytest.FixtureRequest, release: Release, address: str) -> Connect:
    """How an agent connects."""
    command = ["--releases", str(release.path.parent), "mcp"]
    stdio = StdioServerParameters(command=str(UTSAGA), args=command)
    return {
        "stdio": lambda: Client(stdio_client(stdio)),
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
    endless = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d ?g"
    answer = run(connect, lambda client: call(client, "sparql", {"query": endless}))
    assert answer.failed
    assert answer.document["error"]["limit"] in ("UTSAGA_SECONDS", "UTSAGA_MEMORY_BYTES")


def test_a_command_without_a_release_says_so(tmp_path: Path) -> None:
    done = subprocess.run(
        [UTSAGA, "--releases", tmp_path, "mcp"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stdout == ""
    assert "utsaga build" in done.stderr
