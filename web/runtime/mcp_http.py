"""MCP over streamable HTTP: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports.

Each request is answered by itself, with one JSON document: there are no sessions and no streams. The SDK
checks the host and the origin, so that no page of another site reaches a server on its reader's machine.
"""

import asyncio
import json
import logging
from collections.abc import MutableMapping
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlsplit
from wsgiref.types import WSGIEnvironment

from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import INTERNAL_ERROR, INVALID_REQUEST

from graph.core.errors import Fault, TooLarge, UtsagaError
from graph.core.settings import Settings
from web.http.problem_json import problem
from web.http.responses import Headers, Response
from web.mcp.server import OnThread, build_server
from web.runtime.live_application import ServedApplication
from web.runtime.mcp_site import open_site
from web.runtime.pinned_releases import PinnedReleases
from web.runtime.wsgi_environ import Scope

_LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
_BASE_RULE: Final = "UTSAGA_PUBLIC_BASE"
_REFUSED: Final = {
    HTTPStatus.MISDIRECTED_REQUEST: Fault(
        "Host", "MCP is not answered at this host", _BASE_RULE, "use the public address of the site"
    ),
    HTTPStatus.FORBIDDEN: Fault(
        "Origin", "MCP is not answered for pages of this origin", _BASE_RULE, "connect from a program"
    ),
    HTTPStatus.BAD_REQUEST: Fault(
        "Content-Type", "The request is no JSON", "MCP", "send JSON-RPC as application/json"
    ),
}
"""What the SDK refuses with a line of text."""


class McpEndpoint:
    """Answers the requests to `/mcp`."""

    def __init__(self, settings: Settings, pinned: PinnedReleases | None) -> None:
        """Answer at the public address of `settings`, and at the names of this machine's loopback.

        Older releases are those of `pinned`, if there are any.
        """
        self._pinned = pinned
        logging.getLogger("mcp").setLevel(logging.ERROR)  # what it refuses is in the log of requests
        self._security = _security(settings.public_base)
        self._max_bytes = settings.query_bytes

    async def respond(
        self,
        scope: Scope,
        environ: WSGIEnvironment,
        served: ServedApplication,
        on_thread: OnThread,
        is_complete: bool,
    ) -> Response:
        """Return the response to a request from what is `served`; `environ` has its body, if `is_complete`.

        Raise TooLarge if not.
        """
        if scope["method"] != "POST":
            return _not_allowed(scope["method"])
        if not is_complete:
            raise TooLarge(
                f"The body is longer than {self._max_bytes:,} bytes",
                where="body",
                rule="UTSAGA_QUERY_BYTES",
                remedy="send a shorter query",
            )
        manager = StreamableHTTPSessionManager(
            build_server(partial(open_site, served, self._pinned, environ), on_thread),
            json_response=True,
            stateless=True,
            security_settings=self._security,
            max_request_body_size=self._max_bytes,
        )
        exchange = _Exchange(environ["wsgi.input"].read())
        async with manager.run():
            await manager.handle_request(scope, exchange.receive, exchange.send)
        return exchange.response()

    def refuse(self, error: UtsagaError) -> Response:
        """Return the response to a request that is refused as a whole: an error of JSON-RPC."""
        after = [("Retry-After", str(error.retry_after))] if error.retry_after is not None else []
        return _error(error.status, error.faults, after)


def _not_allowed(method: str) -> Response:
    fault = Fault("/mcp", f"{method} is not answered here", "HTTP", "use POST: connect with a client of MCP")
    response = _error(HTTPStatus.METHOD_NOT_ALLOWED, (fault,), [("Allow", "POST")])
    return replace(response, body=[]) if method == "HEAD" else response


def _error(status: int, faults: tuple[Fault, ...], headers: Headers) -> Response:
    """Return a response that clients of MCP read: https://www.jsonrpc.org/specification#error_object."""
    code = INVALID_REQUEST if status < HTTPStatus.INTERNAL_SERVER_ERROR else INTERNAL_ERROR
    error = {"code": code, "message": str(faults[0]), "data": json.loads(problem(status, faults))}
    body = json.dumps({"jsonrpc": "2.0", "id": None, "error": error}, ensure_ascii=False).encode()
    return _response(status, [("Content-Type", "application/json"), *headers], body)


def _response(status: int, headers: Headers, body: bytes) -> Response:
    own = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
    kept = [
        (name, value) for name, value in headers if name.lower() not in ("content-length", "cache-control")
    ]
    return Response(status, [*kept, *own, ("Content-Length", str(len(body)))], [body])


def _security(public_base: str) -> TransportSecuritySettings:
    public = urlsplit(public_base)
    hosts = [each for name in _LOOPBACK for each in (name, f"{name}:*")]
    return TransportSecuritySettings(
        allowed_hosts=[*hosts, *([public.netloc] if public.netloc else [])],
        allowed_origins=[
            *(f"http://{host}" for host in hosts),
            *([f"{public.scheme}://{public.netloc}"] if public.netloc else []),
        ],
    )


class _Exchange:
    """A request whose body has been read, and what is sent in response."""

    def __init__(self, body: bytes) -> None:
        self._incoming = [{"type": "http.request", "body": body, "more_body": False}]
        self._messages: list[MutableMapping[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        """Return the body, and then nothing: that the client leaves is noticed by its `ClientConnection`."""
        if not self._incoming:
            await asyncio.Event().wait()
        return self._incoming.pop()

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """Take a part of the response."""
        self._messages.append(message)

    def response(self) -> Response:
        """Return the whole response; a refusal in a line of text as an error with its four parts."""
        start, *parts = self._messages
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
        fault = _REFUSED.get(start["status"])
        if fault and not any("json" in value for name, value in headers if name.lower() == "content-type"):
            return _error(start["status"], (fault,), [])
        return _response(start["status"], headers, b"".join(part.get("body", b"") for part in parts))
