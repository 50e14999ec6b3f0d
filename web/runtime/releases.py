"""What is served: the application of a release or of a store, and the swap to the next one.

A release is served by one application that never changes. When another release goes live, or runs of stored
queries against this one have been recorded, an application is made for it beside the old one. It answers its
stored queries once, as far as it gets in a few seconds, and then takes the old one's place.
"""

import asyncio
import json
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Final, Generic, TypeVar
from urllib.parse import urlencode
from wsgiref.types import WSGIApplication

from werkzeug.test import create_environ

from graph.backends.embedded import Embedded
from graph.backends.protocol import Backend
from graph.claims.source_visits import newest_visit
from graph.core.errors import UtsagaError
from graph.core.settings import Settings
from graph.core.site import SITE
from graph.core.translations import choose
from graph.loading.data_loader import LoadedData
from graph.query import stored
from graph.query.released import as_released
from graph.release.publication import Publication
from graph.release.release import Manifest, Release
from graph.release.release_check import START_BYTES, require_whole
from graph.release.releases import Releases
from graph.search.text_index import TextIndex
from graph.statistics.map_shapes import BOUNDARIES_FILE, Boundaries, draw_boundaries, read_boundaries
from web.app import create_app
from web.html.app_state import AppState
from web.html.downloads import whole_downloads
from web.html.i18n import LANGUAGES
from web.html.request_args import known_arguments
from web.http.known_arguments import KnownArguments
from web.http.metrics import Metrics
from web.http.problem_json import Download
from web.http.rate_limit import Throttle
from web.http.report_limit import ReportLimit
from web.http.response_cache import ResponseCache
from web.http.serving_status import ServingStatus
from web.runtime.memory import collect_garbage
from web.runtime.release_watch import check_the_rest, live_release
from web.sparql.fast_path import FastPath

_LOG: Final = logging.getLogger(__name__)
T = TypeVar("T")
_POLL_SECONDS: Final = 1.0  # between two looks at which release is live
_WARM_SECONDS: Final = 10.0  # that a new release may prepare itself before it takes its place
_PINNED_SHARE: Final = 8  # of the memory for cached responses: an older release has one part of so many
_RETRY_SECONDS: Final = 60.0  # until a release that could not be served is tried again
_GRACE_SECONDS: Final = 5.0  # that an old release is kept beyond the longest its queries may take


@dataclass(frozen=True)
class ServedApplication:
    """An application, what stands before it, and how to release it all."""

    app: WSGIApplication
    known_arguments: KnownArguments
    cache: ResponseCache
    fast_path: FastPath
    close: Callable[[], None]
    downloads: tuple[Download, ...] = ()
    release: Manifest | None = None  # that it answers from


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


class LiveApplication(Generic[T]):
    """Serves what is live, and takes up what goes live next, without dropping a request."""

    def __init__(
        self,
        current: Callable[[], T],
        make: Callable[[T], ServedApplication],
        *,
        prepare: Callable[[ServedApplication], None] = lambda served: None,
        check: Callable[[T], None] = lambda live: None,
        status: ServingStatus | None = None,
    ) -> None:
        """Serve what `make` makes of what `current` returns; raise what they raise, the first time.

        What `check` raises keeps what went live later from being served; `status` then says why.
        """
        self._current, self._make, self._prepare, self._check = current, make, prepare, check
        self._status = status or ServingStatus()
        self._refused: tuple[T, float] | None = None  # what could not be served, and when to try it again
        self._live = current()
        self._served = make(self._live)
        threading.Thread(target=self._follow, daemon=True).start()

    def served(self) -> ServedApplication:
        """Return what is live now."""
        return self._served

    def _follow(self) -> None:
        self._start_preparing(self._served)
        while True:
            time.sleep(_POLL_SECONDS)
            try:
                self._update()
            except UtsagaError as error:
                self._report(str(error.faults[0]))
            except Exception as error:  # else no later release would be taken up either
                self._report(repr(error))

    def _update(self) -> None:
        """Take up what is live now, if it is another than what is served, and can be served."""
        live = self._current()
        if live == self._live:
            self._refused = None
            self._report("")
        elif self._refused is None or self._refused[0] != live or time.monotonic() >= self._refused[1]:
            self._refused = live, time.monotonic() + _RETRY_SECONDS
            self._check(live)
            self._take_up(live, self._make(live))

    def _take_up(self, live: T, served: ServedApplication) -> None:
        self._start_preparing(served).join(_WARM_SECONDS)
        old, self._served, self._live, self._refused = self._served, served, live, None
        self._status.damaged = ""
        self._report("")
        old.close()

    def _report(self, problem: str) -> None:
        """Log, once, why the release that is live is not the one that is served; nothing if it is."""
        note = problem and f"the release that is live cannot be served, the one before is: {problem}"
        if note and note != self._status.behind:
            _LOG.warning("%s", note)
        self._status.behind = note

    def _start_preparing(self, served: ServedApplication) -> threading.Thread:
        """Have an application prepare itself while requests are answered."""
        thread = threading.Thread(target=self._prepare, args=(served,), daemon=True)
        thread.start()
        return thread


def warm(served: ServedApplication) -> None:
    """Have every stored query answered once in all formats and languages, and what else is slow at first.

    That is reading the words of the editor, matching a name, and reading a question in words. A query that
    does not answer in its time is skipped: it would not in another format either. So is one that asks other
    endpoints, whose answers are not kept.
    """
    for name in (each.name for each in stored.load_queries().values() if not each.services):
        addresses = [f"/queries/{name}.{extension}" for extension in ("json", "csv", "tsv", "xml")]
        addresses += [f"/queries/{name}?lang={language}" for language in LANGUAGES]
        for address in addresses:
            if _get(served, address) != HTTPStatus.OK:
                break
    _get(served, "/query/terms.json")
    questions = (each.title for each in stored.load_queries().values())
    question = next((choose(each)[1] for each in questions), SITE.name)
    _get(served, f"/reconcile?{urlencode({'queries': json.dumps({'q': {'query': SITE.name}})})}")
    _get(served, f"/search.json?{urlencode({'q': question})}")


def _get(served: ServedApplication, address: str) -> int:
    """Return the status of the response to an address, which is kept if it lasts."""
    response = served.cache.fetch(create_environ(address), served.app)
    response.close()
    return response.status


def _later(seconds: float, act: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()


def _close(backend: Backend) -> None:
    """Close `backend`, and release the memory of the application that answered with it, a reference cycle."""
    backend.close()
    collect_garbage()
