"""The MCP server of a site: https://modelcontextprotocol.io/specification.

Its handlers run on the event loop, and what reads from the site on a thread.
"""

import logging
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from importlib.metadata import version
from typing import Any, Final, Protocol, TypeVar

from mcp.server import Server
from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    TextContent,
)
from pydantic import ValidationError

from graph.core.errors import UtsagaError
from graph.core.site import SITE
from web.mcp.arguments import ReleaseArguments
from web.mcp.paging import encode
from web.mcp.refusals import Refusal
from web.mcp.resources import TEMPLATE, list_resources, read_resource
from web.mcp.site import Site
from web.mcp.tools import LISTED, TOOLS, Tool

_LOG: Final = logging.getLogger(__name__)
_VERSION: Final = version("utsaga")
_CLIENT_ERROR: Final = 500  # the status from which an error is not the client's
_INSTRUCTIONS: Final = f"""\
{SITE.name} is a knowledge graph. {SITE.summary}.
Begin with `search`, which also understands questions in words, or with `questions` and `ask`.
Each answer is one JSON document of at most 4 kB (argument `size`). `complete` is true if nothing follows it;
if not, call again with the same arguments and `next` as `cursor`. `release` names the data that answered.
Evidence is a statement with its source and passages: the position of the words in the source's text (code
points, the end exclusive) and their SHA-256. `text` is a summary in our own words: never put it in quotation
marks under the speaker's name. If `read` is false, the source was not read.
“no” is an answer with statements; `nothing-known` and an empty answer mean that no source says anything.
Cite what you repeat: `cite` returns the citation.
"""

T = TypeVar("T")
Context = ServerRequestContext[Any]


class OpenSite(Protocol):
    """Opens the site for one request."""

    def __call__(self, release: str, /) -> AbstractAsyncContextManager[Site]:
        """Give the site as of the release with that id, or of the newest for an empty one."""


class OnThread(Protocol):
    """Runs what waits for the site on a thread."""

    def __call__(self, work: Callable[[], T], /) -> Awaitable[T]:
        """Return what `work` returns; raise what it raises, or Unavailable if too much waits already."""


def build_server(open_site: OpenSite, on_thread: OnThread) -> Server[Any]:
    """Return the server of a site: each request is answered from what `open_site` gives then."""
    handlers = Handlers(open_site, on_thread)
    return Server(
        "utsaga",
        version=_VERSION,
        title=SITE.name,
        instructions=_INSTRUCTIONS,
        on_list_tools=handlers.list_tools,
        on_call_tool=handlers.call_tool,
        on_list_resources=handlers.list_resources,
        on_list_resource_templates=handlers.list_resource_templates,
        on_read_resource=handlers.read_resource,
    )


class Handlers:
    """Answers the requests of clients."""

    def __init__(self, open_site: OpenSite, on_thread: OnThread) -> None:
        """Read from what `open_site` gives by `on_thread`."""
        self._open_site, self._on_thread = open_site, on_thread

    async def list_tools(self, _: Context, __: PaginatedRequestParams | None) -> ListToolsResult:
        """Return all tools."""
        return ListToolsResult(tools=LISTED)

    async def call_tool(self, _: Context, params: CallToolRequestParams) -> CallToolResult:
        """Return the answer of a tool, or its refusal; raise MCPError for a tool that there is not."""
        tool = TOOLS.get(params.name)
        if tool is None:
            names = ", ".join(TOOLS)
            raise MCPError(INVALID_PARAMS, f"There is no tool “{params.name[:40]}”: use one of {names}")
        try:
            answer, failed = await self._answer(tool, params.arguments or {}), False
        except Refusal as refusal:
            answer, failed = {"error": refusal.problem}, True
        text = encode(answer).decode()
        return CallToolResult(content=[TextContent(type="text", text=text)], is_error=failed)

    async def list_resources(self, _: Context, params: PaginatedRequestParams | None) -> ListResourcesResult:
        """Return a page of the resources; raise MCPError for a cursor that is none."""
        try:
            return await self._read(partial(list_resources, cursor=params.cursor if params else None))
        except Refusal as refusal:
            raise _protocol_error(refusal) from refusal

    async def list_resource_templates(
        self, _: Context, __: PaginatedRequestParams | None
    ) -> ListResourceTemplatesResult:
        """Return the template of the stored queries."""
        return ListResourceTemplatesResult(resource_templates=[TEMPLATE])

    async def read_resource(self, _: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        """Return the text of a resource; raise MCPError for one that there is not or that is refused."""
        try:
            return await self._read(partial(read_resource, uri=params.uri))
        except Refusal as refusal:
            raise _protocol_error(refusal) from refusal

    async def _answer(self, tool: Tool, given: dict[str, Any]) -> dict[str, Any]:
        """Return the answer of `tool`; raise Refusal."""
        try:
            arguments = tool.arguments.model_validate(given)
        except ValidationError as error:
            raise Refusal.of_validation(error, tool.name) from error
        release = arguments.release if isinstance(arguments, ReleaseArguments) else ""
        return await self._read(lambda site: tool.answer(site, arguments), release)

    async def _read(self, work: Callable[[Site], T], release: str = "") -> T:
        """Return what `work` returns on a thread, of the newest release or another; raise Refusal."""
        try:
            async with self._open_site(release) as site:
                return await self._on_thread(partial(work, site))
        except Refusal:
            raise
        except UtsagaError as error:
            raise Refusal.of_error(error) from error
        except Exception as error:
            _LOG.exception("unhandled exception")
            raise Refusal.unforeseen() from error


def _protocol_error(refusal: Refusal) -> MCPError:
    """Return the error of the protocol that a refusal comes to where there is no result of a tool."""
    problem = refusal.problem
    code = INVALID_PARAMS if problem["status"] < _CLIENT_ERROR else INTERNAL_ERROR
    return MCPError(code, problem["faults"][0]["message"], problem)
