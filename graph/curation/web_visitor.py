"""Visits pages of any web site as a polite robot does, to learn whether they are still there.

What a site's robots.txt forbids is not visited: https://www.rfc-editor.org/rfc/rfc9309. A page is asked for
by HEAD, and by GET if that is refused; its text is not read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urljoin

from protego import Protego

from graph.curation.site_client import PageReply, SiteClient, VisitError, VisitSettings, parse_address
from graph.ingest.visit_failures import Failure

ROBOT: Final = "utsaga"
"""Our name in robots.txt."""
_MAX_REDIRECTS: Final = 5
_LONGEST_DELAY: Final = 30.0  # seconds between two requests that a robots.txt may ask for
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_ALLOW_ALL: Final = ""
_FORBID_ALL: Final = "User-agent: *\nDisallow: /"


@dataclass(frozen=True)
class Visit:
    """What became of a visit: a status and, if redirects led elsewhere, the final address; or a failure."""

    status: int | None = None
    moved_to: str = ""
    failure: Failure | None = None
    message: str = ""

    @property
    def reached(self) -> bool:
        """Whether a server answered, so that there is a network."""
        return self.failure in {None, "broken-off", "redirects", "robots"}


class WebVisitor:
    """Visits pages; keeps for each host the time of its last request, and for each site its rules."""

    def __init__(self, settings: VisitSettings) -> None:
        """Take how sites are visited."""
        self._settings = settings
        self._hosts: dict[str | None, SiteClient] = {}
        self._rules: dict[str, Protego | VisitError] = {}

    def visit(self, url: str) -> Visit:
        """Return what becomes of a visit to `url`, whatever that is."""
        try:
            start = parse_address(url).url
            reply, final = self._follow(start, self._ask_page)
        except VisitError as error:
            return Visit(failure=error.failure, message=str(error))
        return Visit(reply.status, final if final != start else "")

    def _follow(self, url: str, ask: Callable[[str], PageReply]) -> tuple[PageReply, str]:
        """Return the reply that redirects from `url` lead to, and its address; raise VisitError if none."""
        for _ in range(1 + _MAX_REDIRECTS):
            reply = ask(url)
            if reply.status not in _REDIRECTS or not reply.location:
                return reply, url
            try:
                url = parse_address(urljoin(url, reply.location)).url
            except ValueError as error:
                raise VisitError("not-allowed", "the redirect's address cannot be read") from error
        raise VisitError("redirects", f"more than {_MAX_REDIRECTS} redirects")

    def _ask_page(self, url: str) -> PageReply:
        """Return the reply to HEAD, or to GET if HEAD is refused; raise VisitError if no visit is allowed."""
        site, rules = self._site(url), self._rules_of(url)
        if not rules.can_fetch(url, ROBOT):
            raise VisitError("robots", "robots.txt forbids the visit")
        site.policy.interval = max(site.policy.interval, min(rules.crawl_delay(ROBOT) or 0.0, _LONGEST_DELAY))
        reply = site.request("HEAD", url)
        if reply.status < HTTPStatus.BAD_REQUEST or reply.status == HTTPStatus.TOO_MANY_REQUESTS:
            return reply
        return site.request("GET", url)

    def _site(self, url: str) -> SiteClient:
        host = parse_address(url).host
        if host not in self._hosts:
            self._hosts[host] = SiteClient(self._settings)
        return self._hosts[host]

    def _rules_of(self, url: str) -> Protego:
        """Return the rules of the site of `url`; raise VisitError, each time anew, if it gives no answer."""
        origin = _origin(url)
        if origin not in self._rules:
            self._rules[origin] = self._fetch_rules(origin)
        rules = self._rules[origin]
        if isinstance(rules, VisitError):
            raise VisitError(rules.failure, str(rules)) from rules
        return rules

    def _fetch_rules(self, origin: str) -> Protego | VisitError:
        """Return the rules of a site: none if it has no robots.txt, to visit nothing if that is in error."""
        try:
            reply, _ = self._follow(
                f"{origin}/robots.txt", lambda url: self._site(url).request("GET", url, read=True)
            )
        except VisitError as error:
            return Protego.parse(_ALLOW_ALL) if error.failure == "redirects" else error
        if reply.status < HTTPStatus.MULTIPLE_CHOICES:
            return Protego.parse(reply.body.decode("utf-8", "replace"))
        is_broken = reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return Protego.parse(_FORBID_ALL if is_broken else _ALLOW_ALL)


def _origin(url: str) -> str:
    parts = parse_address(url)
    return f"{parts.scheme}://{parts.netloc}"
