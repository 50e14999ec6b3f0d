"""Attacks by clients that read their replies slowly or not at all."""

import asyncio
from itertools import count

from bench.strangers.attackers import HELD, Attackers, query, request

_CSV = {"Accept": "text/csv"}
_ROWS = "SELECT ?a ?b ?c ?d WHERE {{ ?a ?b ?c . ?d a <https://w3id.org/utsaga/ns#Municipality> }} LIMIT {}"
_SAMPLE = 2000  # rows by which the size of one is measured
_CACHED = 7_800_000  # bytes of a reply that is cached: an eighth of UTSAGA_CACHE_BYTES is the most
_LARGE = 20_000_000  # bytes of a reply that is not


async def slow_readers(attackers: Attackers) -> None:
    """200 connections that ask for one cached reply of 8 MB and read nothing of it."""
    rows = _CACHED // await _row_bytes(attackers)
    asked = request("GET", query(_ROWS.format(rows)), _CSV)
    async with attackers.connected() as wire:
        await wire.send(asked)
        attackers.note(await wire.reply())

    async def one(_: int) -> str:
        async with attackers.connected(receive_buffer=4096) as wire:
            await wire.send(asked)
            await asyncio.sleep(attackers.seconds)
            return HELD

    await attackers.all_at_once(200, one)


async def large_replies(attackers: Attackers) -> None:
    """51 connections that each ask for another reply of 20 MB and read 8 kB of it a second."""
    rows, numbers = _LARGE // await _row_bytes(attackers), count()

    async def one(_: int) -> str:
        async with attackers.connected(receive_buffer=4096) as wire:
            await wire.send(request("GET", query(_ROWS.format(rows + next(numbers))), _CSV))
            await wire.drip(2048, 0.25)
            return "read to its end"

    await attackers.all_at_once(51, one)


async def _row_bytes(attackers: Attackers) -> int:
    """Return how many bytes a row of the large replies has on average."""
    async with attackers.connected() as wire:
        await wire.send(request("GET", query(_ROWS.format(_SAMPLE)), _CSV))
        return max(len((await wire.reply()).body) // _SAMPLE, 1)
