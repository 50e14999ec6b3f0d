"""All connections together."""

import asyncio
import time
from dataclasses import dataclass, field

import pytest

from web import crowd
from web.crowd import Crowd


@dataclass(eq=False)
class Member:
    """A connection that notes what befalls it; it ends when it is told to, unless it is owed something."""

    crowd: Crowd
    since: float = 0
    is_idle: bool = True
    befallen: list[str] = field(default_factory=list)

    def look(self, now: float) -> None:
        assert abs(now - time.monotonic()) < 1
        self.befallen.append("look")

    def end(self) -> None:
        self.befallen.append("end")
        if self.is_idle:
            self.crowd.leave(self)

    def abort(self) -> None:
        self.befallen.append("abort")


def joined(most: int, *members: tuple[float, bool]) -> list[list[str]]:
    """Return what befalls members that join one after the other, and none of which has left yet."""
    room = Crowd(most)
    found = [Member(room, *each) for each in members]
    for member in found:
        room.join(member)
    return [member.befallen for member in found]


def test_the_longest_idle_one_makes_place() -> None:
    assert joined(3, (3, True), (1, True), (2, True)) == [[], [], []]
    assert joined(3, (3, True), (1, True), (2, True), (4, True)) == [[], ["abort"], [], []]


def test_each_newcomer_takes_the_place_of_another() -> None:
    assert joined(2, (1, True), (2, True), (3, True), (4, True)) == [["abort"], ["abort"], [], []]


def test_one_that_is_answered_is_left_alone() -> None:
    assert joined(2, (1, False), (2, True), (3, True)) == [[], ["abort"], []]


def test_where_all_are_answered_the_newcomer_goes() -> None:
    assert joined(2, (1, False), (2, False), (3, True)) == [[], [], ["abort"]]


def test_who_has_left_makes_place_too() -> None:
    room = Crowd(1)
    first, second = Member(room), Member(room)
    room.join(first)
    room.leave(first)
    room.leave(first)
    room.join(second)
    assert first.befallen == second.befallen == []


def test_all_are_looked_after_until_that_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "_EVERY", 0.001)

    async def watch() -> None:
        room = Crowd(2)
        members = [Member(room), Member(room, is_idle=False)]
        for member in members:
            room.join(member)
        watching = asyncio.create_task(room.watch())
        async with asyncio.timeout(5):
            while any(len(member.befallen) < 3 for member in members):
                await asyncio.sleep(0.001)
        watching.cancel()
        assert {name for member in members for name in member.befallen} == {"look"}

    asyncio.run(watch())


def test_they_disperse_when_they_have_their_answers() -> None:
    async def disperse() -> None:
        room = Crowd(2)
        idle, owed = Member(room), Member(room, is_idle=False)
        room.join(idle)
        room.join(owed)
        dispersing = asyncio.create_task(room.disperse(5))
        await asyncio.sleep(0.05)
        assert not dispersing.done()
        room.leave(owed)
        async with asyncio.timeout(1):
            await dispersing
        assert idle.befallen == owed.befallen == ["end"]

    asyncio.run(disperse())


def test_who_does_not_go_in_time_is_made_to() -> None:
    room = Crowd(1)
    owed = Member(room, is_idle=False)
    room.join(owed)
    asyncio.run(room.disperse(0.05))
    assert owed.befallen == ["end", "abort"]
