"""Sends responses over ASGI in pieces, so that a client that reads slowly holds little memory.

https://asgi.readthedocs.io/en/latest/specs/www.html#response-start-send-event
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Executor
from typing import Any

from web.http.responses import PIECE, Response, next_piece

Send = Callable[[dict[str, Any]], Awaitable[None]]


class SlowClientError(Exception):
    """The client has taken nothing of its response for UTSAGA_SEND_SECONDS."""


class Sender:
    """Sends responses; bodies that are made while they are sent are made on threads."""

    def __init__(self, threads: Executor, send_seconds: float) -> None:
        """Give up on a client that takes nothing for `send_seconds`."""
        self._threads, self._send_seconds = threads, send_seconds

    async def send(self, response: Response, send: Send) -> None:
        """Send a response, count the bytes of its body that were sent, and close it.

        Raise SlowClientError if the client takes nothing for too long, and what the body raises.
        """
        try:
            headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in response.headers]
            await send({"type": "http.response.start", "status": response.status, "headers": headers})
            body = b"".join(response.body) if isinstance(response.body, (list, tuple)) else None
            if body is not None and len(body) <= PIECE:  # granian takes a whole one without waiting
                await send({"type": "http.response.body", "body": body, "more_body": False})
                response.sent = len(body)
                return
            async for piece, is_last in self._pieces(response, body):
                await self._send_piece(piece, is_last, send)
                response.sent += len(piece)
        finally:
            response.close()

    async def _send_piece(self, piece: bytes, is_last: bool, send: Send) -> None:
        try:
            async with asyncio.timeout(self._send_seconds):
                await send({"type": "http.response.body", "body": piece, "more_body": not is_last})
        except TimeoutError as error:
            raise SlowClientError from error

    async def _pieces(self, response: Response, body: bytes | None) -> AsyncIterator[tuple[bytes, bool]]:
        """Yield the body in pieces, each with whether it is the last; `body` is all of it, if it is known."""
        if body is not None:
            for start in range(0, len(body), PIECE):
                yield body[start : start + PIECE], start + PIECE >= len(body)
            return
        loop, parts = asyncio.get_running_loop(), iter(response.body)
        while piece := await loop.run_in_executor(self._threads, next_piece, parts):
            yield piece, False
        yield b"", True
