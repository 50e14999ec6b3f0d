"""The applications of older releases: opened when somebody asks, few at a time, closed when unused.

Each has a small pool of workers of its own. While as many as may be are in use, a request for another waits:
the processes never multiply. One that is deleted while it is open is closed with the next request for it, and
queries that run on it end as usual.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Final, TypeVar

from graph.core.errors import Unavailable
from graph.core.settings import Settings
from graph.release.pinned import ARGUMENT, find_pinned
from graph.release.release import Manifest, Release
from graph.release.releases import Releases
from web.runtime.live_application import ServedApplication

T = TypeVar("T")
_RULE: Final = "UTSAGA_PINNED_RELEASES"
_Opening = asyncio.Future[tuple[Release, ServedApplication]]


@dataclass
class _Opened:
    """A release that is open, or being opened, beside the one that was live then."""

    live: str
    opening: _Opening
    users: int = 0  # requests that it answers now
    last_used: float = field(default_factory=monotonic)

    def is_current(self, live: Manifest) -> bool:
        """Return whether it is still there, and no release has gone live that may forbid it."""
        if not self.opening.done():
            return self.live == live.id
        return self.live == live.id and self.opening.result()[0].path.is_dir()


class PinnedReleases:
    """Opens the releases of one directory. For one event loop."""

    def __init__(
        self, releases: Releases, make: Callable[[Release], ServedApplication], settings: Settings
    ) -> None:
        """Open `releases` with `make`, which may block, within the limits of `settings`."""
        self._releases, self._make, self._settings = releases, make, settings
        self._opened: dict[str, _Opened] = {}
        self._leaving = 0  # that are still in use, though nobody is to get them any more
        self._thread = ThreadPoolExecutor(1, "pinned")
        self._room = asyncio.Event()
        self._sweeping: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def application(self, name: str, live: Manifest) -> AsyncIterator[ServedApplication]:
        """Give the application of the release with the id `name`, beside the one that is `live`.

        Raise what `find_pinned` raises, and Unavailable if it cannot be opened or too many are in use.
        """
        opened = await self._find(name, live)
        opened.users += 1
        try:
            yield (await asyncio.shield(opened.opening))[1]
        finally:
            opened.users -= 1
            opened.last_used = monotonic()
            self._room.set()
            if self._opened.get(name) is not opened and not opened.users:
                self._leaving -= 1
                self._close(opened)

    async def _find(self, name: str, live: Manifest) -> _Opened:
        """Return the release, which is being opened if it was not open; wait until there is room for it."""
        if not self._settings.pinned_releases:
            raise Unavailable(
                "Older releases are not read", where=ARGUMENT, rule=_RULE, remedy=f"leave {ARGUMENT}= out"
            )
        latest = monotonic() + self._settings.queue_seconds
        if not self._current(name, live):
            await self._run(find_pinned, self._releases, name, live)  # before another is closed for it
        while not (found := self._current(name, live)):
            if self._has_room():
                return self._open(name, live)
            self._room.clear()
            await self._wait_until(latest)
        return found

    def _current(self, name: str, live: Manifest) -> _Opened | None:
        """Return the release if it is open or being opened; drop it if it may not be read any more."""
        found = self._opened.get(name)
        if found and not found.is_current(live):
            self._drop(name)
            return None
        return found

    def _has_room(self) -> bool:
        """Return whether one more may be opened, after closing the one that has been unused the longest."""
        if len(self._opened) + self._leaving >= self._settings.pinned_releases:
            unused = [name for name, each in self._opened.items() if not each.users and each.opening.done()]
            if unused:
                self._drop(min(unused, key=lambda each: self._opened[each].last_used))
        return len(self._opened) + self._leaving < self._settings.pinned_releases

    async def _wait_until(self, latest: float) -> None:
        """Wait until a release may have become unused; raise Unavailable when it is too late."""
        try:
            await asyncio.wait_for(self._room.wait(), max(latest - monotonic(), 0))
        except TimeoutError as error:
            message = f"{self._settings.pinned_releases} older releases are in use already"
            raise Unavailable(
                message, where=ARGUMENT, rule=_RULE, remedy="try again later", retry_after=1
            ) from error

    def _open(self, name: str, live: Manifest) -> _Opened:
        loop = asyncio.get_running_loop()
        opened = _Opened(live.id, self._run(self._read, name, live))
        opened.opening.add_done_callback(lambda opening: self._forget_failed(name, opening))
        self._opened[name] = opened
        if self._sweeping is None:
            self._sweeping = loop.call_later(self._settings.pinned_seconds, self._sweep)
        return opened

    def _run(self, work: Callable[..., T], *arguments: object) -> asyncio.Future[T]:
        return asyncio.get_running_loop().run_in_executor(self._thread, work, *arguments)

    def _read(self, name: str, live: Manifest) -> tuple[Release, ServedApplication]:
        release = find_pinned(self._releases, name, live)
        try:
            return release, self._make(release)
        except (OSError, ValueError, RuntimeError, sqlite3.Error, Unavailable) as error:
            find_pinned(self._releases, name, live)  # it may have been deleted meanwhile
            raise Unavailable(
                f"The release {name} cannot be read: {error}", where=ARGUMENT, rule="kept release"
            ) from error

    def _forget_failed(self, name: str, opening: _Opening) -> None:
        found = self._opened.get(name)
        if found and found.opening is opening and (opening.cancelled() or opening.exception()):
            self._drop(name)
            self._room.set()

    def _drop(self, name: str) -> None:
        """Let nobody else get a release, and close it when it is not in use any more."""
        opened = self._opened.pop(name)
        if opened.users:
            self._leaving += 1
        else:
            self._close(opened)

    def _close(self, opened: _Opened) -> None:
        """Close a release, once it is open."""
        if opened.opening.done():  # at once, so that it is closed before the next is opened
            self._close_opened(opened.opening)
        else:
            opened.opening.add_done_callback(self._close_opened)

    def _close_opened(self, opening: _Opening) -> None:
        if not opening.cancelled() and not opening.exception():
            self._thread.submit(opening.result()[1].close)

    def _sweep(self) -> None:
        """Close what has been unused for long; go on while anything is open."""
        before = monotonic() - self._settings.pinned_seconds
        for name, each in [*self._opened.items()]:
            if not each.users and each.opening.done() and each.last_used <= before:
                self._drop(name)
        loop, seconds = asyncio.get_running_loop(), self._settings.pinned_seconds
        self._sweeping = loop.call_later(seconds, self._sweep) if self._opened else None
