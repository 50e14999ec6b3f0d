"""An agent: the SDK's own client, and the answers that it gets."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from mcp.client.client import Client
from mcp.shared.exceptions import MCPError
from mcp_types import TextContent

MAX_BYTES: Final = 4096
T = TypeVar("T")


@dataclass(frozen=True)
class Answer:
    """What a tool returned."""

    text: str
    failed: bool

    @property
    def document(self) -> dict[str, Any]:
        """The answer as JSON."""
        found: dict[str, Any] = json.loads(self.text)
        return found

    @property
    def size(self) -> int:
        """How many bytes it has."""
        return len(self.text.encode())


async def call(client: Client, tool: str, arguments: dict[str, Any]) -> Answer:
    """Return the answer of a tool."""
    result = await client.call_tool(tool, arguments)
    (content,) = result.content
    assert isinstance(content, TextContent)
    assert result.structured_content is None, "the size of an answer would be twice that of its text"
    return Answer(content.text, bool(result.is_error))


async def read_pages(client: Client, tool: str, arguments: dict[str, Any]) -> list[Answer]:
    """Return all pages of an answer, in their order."""
    pages, cursor = [], ""
    while True:
        pages.append(await call(client, tool, arguments | ({"cursor": cursor} if cursor else {})))
        document = pages[-1].document
        assert not pages[-1].failed, pages[-1].text
        assert document["complete"] is (document["next"] is None)
        cursor = document["next"]
        if not cursor:
            return pages


def run(connect: Callable[[], Client], work: Callable[[Client], Awaitable[T]]) -> T:
    """Return what `work` returns with a client that is connected; raise MCPError if it does."""

    async def connected() -> T | MCPError:
        async with connect() as client:
            try:
                return await work(client)
            except MCPError as error:  # which the client would wrap in a group
                return error

    found = asyncio.run(connected())
    if isinstance(found, MCPError):
        raise found
    return found
