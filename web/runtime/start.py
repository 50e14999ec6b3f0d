"""What the command serves, opened or loaded, and the application that answers with it."""

import asyncio
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from graph.cli.group import err
from graph.cli.progress_display import ProgressDisplay
from graph.core.settings import Settings
from graph.loading.loaded_data import LoadedData
from graph.release.releases import Releases
from web.http.access_log import open_log
from web.http.metrics import Metrics
from web.http.rate_limit import Throttle
from web.http.request_log import RequestLog
from web.runtime import releases as serving
from web.runtime.asgi import Application
from web.runtime.first_release import ensure_release
from web.runtime.pinned_releases import PinnedReleases
from web.runtime.release_watch import require_whole_at_start
from web.runtime.releases import ApplicationFactory, Source


def application(
    source: Source, kept: Releases | None, settings: Settings, loop: asyncio.AbstractEventLoop
) -> Application:
    """Return what answers requests with what `source` serves, or a release of `kept`, queries on `loop`."""
    metrics, throttle = Metrics(), Throttle.of(settings)
    log = RequestLog(metrics, open_log(), log_queries=settings.log_queries)
    factory = ApplicationFactory(settings, metrics, throttle, loop)
    pinned = PinnedReleases(kept, factory.pinned, settings) if kept else None
    return Application(source(factory), log, throttle, settings, pinned)


@dataclass(frozen=True)
class ServeOptions:
    """What to serve: the live release of `releases`, unless another source is named.

    That is an `endpoint` with its `index`, files with `data`, or what is `kept_in` a directory.
    """

    releases: Releases
    data: tuple[Path, ...]
    kept_in: Path | None
    endpoint: str | None
    index: Path | None
    union: bool

    @contextmanager
    def opened(self) -> Iterator[tuple[Source, Releases | None]]:
        """Give what is served, for as long as it is, and the releases that requests may name, if any.

        The first release is built where there is none. Raise Unavailable if the live one is damaged.
        """
        if self.endpoint:
            from web.runtime.endpoint import endpoint  # noqa: PLC0415 (a client of HTTP)

            yield partial(endpoint, self.endpoint, self.union, self.index, self.releases), self.releases
        elif self.data or self.kept_in:
            with self._loaded() as loaded:
                yield partial(serving.store, loaded), None
        else:
            with ProgressDisplay(err) as display:
                ensure_release(self.releases, _notice, display)
            require_whole_at_start(self.releases)
            yield partial(serving.releases, self.releases), self.releases

    @contextmanager
    def _loaded(self) -> Iterator[LoadedData]:
        """Give what the RDF files hold while they are served."""
        from graph.loading.data_loader import load_files  # noqa: PLC0415 (what builds an index)
        from graph.loading.data_store import DataStore  # noqa: PLC0415

        with ExitStack() as stack:
            with ProgressDisplay(err) as display:
                if self.kept_in is None:
                    place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="utsaga-")))
                    loaded = load_files(self.data, place, display, union=self.union)
                else:
                    store = DataStore(self.kept_in)
                    opened = store.opened(self.data, display, _notice, union=self.union)
                    loaded = stack.enter_context(opened)
            yield loaded


def _notice(text: str) -> None:
    err.print(text, markup=False, soft_wrap=True)
