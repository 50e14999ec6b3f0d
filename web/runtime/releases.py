"""What the server answers with: the application of a release, of a store or of an endpoint.

A release is served by one application that never changes. When another release goes live, an application is
made for it beside the old one, which answers its stored queries once, as far as it gets in a few seconds, and
then takes the old one's place.
A remote endpoint may change at any time, so that its application is made anew every minute.
"""

import ctypes
import gc
import logging
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Final, Generic, TypeVar
from wsgiref.types import WSGIApplication

from werkzeug.test import Client

from graph.backends.embedded import Embedded
from graph.backends.protocol import Backend
from graph.backends.remote import RemoteEndpoint
from graph.core.settings import Settings
from graph.query import stored as catalogue
from graph.read.map_shapes import BOUNDARIES_FILE, Boundaries, read_boundaries
from graph.release.publication import Publication
from graph.release.releases import Release, Releases
from graph.search.search import Search
from web.app import create_app
from web.front import Front, Served
from web.html.app_state import AppState
from web.html.i18n import LANGUAGES
from web.http.access_log import open_log
from web.http.metrics import Metrics
from web.http.rate_limit import Throttle
from web.http.request_log import Watch
from web.http.response_cache import Cache
from web.prompt import Line, Prompt
from web.reader import Bounds
from web.sparql.fast_path import Shortcut

_LOG: Final = logging.getLogger(__name__)
T = TypeVar("T")
_FRESH: Final = 60.0  # seconds that pages remember what a remote endpoint said
_EVERY: Final = 1.0  # seconds between two looks at which release is live
_PATIENCE: Final = 10.0  # seconds that a new release may prepare itself before it takes its place
_TURN: Final = 0.0005  # seconds that one thread computes while others wait: a quick answer takes less
_GARBAGE: Final = 20_000  # objects more than before until the collector looks for garbage
_GRACE: Final = 5.0  # seconds that an old release is kept beyond the longest its queries may take


def front(settings: Settings, source: Callable[["Maker"], Callable[[], Served]]) -> Front:
    """Return what answers with what `source` serves, when it is given what makes applications.

    Raise Unavailable if there is nothing to serve.
    """
    sys.setswitchinterval(_TURN)
    gc.set_threshold(_GARBAGE)
    metrics, log = Metrics(), open_log()
    logging.getLogger("graph").addHandler(log)
    log.follow()
    Finalize(None, log.flush, exitpriority=0)
    line = Line(settings.quick_queries or settings.quick_count + 1, ThreadPoolExecutor(settings.thread_count))
    watch = Watch(metrics, log, log_queries=settings.log_queries)
    longest = max(settings.query_bytes, settings.reconcile_bytes)
    bounds = Bounds(settings.query_bytes, longest, apart=2 * settings.thread_count)
    return Front(source(Maker(settings, metrics, line)), watch, line, bounds)


