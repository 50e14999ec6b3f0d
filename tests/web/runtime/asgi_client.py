"""A client that sends requests to an ASGI application directly, without a server."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from werkzeug.datastructures import Headers

Application = Callable[..., Awaitable[None]]


@dataclass
class Exchange:
    """A request, and what has been sent in response.

    Without `parts` the request has no body; with no last part its client sends no more. A client takes as
    many messages of the response as `takes`, and then waits. It closes the connection once `leaves` is set.
    """

    target: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    parts: Sequence[bytes] | None = None
    is_complete: bool = True
    has_length: bool = True
    address: str = "127.0.0.1"
    takes: int = 1 << 60
    received: int = 0
    messages: list[dict[str, Any]] = field(default_factory=list)
    takes_more: asyncio.Event = field(default_factory=asyncio.Event)
    leaves: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self, application: Application) -> "Exchange":
        """Send the request; return when the application does, and raise what it raises."""
        await application(self.scope, self.receive, self.send)
        return self

    @property
    def scope(self) -> dict[str, Any]:
        """The scope of the request."""
        url = urlsplit(self.target)
        headers = {"host": "localhost", **{name.lower(): value for name, value in self.headers.items()}}
        if self.parts is not None and self.has_length:
            headers.setdefault("content-length", str(sum(map(len, self.parts))))
        elif self.parts is not None:
            headers["transfer-encoding"] = "chunked"
        return {
            "type": "http",
            "method": self.method,
            "http_version": "1.1",
            "scheme": "http",
            "server": ("127.0.0.1", "8000"),
            "client": (self.address, "40000"),
            "path": unquote(url.path),
            "query_string": url.query.encode(),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        }

    async def receive(self) -> dict[str, Any]:
        """Return the next part of the body."""
        parts = self.parts or [b""]
        if self.received == len(parts):
            await self.leaves.wait()
            return {"type": "http.disconnect"}
        self.received += 1
        is_last = self.is_complete and self.received == len(parts)
        return {"type": "http.request", "body": parts[self.received - 1], "more_body": not is_last}

    async def send(self, message: dict[str, Any]) -> None:
        """Take a part of the response."""
        if len(self.messages) >= self.takes:
            await self.takes_more.wait()
        self.messages.append(message)

    @property
    def status(self) -> int:
        """The status of the response."""
        status: int = self.messages[0]["status"]
        return status

    @property
    def response_headers(self) -> Headers:
        """The headers of the response."""
        return Headers(
            [(name.decode(), value.decode("latin-1")) for name, value in self.messages[0]["headers"]]
        )

    @property
    def body(self) -> bytes:
        """As much of the body as has been sent."""
        return b"".join(message["body"] for message in self.messages[1:])
