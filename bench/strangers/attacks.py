"""The attacks: what each is called, how long it lasts, and how much memory it may cost the server."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Final

from bench.strangers import bodies, floods, heads, mistakes, readers
from bench.strangers.attackers import Attackers

_MB: Final = 1_000_000


@dataclass(frozen=True)
class Attack:
    """An attack of some seconds, and by how many bytes the memory of all processes may grow meanwhile."""

    run: Callable[[Attackers], Coroutine[None, None, None]]
    seconds: float = 15
    growth: int = 150 * _MB

    @property
    def name(self) -> str:
        """What it is called on the command line."""
        return self.run.__name__.replace("_", "-")


async def nothing(attackers: Attackers) -> None:
    """No attack: what the other figures are to be compared with."""
    await asyncio.sleep(attackers.seconds)


ALL: Final = tuple(
    Attack(*each)
    for each in (
        (nothing,),
        (bodies.tiny_chunks, 20),
        (heads.slow_heads, 45),
        (bodies.slow_bodies, 45),
        (readers.slow_readers, 20, 400 * _MB),
        (heads.idle_connections, 20),
        (heads.pipelines,),
        (heads.unread_pipelines,),
        (heads.endless_headers,),
        (heads.quoted_headers,),
        (readers.large_replies, 30),
        (floods.long_iris,),
        (floods.long_names,),
        (bodies.unfinished_bodies, 20),
        (floods.pages,),
        (floods.dated_pages,),
        (mistakes.languages, 5),
        (mistakes.long_numbers, 5),
        (mistakes.forged_hosts, 5),
        (mistakes.preconditions, 5),
        (floods.ligatures,),
    )
)
