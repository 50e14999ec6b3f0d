"""The command that serves the live release to one agent, by MCP on standard input and output."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

import click

from graph.core.namespaces import BASE
from graph.core.settings import Settings
from graph.release.releases import Releases
from web.http.metrics import Metrics
from web.http.rate_limit import Throttle
from web.runtime import releases as serving
from web.runtime.releases import ApplicationFactory, ServedApplication

if TYPE_CHECKING:
    from mcp.server import Server

T = TypeVar("T")
_WORKERS: Final = 2  # by default: an agent asks one thing after another
_CLIENT: Final = {"REMOTE_ADDR": "127.0.0.1"}


@click.command()
@click.pass_obj
def mcp(releases: Releases) -> None:
    """Serve the live release to an agent, which starts this command itself (Model Context Protocol).

    The limits of queries are those of utsaga serve: see docs/settings.md. How to connect: docs/mcp.md.
    """
    settings = Settings.from_environment()
    releases.live()
    own = replace(
        settings,
        public_base=settings.public_base or BASE.rstrip("/"),
        workers=settings.workers or _WORKERS,
    )
    asyncio.run(_serve(releases, own))


async def _serve(releases: Releases, settings: Settings) -> None:
    """Answer the agent until it closes standard input."""
    from mcp.server.stdio import stdio_server  # noqa: PLC0415 (the SDK takes a second to import)

    factory = ApplicationFactory(settings, Metrics(), Throttle.of(settings), asyncio.get_running_loop())
    served = await asyncio.to_thread(serving.releases, releases, factory, prepares=False)
    server = _server(served)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


def _server(served: Callable[[], ServedApplication]) -> "Server[object]":
    """Return the server of what is served when it is asked."""
    from web.mcp.server import build_server  # noqa: PLC0415 (the SDK takes a second to import)
    from web.runtime.mcp_site import ApplicationSite  # noqa: PLC0415 (as above)

    return build_server(lambda: ApplicationSite(served(), dict(_CLIENT)), _on_thread)


async def _on_thread(work: Callable[[], T]) -> T:
    return await asyncio.to_thread(work)
