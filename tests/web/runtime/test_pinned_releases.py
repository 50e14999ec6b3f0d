"""Applications of older releases: few at a time, closed when unused, never under a request."""

import asyncio
import shutil
import threading
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import cast

import pytest

from graph.core.errors import NotFound, ReleaseGone, Unavailable
from graph.core.settings import Settings
from graph.release.release import Manifest, Release
from graph.release.releases import Releases
from tests.processes import until
from web.http.known_arguments import KnownArguments
from web.http.response_cache import ResponseCache
from web.runtime.live_application import ServedApplication
from web.runtime.pinned_releases import PinnedReleases
from web.sparql.fast_path import FastPath

NAMES = [letter * 12 for letter in "abcd"]


class Opener:
    """Makes applications that do nothing, and records which are open."""

    def __init__(self) -> None:
        self.open: list[str] = []
        self.begun: list[str] = []
        self.made: list[str] = []
        self.most = 0
        self.may_make = threading.Event()
        self.may_make.set()
        self.broken = ""

    def make(self, release: Release) -> ServedApplication:
        name = release.manifest.id
        self.begun.append(name)
        self.may_make.wait(30)
        self.made.append(name)
        if name == self.broken:
            raise OSError("no such file")
        self.open.append(name)
        self.most = max(self.most, len(self.open))
        return ServedApplication(
            lambda _environ, _start: cast(Iterable[bytes], []),
            cast(KnownArguments, None),
            ResponseCache(max_bytes=1),
            cast(FastPath, None),
            lambda: self.open.remove(name),
            release=release.manifest,
        )


@pytest.fixture
def kept(tmp_path: Path) -> Releases:
    found = Releases(tmp_path)
    for number, name in enumerate(NAMES, 1):
        with found.building() as place:
            found.adopt(place, Manifest(name, name * 5, f"2026-01-0{number}T00:00:00+00:00", 1))
    found.activate(found.get(NAMES[-1]))
    return found


def run(
    kept: Releases, act: Callable[[PinnedReleases, Manifest, Opener], Awaitable[None]], **changed: float
) -> None:
    """Run `act` with releases of which two may be open at once."""

    async def _run() -> None:
        opener = Opener()
        settings = Settings(**{"pinned_releases": 2, "pinned_seconds": 30.0, "queue_seconds": 0.2} | changed)  # type: ignore[arg-type]
        await act(PinnedReleases(kept, opener.make, settings), kept.live().manifest, opener)

    asyncio.run(_run())


async def visit(pinned: PinnedReleases, name: str, live: Manifest) -> str:
    async with pinned.application(name, live) as served:
        assert served.release
        return served.release.id


def test_a_release_is_opened_once_for_many_requests(kept: Releases) -> None:
    async def act(pinned: PinnedReleases, live: Manifest, opener: Opener) -> None:
        found = await asyncio.gather(*(visit(pinned, NAMES[0], live) for _ in range(20)))
        assert found == [NAMES[0]] * 20
        assert opener.made == [NAMES[0]]

    run(kept, act)


def test_never_more_are_open_than_may_be_and_the_longest_unused_is_closed(kept: Releases) -> None:
    async def act(pinned: PinnedReleases, live: Manifest, opener: Opener) -> None:
        for name in (NAMES[0], NAMES[1], NAMES[0], NAMES[2]):
            assert await visit(pinned, name, live) == name
        await until(lambda: opener.open == [NAMES[0], NAMES[2]])
        await asyncio.gather(*(visit(pinned, name, live) for name in NAMES[:3] * 10))
        assert opener.most == 2

    run(kept, act, queue_seconds=30.0)


def test_none_is_closed_for_one_that_is_not_kept(kept: Releases) -> None:
    async def act(pinned: PinnedReleases, live: Manifest, opener: Opener) -> None:
        for name in NAMES[:2]:
            await visit(pinned, name, live)
        for _ in range(3):
            with pytest.raises(NotFound):
                await visit(pinned, "0" * 12, live)
        for name in NAMES[:2]:
            await visit(pinned, name, live)
        assert opener.made == NAMES[:2]

    run(kept, act)


