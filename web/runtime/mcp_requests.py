"""The requests of agents at `/mcp`, where the Model Context Protocol is switched on."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final
from wsgiref.types import WSGIEnvironment

from graph.core.errors import UtsagaError
from graph.core.settings import Settings
from web.http.client_connection import CONNECTION, STATUS_CLOSED, ClientConnection
from web.http.responses import Response
from web.runtime.live_application import ServedApplication
from web.runtime.pinned_releases import PinnedReleases
from web.runtime.request_body import Receive
from web.runtime.wsgi_environ import Scope

if TYPE_CHECKING:
    from web.mcp.server import OnThread

MCP_PATH: Final = "/mcp"


class McpRequests:
    """Answers the requests of agents, charged like the documents that their answers are made of."""

    def __init__(
        self,
        settings: Settings,
        read_body: Callable[[WSGIEnvironment, Receive], Awaitable[bool]],
        charge: Callable[[WSGIEnvironment], AbstractContextManager[None]],
        on_thread: "OnThread",
        pinned: PinnedReleases | None,
    ) -> None:
        """Answer within the limits of `settings`, of older releases from `pinned`.

        `read_body` reads a body into its environ, and returns whether it has been read to its end; `charge`
        returns a place of the client; `on_thread` runs what reads documents.
        """
        from web.runtime.mcp_http import McpEndpoint  # noqa: PLC0415 (the SDK takes a second to import)

        self._read_body, self._charge, self._on_thread = read_body, charge, on_thread
        self._endpoint = McpEndpoint(settings, pinned)

    async def respond(
        self, scope: Scope, environ: WSGIEnvironment, receive: Receive, served: ServedApplication
    ) -> Response:
        """Return the response to a request to `MCP_PATH`, from what is `served`."""
        try:
            is_complete = await self._read_body(environ, receive)
            connection = environ[CONNECTION] = ClientConnection(receive)
            with self._charge(environ), connection.watched():
                response = await self._endpoint.respond(scope, environ, served, self._on_thread, is_complete)
            return Response(STATUS_CLOSED, [], []) if connection.is_closed else response
        except UtsagaError as error:
            return self._endpoint.refuse(error)
        finally:
            environ.pop(CONNECTION, None)  # it holds `receive`, which keeps the server waiting for a body
