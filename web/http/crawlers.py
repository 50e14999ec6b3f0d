"""Which clients are crawlers, by what they say and by what they do, and what is closed to them.

A crawler has a budget of its own (`web.http.rate_limit`), so that people do not wait for it. What is computed
for each request is closed to those that say that they are crawlers, as robots.txt says:
https://www.rfc-editor.org/rfc/rfc9309.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote_plus
from wsgiref.types import WSGIEnvironment

from graph.core.errors import Forbidden
from graph.core.settings import Settings
from web.http.client_address import client, is_loopback
from web.http.crawler_agents import crawler_name

CRAWLER: Final = "utsaga.crawler"
"""Where the environ of a request holds the name of the crawler that sends it, if one does."""

CLOSED_PATHS: Final = ("/sparql", "/suggest", "/reconcile")
"""The beginnings of paths that are closed to crawlers with and without a query string."""

OPEN_ARGUMENTS: Final = ("lang", "page")
"""The arguments of a URL with which a page is open to crawlers; with any other, it is computed."""

_UNCOUNTED: Final = (*CLOSED_PATHS, "/query", "/static/", "/healthz", "/readyz", "/metrics", "/robots.txt")
_SECONDS: Final = 60.0
_MAX_CLIENTS: Final = 20_000


@dataclass
class _Visits:
    """What one client has asked for since `began`, and whether it was too much in the minute before."""

    began: float
    was_too_much: bool
    pages: set[int] = field(default_factory=set)


class Crawlers:
    """Tells crawlers from other clients."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        """Take the limits from `settings`; `clock` returns the seconds."""
        self._settings, self._clock = settings, clock
        self._visits: OrderedDict[str, _Visits] = OrderedDict()

    def __len__(self) -> int:
        """Return how many clients are remembered."""
        return len(self._visits)

    def check(self, environ: WSGIEnvironment) -> None:
        """Put the name of the crawler that sends a request into its environ.

        Raise Forbidden for what is closed to crawlers that say that they are one.
        """
        if name := crawler_name(environ.get("HTTP_USER_AGENT", "")):
            environ[CRAWLER] = f"crawler {name}"
            if is_closed(environ["PATH_INFO"], environ.get("QUERY_STRING", "")):
                raise _closed(name)
        elif self._behaves_like_one(environ):
            environ[CRAWLER] = f"crawler at {client(environ, self._settings.trusted_hops)}"

    def _behaves_like_one(self, environ: WSGIEnvironment) -> bool:
        """Return whether the client of a request has asked for more pages in a minute than people read.

        Browsers are known by Sec-Fetch-Mode: https://www.w3.org/TR/fetch-metadata/.
        """
        most = self._settings.crawler_after
        if not most or "HTTP_SEC_FETCH_MODE" in environ or _is_uncounted(environ["PATH_INFO"]):
            return False
        name = client(environ, self._settings.trusted_hops)
        if is_loopback(name) and not self._settings.throttle_loopback:
            return False
        visits = self._visits_of(name)
        if len(visits.pages) <= most:
            visits.pages.add(hash((environ["PATH_INFO"], environ.get("QUERY_STRING", ""))))
        return visits.was_too_much or len(visits.pages) > most

    def _visits_of(self, name: str) -> _Visits:
        """Return the visits of a client in this minute, and forget those that do not count any more."""
        now, known = self._clock(), self._visits.get(name)
        if known is None or now - known.began >= _SECONDS:
            is_next = known is not None and now - known.began < 2 * _SECONDS
            too_much = known is not None and len(known.pages) > self._settings.crawler_after
            known = self._visits[name] = _Visits(now, is_next and too_much)
        self._visits.move_to_end(name)
        while len(self._visits) > _MAX_CLIENTS or now - self._longest_unseen().began >= 2 * _SECONDS:
            self._visits.popitem(last=False)
        return known

    def _longest_unseen(self) -> _Visits:
        return next(iter(self._visits.values()))


def _is_uncounted(path: str) -> bool:
    """Return whether a path is none of a page: a query, what pages are made of, or a file of a release."""
    return path.startswith(_UNCOUNTED) or (path.startswith("/releases/") and "/files" in path)


def is_closed(path: str, query: str) -> bool:
    """Return whether a page is computed for each request: by its path, or by an argument of its URL."""
    if path.startswith(CLOSED_PATHS):
        return True
    names = (unquote_plus(each.partition("=")[0]) for each in query.split("&") if each)
    return any(name not in OPEN_ARGUMENTS for name in names)


def robots_rules() -> list[str]:
    """Return the same as rules of robots.txt, of which the longest that fits holds."""
    closed = [f"Disallow: {path}" for path in (*CLOSED_PATHS, "/*?")]
    return [*closed, *(f"Allow: /*?{name}=" for name in OPEN_ARGUMENTS)]


def _closed(name: str) -> Forbidden:
    return Forbidden(
        f"This is computed for each request, and closed to crawlers such as {name}",
        where="User-Agent",
        rule="robots.txt",
        remedy="follow addresses without a query, of which /sitemap.xml has all, or download the whole graph",
    )