def endpoint(url: str, union: bool, makes: "Maker") -> Callable[[], Served]:
    """Return what gives the application of the SPARQL endpoint at `url`, which is another every minute."""
    remote = partial(RemoteEndpoint, url, makes.settings, union=union)
    return Switch(lambda: time.monotonic() // _FRESH, lambda _: makes.app(remote())).served


def store(path: Path, union: bool, makes: "Maker") -> Callable[[], Served]:
    """Return what gives the application of the store at `path`."""
    only = makes.app(makes.backend(path, union=union), store=path)
    return lambda: only


def releases(kept: Releases, makes: "Maker") -> Callable[[], Served]:
    """Return what gives the application of the release that is live; raise Unavailable if none is."""
    prepare = warm if makes.settings.worker_count > 1 else _nothing  # a single worker has readers to answer
    return Switch(kept.live, makes.release, prepare=prepare).served


def boundaries_of(place: Path | None) -> Boundaries:
    """Return the map of the release at `place`, or one drawn now where there is none."""
    if place and (place / BOUNDARIES_FILE).is_file():
        return read_boundaries(place)
    from graph.build.map_drawing import draw  # noqa: PLC0415 (a release has its map, so these libraries are rare)

    return draw()


class Maker:
    """Makes the application of one release after another; budgets and counts go on from one to the next."""

    def __init__(self, settings: Settings, metrics: Metrics, line: Line) -> None:
        """Take what all applications share."""
        self.settings, self._metrics, self._line = settings, metrics, line
        self._throttle = Throttle.of(settings)

    def release(self, release: Release) -> Served:
        """Return the application of `release`."""
        self._metrics.release(release.manifest.id)
        return self.app(self.backend(release.store), release, release.store)

    def backend(self, store: Path, *, union: bool = True) -> Backend:
        """Return the backend for a store, and write to the log what keeps its workers off the network."""
        backend = Embedded.start(store, self.settings, union=union, meter=self._metrics)
        kept = "no network at all" if backend.isolated else "the guard alone"
        _LOG.info("query workers started; what keeps them off the network: %s", kept)
        return backend

    def app(self, backend: Backend, release: Release | None = None, store: Path | None = None) -> Served:
        """Return the application of `backend`, behind a cache of what does not change.

        What was made beside its `store`, if it has one, is used too.
        """
        state = AppState.of(
            backend,
            settings=self.settings,
            release=release.manifest if release else None,
            metrics=self._metrics,
            throttle=self._throttle,
            text_index=Search.beside(store) if store else None,
            publication=Publication.of(release) if release else None,
            boundaries=partial(boundaries_of, store.parent if store else None),
        )
        shortcut = Shortcut(create_app(state), state)
        cache = Cache(
            shortcut,
            max_bytes=self.settings.cache_bytes,
            meter=self._metrics,
            by_host=not self.settings.public_base,
        )
        grace = self.settings.seconds + self.settings.queue_seconds + _GRACE
        prompt = Prompt(cache, shortcut, self._line)
        return Served(cache, prompt, lambda: _later(grace, partial(_let_go, backend)))


def _nothing(app: WSGIApplication) -> None:
    """Prepare nothing."""


class Switch(Generic[T]):
    """Serves what is live, and takes up what goes live next, without dropping a request."""

    def __init__(
        self,
        current: Callable[[], T],
        make: Callable[[T], Served],
        *,
        prepare: Callable[[WSGIApplication], None] = _nothing,
    ) -> None:
        """Serve what `make` makes of what `current` says; raise what they raise, the first time."""
        self._current, self._make, self._prepare = current, make, prepare
        self._live = current()
        self._served = make(self._live)
        threading.Thread(target=self._follow, daemon=True).start()

    def served(self) -> Served:
        """Return what is live now."""
        return self._served

    def _follow(self) -> None:
        self._start_preparing(self._served.app)
        while True:
            time.sleep(_EVERY)
            try:
                self._look()
            except Exception:  # else no later release would be taken up either
                _LOG.exception("the release that went live cannot be served; the one before it goes on")

    def _look(self) -> None:
        """Take up what is live now, if it is another than what is served."""
        live = self._current()
        if live != self._live:
            served = self._make(live)
            self._start_preparing(served.app).join(_PATIENCE)
            old, self._served, self._live = self._served, served, live
            old.close()

    def _start_preparing(self, app: WSGIApplication) -> threading.Thread:
        """Have `app` prepare itself while requests are answered: none waits for it."""
        thread = threading.Thread(target=self._prepare, args=(app,), daemon=True)
        thread.start()
        return thread


def _let_go(backend: Backend) -> None:
    """Close `backend`, and give back the memory of the application that answered with it.

    That is a circle which nobody else would look for soon, and bits of it lie between what others use.
    """
    backend.close()
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)


def _later(seconds: float, act: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()


def warm(app: WSGIApplication) -> None:
    """Have every stored query answered once in all formats and languages, and what else is slow at first.

    That is reading the words of the editor, and telling what a name means. A query that does not answer in
    its time is left: it would not in another format either. So is one that asks other endpoints, whose
    answers are not kept.
    """
    client = Client(app)
    for name in (stored.name for stored in catalogue.load_queries().values() if not stored.services):
        addresses = [f"/queries/{name}.{extension}" for extension in ("json", "csv", "tsv", "xml")]
        addresses += [f"/queries/{name}?lang={language}" for language in LANGUAGES]
        for address in addresses:
            with client.get(address) as answer:
                if answer.status_code != HTTPStatus.OK:
                    break
    client.get("/query/terms.json").close()
    client.get("/reconcile", query_string={"queries": '{"q": {"query": "Stockholm"}}'}).close()
