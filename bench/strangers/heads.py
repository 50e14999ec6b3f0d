"""Attacks by the heads of requests, and by connections without any."""

import asyncio
from collections.abc import Iterator
from itertools import chain, count, cycle, islice, repeat

from bench.strangers.attackers import HELD, Attackers, opening, query, request

_SLOW = b"GET /organisation HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
_QUOTES = '"\\'
_PARSED = ("Accept", "Accept-Language", "Accept-Encoding", "If-None-Match", "If-Match", "Range", "Cookie")
_LOOKUP = "SELECT ?p ?o {{ <https://w3id.org/utsaga/id/organisation/malmo-kommun> ?p ?o }} LIMIT {}"


async def slow_heads(attackers: Attackers) -> None:
    """500 heads, a byte a second."""

    async def one(_: int) -> str:
        async with attackers.connected() as wire:
            await wire.trickle((bytes([byte]) for byte in chain(_SLOW, repeat(ord("a")))), 1)
            return str((await wire.reply()).status)

    await attackers.all_at_once(500, one)


async def endless_headers(attackers: Attackers) -> None:
    """Headers on 32 connections for as long as they are taken, 20 MB each at most."""
    lines = "".join(f"X-{number}: {'a' * 990}\r\n" for number in range(64)).encode()

    async def one(_: int) -> str:
        async with attackers.connected() as wire:
            await wire.send(opening("GET", "/organisation")[:-2])
            for _ in range(20_000_000 // len(lines)):
                await wire.send(lines)
            return str((await wire.reply()).status)

    await attackers.all_at_once(32, one)


async def idle_connections(attackers: Attackers) -> None:
    """2,000 connections on which nothing is sent, or nothing more after one request."""

    async def one(number: int) -> str:
        async with attackers.connected() as wire:
            if number % 2:
                await wire.send(request("GET", "/healthz"))
                attackers.note(await wire.reply())
            return str((await wire.reply()).status)

    await attackers.all_at_once(2000, one)


async def pipelines(attackers: Attackers) -> None:
    """3,000 requests at once on each of 16 connections: cached pages, new lookups and /healthz; all read."""
    numbers = count(10_000_000)
    total = 3000

    async def one(_: int) -> str:
        targets = cycle(("/organisation/malmo-kommun", "/healthz", "/product", ""))
        asked = (target or query(_LOOKUP.format(next(numbers))) for target in islice(targets, total))
        async with attackers.connected() as wire:
            await wire.send(b"".join(request("GET", target) for target in asked))
            for _ in range(total):
                attackers.note(await wire.reply())
            return "all answered"

    await attackers.all_at_once(16, one)


async def unread_pipelines(attackers: Attackers) -> None:
    """500 requests for pages on each of 100 connections, of whose replies nothing is read."""

    async def one(_: int) -> str:
        async with attackers.connected(receive_buffer=4096) as wire:
            await wire.send(request("GET", "/organisation") * 500)
            await asyncio.sleep(attackers.seconds)
            return HELD

    await attackers.all_at_once(100, one)


async def quoted_headers(attackers: Attackers) -> None:
    """Up to 60 kB of `"\\` in each header that is parsed, in one line and in several, on 8 connections."""
    requests = chain.from_iterable(_quoted(name) for name in cycle(_PARSED))
    await attackers.one_after_another(8, islice(requests, 5_000))


def _quoted(name: str) -> Iterator[bytes]:
    """Yield requests with long values of one header."""
    for lines, length in ((1, 3900), (3, 3900), (3, 7700), (1, 32_000), (1, 60_000)):
        value = (_QUOTES * length)[:length]
        headers = [f"{name}: {value}"] * lines
        for target in ("/sparql?query=ASK%7B%7D", "/organisation/malmo-kommun"):
            yield opening("GET", target, *headers)
