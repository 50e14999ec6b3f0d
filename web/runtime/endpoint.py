"""A SPARQL endpoint as what is served: its engine, its application made anew every minute, its index.

The engine is asked at the start what it is and lacks, so that nobody learns it in the middle of an answer.

The index is used only while it fits: what the endpoint holds is compared with what the index was made of at
the start, when another index is made, and every few minutes.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph.backends.dialects import UNKNOWN
from graph.backends.endpoint_index import EndpointIndex
from graph.backends.engine_probe import EngineReport, probe
from graph.backends.remote import RemoteEndpoint
from graph.core.errors import UtsagaError
from graph.core.settings import Settings
from graph.release.releases import Releases
from graph.replication.pushed_release import Holding, open_index
from web.runtime.live_application import LiveApplication, ServedApplication
from web.runtime.push_watch import PushWatch
from web.runtime.releases import ApplicationFactory

_LOG: Final = logging.getLogger(__name__)
_PAGES_SECONDS: Final = 60.0  # for which pages remember what the endpoint said
_CHECK_SECONDS: Final = 600.0  # between two checks that the index fits
_RETRY_SECONDS: Final = 60.0  # until the next check when it did not
_PENDING: Final = "A release is being loaded into the engine, and answers would not be whole"
WITHOUT_INDEX: Final = (
    "no index: there is no search, and lists and facets are computed by queries; "
    "`utsaga index --endpoint URL` makes one, `utsaga serve --endpoint URL --index DIR` uses it"
)


@dataclass(frozen=True)
class _Live:
    """What is served: in which minute pages were made, with which index, and what a push has loaded."""

    minute: float
    index: EndpointIndex | None
    holding: Holding


class FittingIndex:
    """The index in a directory while it fits what the endpoint holds; `note` says whether it does."""

    def __init__(
        self, url: str, home: Path, settings: Settings, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Open the index in `home` and compare; raise NotFound if there is none that can be read."""
        self._url, self._home, self._settings, self._clock = url, home, settings, clock
        self._opened = EndpointIndex.open(home)
        self._fits, self._next_check = False, 0.0
        self.note = ""
        self._check()

    def current(self) -> EndpointIndex | None:
        """Return the index if it fits, after another comparison where one is due."""
        if self._clock() >= self._next_check or self._opened.path != EndpointIndex.locate(self._home):
            self._check()
        return self._opened if self._fits else None

    def _check(self) -> None:
        try:
            if self._opened.path != EndpointIndex.locate(self._home):
                self._opened = EndpointIndex.open(self._home)
            self._opened.check(self._url, self._settings)
        except UtsagaError as error:
            self._report_fit(False, f"index: not used, so that there is no search. {error.faults[0].message}")
        else:
            made = f"of {self._opened.triples:,} triples, made {self._opened.created}"
            self._report_fit(True, f"index: in use, {made}")
        self._next_check = self._clock() + (_CHECK_SECONDS if self._fits else _RETRY_SECONDS)

    def _report_fit(self, fits: bool, note: str) -> None:
        if note != self.note:
            _LOG.log(logging.INFO if fits else logging.WARNING, "%s", note)
        self._fits, self.note = fits, note


class ProbedEngine:
    """What the engine of an endpoint is and lacks, asked until it has answered once."""

    def __init__(self, url: str, settings: Settings, *, union: bool) -> None:
        """Take what to ask; raise BadInput if `url` is not the URL of an endpoint."""
        self._endpoint = RemoteEndpoint(url, settings, union=union)
        self._report: EngineReport | None = None

    def current(self) -> EngineReport:
        """Return the report, which is logged when there is one first, or says that the engine is silent."""
        if self._report:
            return self._report
        try:
            self._report = probe(self._endpoint)
        except UtsagaError as error:
            note = f"engine: cannot be asked what it is; asked again every minute. {error.faults[0].message}"
            _LOG.warning("%s", note)
            return EngineReport(UNKNOWN, frozenset(), (note,))
        for note in self._report.notes:
            _LOG.info("%s", note)
        return self._report


def endpoint(
    url: str, union: bool, home: Path | None, kept: Releases, factory: ApplicationFactory
) -> Callable[[], ServedApplication]:
    """Serve the SPARQL endpoint at `url`, with the index in the directory `home` if there is one.

    Without one, the index is that of the release that was pushed into the endpoint, if it is `kept` here too.
    Raise BadInput if `url` is not the URL of an endpoint, and NotFound if there is no index in `home`.
    """
    engine = ProbedEngine(url, factory.settings, union=union)
    fitting = FittingIndex(url, home, factory.settings) if home else None
    pushed = PushWatch(url, kept, factory.settings) if home is None else None
    if pushed and not pushed.current().marker:
        _LOG.info(WITHOUT_INDEX)

    def make(live: _Live) -> ServedApplication:
        report = engine.current()
        if live.holding.release:
            return _of_release(live.holding, url, report, factory)
        note = fitting.note if fitting else live.holding.note or WITHOUT_INDEX
        remote = RemoteEndpoint(
            url,
            factory.settings,
            union=union,
            index=live.index.tables if live.index else None,
            notes=(*report.notes, note),
            lacks=report.lacks,
            withheld=_PENDING if live.holding.is_pending else "",
        )
        return factory.app(remote, text_index=live.index.text_index if live.index else None)

    def live() -> _Live:
        holding = pushed.current() if pushed else Holding()
        minute = 0.0 if holding.release else time.monotonic() // _PAGES_SECONDS
        return _Live(minute, fitting.current() if fitting else None, holding)

    return LiveApplication(live, make).served


def _of_release(
    holding: Holding, url: str, report: EngineReport, factory: ApplicationFactory
) -> ServedApplication:
    """Return the application of the release that an endpoint holds: its answers are the endpoint's."""
    assert holding.release  # noqa: S101 (for the type checker)
    remote = RemoteEndpoint(
        holding.url_of(url),
        factory.settings,
        union=True,
        index=open_index(holding.release),
        notes=(*report.notes, holding.note),
        lacks=report.lacks,
    )
    return factory.app(remote, holding.release)
