"""Attacks by the bodies of requests."""

from itertools import repeat

from bench.strangers.attackers import Attackers, opening

_PATHS = ("/reconcile", "/sparql", "/", "/organisation", "/graph")
_FORM = "Content-Type: application/x-www-form-urlencoded"
_LARGE = 2_000_000  # bytes: as long as a batch to reconcile may be
_CHUNK = b"1\r\nx\r\n"


async def tiny_chunks(attackers: Attackers) -> None:
    """12 MB of chunks of one byte each on four connections, to where bodies of 2 MB are read."""
    chunks = _CHUNK * 10_000
    count = 12_500_000 // len(chunks)

    async def one(number: int) -> str:
        async with attackers.connected() as wire:
            path = _PATHS[number % 2]
            await wire.send(opening("POST", path, _FORM, "Transfer-Encoding: chunked"))
            await wire.send(b"8\r\nqueries=\r\n")
            for _ in range(count):
                await wire.send(chunks)
            await wire.send(b"0\r\n\r\n")
            return str((await wire.reply()).status)

    await attackers.all_at_once(4, one)


async def slow_bodies(attackers: Attackers) -> None:
    """500 bodies of 90 kB, a byte a second."""

    async def one(number: int) -> str:
        async with attackers.connected() as wire:
            await wire.send(opening("POST", _PATHS[number % 2], _FORM, "Content-Length: 90000"))
            await wire.trickle(repeat(b"q"), 1)
            return str((await wire.reply()).status)

    await attackers.all_at_once(500, one)


async def unfinished_bodies(attackers: Attackers) -> None:
    """400 bodies of 2 MB whose last byte never comes, to any path, every other one in chunks."""

    async def one(number: int) -> str:
        framing = "Transfer-Encoding: chunked" if number % 2 else f"Content-Length: {_LARGE}"
        begin = f"{_LARGE:x}\r\n".encode() if number % 2 else b""
        async with attackers.connected() as wire:
            await wire.send(opening("POST", _PATHS[number % len(_PATHS)], _FORM, framing) + begin)
            await wire.send(b"q" * (_LARGE - 1))
            return str((await wire.reply()).status)

    await attackers.all_at_once(400, one)
