"""The command that serves one agent, by MCP on standard input and output."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar

import click

from graph.core.errors import BadInput
from graph.core.namespaces import BASE
from graph.core.settings import Settings
from graph.release.releases import Releases
from web.http.metrics import Metrics
from web.http.rate_limit import Throttle
from web.runtime import releases as serving
from web.runtime.pinned_releases import PinnedReleases
from web.runtime.releases import ApplicationFactory

if TYPE_CHECKING:
    from web.mcp.server import OpenSite

T = TypeVar("T")
_WORKERS: Final = 2  # by default: an agent asks one thing after another
_CLIENT: Final = {"REMOTE_ADDR": "127.0.0.1"}


@click.command()
@click.option("--url", metavar="URL", help="Read the Utsaga that runs there, instead of a release here.")
@click.pass_obj
def mcp(releases: Releases, url: str | None) -> None:
    """Serve the live release to an agent, which starts this command itself (Model Context Protocol).

    The limits of queries are those of utsaga serve: see docs/settings.md. How to connect: docs/mcp.md.
    """
    settings = Settings.from_environment()
    if url is not None:
        asyncio.run(_serve(_remote(url, settings)))
        return
    releases.live()
    own = replace(
        settings,
        public_base=settings.public_base or BASE.rstrip("/"),
        workers=settings.workers or _WORKERS,
    )
    asyncio.run(_serve_release(releases, own))


async def _serve_release(releases: Releases, settings: Settings) -> None:
    """Answer the agent from the release that is live when it asks."""
    from web.runtime.mcp_site import open_site  # noqa: PLC0415 (the SDK takes a second to import)

    factory = ApplicationFactory(settings, Metrics(), Throttle.of(settings), asyncio.get_running_loop())
    served = await asyncio.to_thread(serving.releases, releases, factory, prepares=False)
    pinned = PinnedReleases(releases, factory.pinned, settings)
    await _serve(lambda release: open_site(served(), pinned, dict(_CLIENT), release))


def _remote(url: str, settings: Settings) -> "OpenSite":
    """Return what reads the site at `url`; raise BadInput if that is no address."""
    from graph.client.transport import Transport  # noqa: PLC0415 (as above)
    from web.mcp.remote_site import RemoteSite  # noqa: PLC0415 (as above)

    try:
        transport = Transport(url, settings.seconds + settings.queue_seconds)
    except ValueError as error:
        remedy = "write one like https://example.org"
        raise BadInput(f"“{url}” is no address", where="--url", rule="--url", remedy=remedy) from error
    return lambda release: nullcontext(RemoteSite(transport, release))


async def _serve(site: "OpenSite") -> None:
    """Answer the agent from what `site` gives, until it closes standard input."""
    from mcp.server.stdio import stdio_server  # noqa: PLC0415 (the SDK takes a second to import)

    from web.mcp.server import build_server  # noqa: PLC0415 (as above)

    server = build_server(site, _on_thread)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


async def _on_thread(work: Callable[[], T]) -> T:
    return await asyncio.to_thread(work)
