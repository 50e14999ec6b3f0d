"""Attackers at one address: many connections at a time, for some seconds, and how each request ended."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from bench.hostile.exchange import Address
from bench.strangers.wire import Reply, Wire, connected

HELD = "held to the end"
CLOSED = "closed"
_AGAIN = 0.05  # seconds until an attacker whose connection was closed makes another
FAULTY = (500, 501, 502, 504)  # no request of these attacks may be answered so

Headers = dict[str, str]


@dataclass
class Attackers:
    """Where they attack and from which address, for how long, and what they have seen."""

    address: Address
    source: str
    seconds: float
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)

    def connected(self, receive_buffer: int = 0) -> AbstractAsyncContextManager[Wire]:
        """Connect to the server."""
        return connected(self.address, self.source, receive_buffer)

    async def all_at_once(self, count: int, one: Callable[[int], Awaitable[str | None]]) -> None:
        """Run `one` for each number below `count` until its time is up; count the outcomes, None excepted."""

        async def bounded(number: int) -> str | None:
            try:
                async with asyncio.timeout(self.seconds):
                    return await one(number)
            except TimeoutError:
                return HELD
            except (OSError, EOFError):
                return CLOSED

        found = await asyncio.gather(*map(bounded, range(count)))
        self.outcomes.update(outcome for outcome in found if outcome)

    async def one_after_another(
        self,
        connections: int,
        requests: Iterable[bytes],
        check: Callable[[Reply], Iterator[str]] = lambda _: iter(()),
    ) -> None:
        """Send the requests over so many connections until they or the time are over.

        Each connection sends the next request when it has the reply to the last, in which `check` finds
        faults. Where the server closes a connection another is made.
        """
        rest = iter(requests)

        async def converse() -> None:
            async with self.connected() as wire:
                for request in rest:
                    await wire.send(request)
                    reply = await wire.reply()
                    self.note(reply)
                    self.faults.update(check(reply))
                    if not reply.keeps_connection:
                        return

        async def client(_: int) -> None:
            more = True
            while more:
                before = self.outcomes.total()
                try:
                    await converse()
                    more = self.outcomes.total() > before
                except (OSError, EOFError):
                    self.outcomes[CLOSED] += 1
                    await asyncio.sleep(_AGAIN)

        await self.all_at_once(connections, client)

    def note(self, reply: Reply) -> None:
        """Count a reply by its status."""
        self.outcomes[str(reply.status)] += 1
        if reply.status in FAULTY:
            self.faults[f"status {reply.status}"] += 1


def request(method: str, target: str, headers: Headers | None = None, body: bytes = b"") -> bytes:
    """Return a request of HTTP/1.1; values of headers are written as they are, in Latin-1."""
    lines = {"Host": "localhost", **(headers or {})}
    if body:
        lines["Content-Length"] = str(len(body))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {target} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + body


def opening(method: str, target: str, *lines: str) -> bytes:
    """Return the head of a request with further header `lines`, as they are, for a body that follows."""
    head = "".join(f"{line}\r\n" for line in (f"{method} {target} HTTP/1.1", "Host: localhost", *lines))
    return f"{head}\r\n".encode("latin-1")


def query(text: str) -> str:
    """Return the target of a GET that asks a query."""
    return f"/sparql?{urlencode({'query': text})}"
