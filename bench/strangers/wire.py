"""One connection of an attacker: bytes out, at any pace, and replies in.

Sockets are read only when a reply is wanted, so that a client can refuse to read.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.hostile.exchange import Address

_PART = 1 << 16
_BODILESS = (204, 304)


@dataclass(frozen=True)
class Reply:
    """A reply that was read to its end; header names are in lower case, repeated ones joined by commas."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def keeps_connection(self) -> bool:
        """Whether the server goes on reading requests from the connection."""
        return "close" not in self.headers.get("connection", "").lower()


class Wire:
    """A connected socket."""

    def __init__(self, connected: socket.socket) -> None:
        """Take a non-blocking socket."""
        self._socket = connected
        self._loop = asyncio.get_running_loop()
        self._unread = bytearray()

    async def send(self, data: bytes) -> None:
        """Send all of `data`; raise OSError if the server has closed the connection."""
        await self._loop.sock_sendall(self._socket, data)

    async def trickle(self, pieces: Iterable[bytes], pause: float) -> None:
        """Send one piece after another, `pause` seconds apart, until the server sends something or closes.

        Raise EOFError or OSError if it closes.
        """
        for piece in pieces:
            await self.send(piece)
            try:
                async with asyncio.timeout(pause):
                    await self._read()
                return
            except TimeoutError:
                continue

    async def reply(self, *, has_body: bool = True) -> Reply:
        """Return the next reply; raise EOFError if the connection ends before, ValueError if it is none."""
        head = await self._until(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")[:-2]
        headers: dict[str, str] = {}
        for name, _, value in (line.partition(":") for line in lines):
            key = name.lower()
            headers[key] = f"{headers[key]},{value.strip()}" if key in headers else value.strip()
        status = int(first.split(" ")[1])
        if status < 200:
            return await self.reply(has_body=has_body)
        body = await self._body(headers) if has_body and status not in _BODILESS else b""
        return Reply(status, headers, body)

    async def drip(self, size: int, pause: float) -> None:
        """Read what comes, `size` bytes at a time and `pause` seconds apart, until the server closes."""
        while await self._loop.sock_recv(self._socket, size):
            await asyncio.sleep(pause)

    async def _body(self, headers: Mapping[str, str]) -> bytes:
        if "chunked" in headers.get("transfer-encoding", ""):
            parts = []
            while size := int(await self._until(b"\r\n"), 16):
                parts.append((await self._exactly(size + 2))[:-2])
            await self._until(b"\r\n")
            return b"".join(parts)
        if "content-length" in headers:
            return await self._exactly(int(headers["content-length"]))
        while True:
            try:
                await self._read()
            except EOFError:
                return await self._exactly(len(self._unread))

    async def _until(self, mark: bytes) -> bytes:
        seen = 0
        while (end := self._unread.find(mark, max(seen - len(mark), 0))) < 0:
            seen = len(self._unread)
            await self._read()
        return await self._exactly(end + len(mark))

    async def _exactly(self, size: int) -> bytes:
        while len(self._unread) < size:
            await self._read()
        data = bytes(self._unread[:size])
        del self._unread[:size]
        return data

    async def _read(self) -> None:
        part = await self._loop.sock_recv(self._socket, _PART)
        if not part:
            raise EOFError
        self._unread += part


@asynccontextmanager
async def connected(address: Address, source: str, receive_buffer: int = 0) -> AsyncIterator[Wire]:
    """Connect from the address `source`; the system holds `receive_buffer` unread bytes, or its default."""
    with socket.socket() as plug:
        plug.setblocking(False)
        plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if receive_buffer:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        if source:
            plug.bind((source, 0))
        await asyncio.get_running_loop().sock_connect(plug, address)
        yield Wire(plug)
