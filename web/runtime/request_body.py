"""Reads the body of a request from ASGI, within bounds of time and of bytes.

https://asgi.readthedocs.io/en/latest/specs/www.html#request-receive-event
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from graph.core.errors import BadInput, RequestTimeout, Unavailable
from graph.core.settings import Settings

Receive = Callable[[], Awaitable[dict[str, Any]]]


class BodyReader:
    """Reads bodies, of which all that are incomplete hold no more than UTSAGA_BODIES_BYTES together."""

    def __init__(self, settings: Settings) -> None:
        """Read within `settings`."""
        self._settings = settings
        self._held = 0

    async def read(self, receive: Receive, limit: int) -> bytes:
        """Return the body of a request, or of a longer one than `limit` its beginning, of more than `limit`.

        Raise RequestTimeout if it is not complete in time, Unavailable if the others hold too much already,
        and BadInput if it breaks off or its chunks are malformed, which the server does not tell apart.
        """
        body = bytearray()
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                while len(body) <= limit:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise BadInput(
                            "The body of the request breaks off",
                            where="body",
                            rule="RFC 9112",
                            remedy="send all of it, in chunks as HTTP/1.1 has them or with its length",
                        )
                    self._add(body, message.get("body", b""))
                    if not message.get("more_body", False):
                        break
        except TimeoutError as error:
            raise RequestTimeout(
                "The body of the request did not come in time",
                where="body",
                rule="UTSAGA_BODY_SECONDS",
                remedy="send it again, faster",
            ) from error
        finally:
            self._held -= len(body)
        return bytes(body)

    def _add(self, body: bytearray, part: bytes) -> None:
        body += part
        self._held += len(part)
        if self._held > self._settings.bodies_bytes:
            raise Unavailable(
                "Too many large requests are coming in already",
                where="body",
                rule="UTSAGA_BODIES_BYTES",
                remedy="try again in a moment",
                retry_after=1,
            )
