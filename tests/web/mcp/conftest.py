"""The server of MCP on the built release, in this process."""

import asyncio
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from flask import Flask
from mcp.client.client import Client
from mcp.server import Server

from tests.web.mcp.agent import Answer, call, run
from web.html.app_state import AppState
from web.html.request_args import known_arguments
from web.http.response_cache import ResponseCache
from web.mcp.server import OpenSite, build_server
from web.runtime.live_application import ServedApplication
from web.runtime.mcp_site import ApplicationSite
from web.sparql.fast_path import FastPath

T = TypeVar("T")
Ask = Callable[..., Answer]


async def on_thread(work: Callable[[], T]) -> T:
    return await asyncio.to_thread(work)


def opening(site: ApplicationSite) -> OpenSite:
    """What opens `site`, for a release that it must be of."""
    return lambda release: nullcontext(replace(site, wanted=release))


@pytest.fixture(scope="session")
def mcp_site(release_app: Flask) -> ApplicationSite:
    """What the tools read."""
    state: AppState = release_app.extensions["utsaga"]
    cache = ResponseCache(max_bytes=64 << 20)
    known, path = known_arguments(release_app, state), FastPath(state, cache)
    return ApplicationSite(
        ServedApplication(release_app, known, cache, path, lambda: None, release=state.release),
        {"REMOTE_ADDR": "127.0.0.1"},
    )


@pytest.fixture(scope="session")
def mcp_server(mcp_site: ApplicationSite) -> Server[Any]:
    return build_server(opening(mcp_site), on_thread)


@pytest.fixture(scope="session")
def ask(mcp_server: Server[Any]) -> Ask:
    """A call of a tool by its name and arguments."""

    def asked(tool: str, **arguments: Any) -> Answer:
        return run(lambda: Client(mcp_server), lambda client: call(client, tool, arguments))

    return asked
