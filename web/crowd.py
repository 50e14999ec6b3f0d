"""All connections of the server: how many there may be, how long each may keep it waiting, and their end."""

import asyncio
from time import monotonic
from typing import Final, Protocol

_EVERY: Final = 1.0  # seconds between two looks at who is late


class Member(Protocol):
    """A connection."""

    @property
    def is_idle(self) -> bool:
        """Whether the server waits for the client, and not the client for the server."""

    @property
    def since(self) -> float:
        """When it last began to wait for something, on the monotonic clock."""

    def look(self, now: float) -> None:
        """Do what is to be done if the client is late."""

    def end(self) -> None:
        """End it as soon as nothing is owed to the client."""

    def abort(self) -> None:
        """End it at once."""


class Crowd:
    """The connections that are open."""

    def __init__(self, most: int) -> None:
        """Have at most `most` of them.

        One more takes the place of the one from which nothing has come for longest: whoever opens many and
        asks nothing keeps nobody else out.
        """
        self._most = most
        self._members: set[Member] = set()

    def join(self, member: Member) -> None:
        """Let `member` in."""
        if len(self._members) >= self._most:
            idle = [each for each in self._members if each.is_idle]
            longest = min(idle, key=lambda each: each.since, default=member)
            longest.abort()
            self._members.discard(longest)  # lest the next one take the same place
        self._members.add(member)

    def leave(self, member: Member) -> None:
        """Forget `member`."""
        self._members.discard(member)

    async def watch(self) -> None:
        """Look after those that are late, until cancelled."""
        while True:
            await asyncio.sleep(_EVERY)
            now = monotonic()
            for member in [*self._members]:
                member.look(now)

    async def disperse(self, seconds: float) -> None:
        """End all, and return when they have their answers; at the latest after `seconds`."""
        end = monotonic() + seconds
        for member in [*self._members]:
            member.end()
        while self._members and monotonic() < end:
            await asyncio.sleep(0.01)
        for member in [*self._members]:
            member.abort()
