"""What is served: makes the application of a release, of a store, or of one release after another."""

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from graph.backends.embedded import Embedded
from graph.backends.protocol import Backend
from graph.claims.source_visits import newest_visit
from graph.core.errors import UtsagaError
from graph.core.settings import Settings
from graph.loading.loaded_data import LoadedData
from graph.query import stored
from graph.query.released import as_released
from graph.release.publication import Publication
from graph.release.release import Release
from graph.release.release_check import START_BYTES, require_whole
from graph.release.releases import Releases
from graph.search.text_index import TextIndex
from graph.statistics.map_shapes import BOUNDARIES_FILE, Boundaries, draw_boundaries, read_boundaries
from web.app import create_app
from web.html.app_state import AppState
from web.html.downloads import whole_downloads
from web.html.request_args import known_arguments
from web.http.metrics import Metrics
from web.http.rate_limit import Throttle
from web.http.report_limit import ReportLimit
from web.http.response_cache import ResponseCache
from web.runtime.live_application import LiveApplication, ServedApplication
from web.runtime.memory import collect_garbage
from web.runtime.release_watch import check_the_rest, live_release
from web.runtime.warm_up import warm
from web.sparql.fast_path import FastPath

_LOG: Final = logging.getLogger(__name__)
_PINNED_SHARE: Final = 8  # of the memory for cached responses: an older release has one part of so many
_GRACE_SECONDS: Final = 5.0  # that an old release is kept beyond the longest its queries may take


Source = Callable[["ApplicationFactory"], Callable[[], ServedApplication]]
"""Takes a factory of applications, and returns a function that returns the one that is served now."""


def store(loaded: LoadedData, factory: "ApplicationFactory") -> Callable[[], ServedApplication]:
    """Serve what was loaded from files."""
    backend = factory.backend(loaded.store, union=loaded.union)
    only = factory.app(backend, loaded=loaded)
    collect_garbage()
    return lambda: only


def releases(
    kept: Releases, factory: "ApplicationFactory", *, prepares: bool = True
) -> Callable[[], ServedApplication]:
    """Serve the release that is live, which `prepares` itself; raise Unavailable if none is.

    Another is served only when all of its files are whole.
    """
    prepares = prepares and factory.settings.worker_count > 1  # a single worker has readers to answer

    def prepare(served: ServedApplication) -> None:
        if prepares:
            with suppress(OSError, UtsagaError):  # what is not prepared is made when somebody asks for it
                warm(served)
        collect_garbage()

    live = LiveApplication(
        lambda: live_release(kept),
        lambda live: factory.release(live.release),
        prepare=prepare,
        check=lambda live: require_whole(live.release),
        status=factory.status,
    )
    first = kept.live()
    check_the_rest(first, factory.status, lambda: live.served().release == first.manifest)
    return live.served


def boundaries_of(place: Path | None) -> Boundaries:
    """Return the map of the release at `place`, or one drawn now where there is none."""
    if place and (place / BOUNDARIES_FILE).is_file():
        return read_boundaries(place)
    return draw_boundaries()


class ApplicationFactory:
    """Makes the application of one release after another; budgets and counts go on from one to the next."""

    def __init__(
        self, settings: Settings, metrics: Metrics, throttle: Throttle, loop: asyncio.AbstractEventLoop
    ) -> None:
        """Take what all applications share; their pools of workers run on `loop`."""
        self.settings, self._metrics, self._throttle, self._loop = settings, metrics, throttle, loop
        self.status = metrics.serving
        self._report_limit = ReportLimit.of(settings)

    def release(self, release: Release) -> ServedApplication:
        """Return the application of `release`."""
        backend = self.backend(release.store)
        self._metrics.release(release.manifest.id, release.manifest.created, newest_visit(backend))
        return self.app(backend, release)

    def pinned(self, release: Release) -> ServedApplication:
        """Return the application of a `release` beside the live one: with few workers, and closed at once.

        Raise Unavailable if one of its files is damaged.
        """
        require_whole(release, START_BYTES)
        few = replace(self.settings, workers=max(1, self.settings.worker_count // 4), long_queries=1)
        backend = Embedded.start(release.store, few, observer=self._metrics, loop=self._loop)
        return replace(self.app(backend, release, is_pinned=True), close=partial(_close, backend))

    def backend(self, store: Path, *, union: bool = True) -> Backend:
        """Return the backend of a store; log what keeps its workers off the network."""
        backend = Embedded.start(store, self.settings, union=union, observer=self._metrics, loop=self._loop)
        means = "no network at all" if backend.isolated else "the guard alone"
        _LOG.info("query workers started; what keeps them off the network: %s", means)
        return backend

    def app(
        self,
        backend: Backend,
        release: Release | None = None,
        loaded: LoadedData | None = None,
        *,
        is_pinned: bool = False,
        text_index: TextIndex | None = None,
    ) -> ServedApplication:
        """Return the application of `backend`, which has a `release`, data `loaded` from files, or neither.

        If `is_pinned`, it has the stored queries of the release, and less memory for responses. `text_index`
        is that of a backend without a store.
        """
        data = release or loaded
        store = data.store if data else None
        state = AppState.of(
            backend,
            settings=self.settings,
            release=release.manifest if release else None,
            metrics=self._metrics,
            throttle=self._throttle,
            report_limit=self._report_limit,
            text_index=TextIndex.open_beside(store) if store else text_index,
            publication=Publication.of(release) if release else None,
            boundaries=partial(boundaries_of, store.parent if store else None),
            stored_queries=as_released(stored.load_queries(), backend) if is_pinned else None,
            version=loaded,
        )
        self._metrics.classes.add_kinds(state.entities.index.kinds)
        app = create_app(state)
        cache = ResponseCache(
            max_bytes=self.settings.cache_bytes // (_PINNED_SHARE if is_pinned else 1),
            observer=self._metrics,
            by_host=not self.settings.public_base,
        )
        grace = self.settings.seconds + self.settings.queue_seconds + _GRACE_SECONDS
        close = partial(_later, grace, partial(_close, backend))
        known, downloads = known_arguments(app, state), whole_downloads(state.publication)
        return ServedApplication(app, known, cache, FastPath(state, cache), close, downloads, state.release)


def _later(seconds: float, act: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()


def _close(backend: Backend) -> None:
    """Close `backend`, and release the memory of the application that answered with it, a reference cycle."""
    backend.close()
    collect_garbage()