def test_a_release_in_use_is_not_closed_and_another_waits_for_it(kept: Releases) -> None:
    async def act(pinned: PinnedReleases, live: Manifest, opener: Opener) -> None:
        async with pinned.application(NAMES[0], live), pinned.application(NAMES[1], live):
            with pytest.raises(Unavailable, match="2 older releases are in use") as raised:
                await visit(pinned, NAMES[2], live)
            assert raised.value.retry_after
            assert opener.open == NAMES[:2]
            waiting = asyncio.create_task(visit(pinned, NAMES[2], live))
            await asyncio.sleep(0.02)
        assert await waiting == NAMES[2]

    run(kept, act)


def test_what_is_unused_for_long_is_closed(kept: Releases) -> None:
    async def act(pinned: PinnedReleases, live: Manifest, opener: Opener) -> None:
        await visit(pinned, NAMES[0], live)
        assert opener.open == [NAMES[0]]
        await until(lambda: opener.open == [])
        assert await visit(pinned, NAMES[0], live) == NAMES[0]

    run(kept, act, pinned_seconds=0.05)


def test_a_release_that_is_deleted_serves_who_has_it_and_nobody_else(kept: Releases) -> None:
    async def act(pinned: PinnedReleases, live: Manifest, opener: Opener) -> None:
        async with pinned.application(NAMES[0], live):
            kept.prune(2)
            with pytest.raises(ReleaseGone) as raised:
                await visit(pinned, NAMES[0], live)
            assert raised.value.nearest == NAMES[2]
            assert opener.open == [NAMES[0]]
        await until(lambda: opener.open == [])

    run(kept, act)


def test_another_live_release_has_them_checked_again(kept: Releases) -> None:
    async def act(pinned: PinnedReleases, live: Manifest, opener: Opener) -> None:
        await visit(pinned, NAMES[0], live)
        await visit(pinned, NAMES[0], kept.get(NAMES[2]).manifest)
        assert opener.made == [NAMES[0]] * 2
        await until(lambda: opener.open == [NAMES[0]])

    run(kept, act)


def test_a_release_that_cannot_be_opened_is_tried_again(kept: Releases) -> None:
    async def act(pinned: PinnedReleases, live: Manifest, opener: Opener) -> None:
        opener.broken = NAMES[0]
        for _ in range(3):
            with pytest.raises(Unavailable, match="no such file"):
                await visit(pinned, NAMES[0], live)
        with pytest.raises(NotFound):
            await visit(pinned, "0" * 12, live)
        opener.broken = ""
        assert await visit(pinned, NAMES[0], live) == NAMES[0]
        assert await visit(pinned, NAMES[1], live) == NAMES[1]

    run(kept, act)


def test_a_release_that_is_deleted_while_it_is_opened_is_gone(kept: Releases) -> None:
    async def act(pinned: PinnedReleases, live: Manifest, opener: Opener) -> None:
        opener.broken = NAMES[0]
        opener.may_make.clear()
        visitor = asyncio.create_task(visit(pinned, NAMES[0], live))
        await until(lambda: opener.begun == [NAMES[0]])
        shutil.rmtree(kept.get(NAMES[0]).path)
        opener.may_make.set()
        with pytest.raises(ReleaseGone):
            await visitor

    run(kept, act)


def test_who_goes_away_while_a_release_is_opened_leaves_nothing_behind(kept: Releases) -> None:
    async def act(pinned: PinnedReleases, live: Manifest, opener: Opener) -> None:
        opener.may_make.clear()
        visitor = asyncio.create_task(visit(pinned, NAMES[0], live))
        await until(lambda: opener.begun == [NAMES[0]])
        visitor.cancel()
        await asyncio.gather(visitor, return_exceptions=True)
        opener.may_make.set()
        await until(lambda: opener.made == [NAMES[0]])
        await until(lambda: opener.open == [])

    run(kept, act, pinned_seconds=0.05)


def test_without_any_that_may_be_open_the_setting_is_named(kept: Releases) -> None:
    async def act(pinned: PinnedReleases, live: Manifest, opener: Opener) -> None:
        with pytest.raises(Unavailable, match="UTSAGA_PINNED_RELEASES") as raised:
            await asyncio.wait_for(visit(pinned, NAMES[0], live), 5)
        assert raised.value.retry_after is None
        assert opener.made == []

    run(kept, act, pinned_releases=0, queue_seconds=30.0)
