"""Asks for the pages of one host, politely: a pause between requests, and another try where it may help.

A page's address is data that anybody may have written, so nothing but http and https is spoken, and only
with hosts on the public internet unless the settings say otherwise.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Final

from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from graph.core import public_addresses
from graph.core.http_client import DeadlineError, HttpClient, OversizeError, RequestError, UnreachableError
from graph.core.iris import MAX_IRI_LENGTH
from graph.core.public_addresses import NotPublicError
from graph.curation import retry
from graph.curation.polite_client import ReplyLimits, user_agent
from graph.curation.retry import RetryPolicy, TransientError
from graph.ingest.visit_failures import Failure

VISIT_LIMITS: Final = ReplyLimits(seconds=20.0, size=512 << 10)  # of robots.txt; pages are not read


class VisitError(Exception):
    """A visit that has no status in the end, and why."""

    def __init__(self, failure: Failure, message: str) -> None:
        """Take the kind of `failure`, and a message about it."""
        super().__init__(message)
        self.failure: Failure = failure


@dataclass(frozen=True)
class VisitSettings:
    """How sites are visited: each has a `policy` of its own; `contact` is an address to write to."""

    policy: Callable[[], RetryPolicy] = RetryPolicy
    contact: str = ""
    limits: ReplyLimits = VISIT_LIMITS
    allow_private: bool = False


@dataclass(frozen=True)
class PageReply:
    """The status of a reply, where it redirects to, and the beginning of its body if that was asked for."""

    status: int
    location: str = ""
    body: bytes = b""


@dataclass
class SiteClient:
    """One host on the web, whose requests keep their distance from one another."""

    settings: VisitSettings
    policy: RetryPolicy = field(init=False)

    def __post_init__(self) -> None:
        """Begin with a policy of its own."""
        self.policy = self.settings.policy()

    def request(self, method: str, url: str, *, read: bool = False) -> PageReply:
        """Return the last reply to `method` (GET or HEAD) for `url`, with its body if it is to be `read`.

        Raise VisitError if there is none.
        """
        replies: list[PageReply] = []

        def attempt() -> None:
            reply, retry_after = self._send(method, url, read)
            replies.append(reply)
            retry.check_transient(reply.status, retry_after, url)

        try:
            self.policy.run(attempt)
        except TransientError as error:
            if not replies:
                late = isinstance(error.__cause__, DeadlineError)
                raise VisitError("timeout" if late else "broken-off", error.faults[0].message) from error
        return replies[-1]

    def _send(self, method: str, url: str, read: bool) -> tuple[PageReply, str | None]:
        """Send one request; return its reply and Retry-After. Raise TransientError or VisitError."""
        limits = self.settings.limits
        headers = {"Accept": "*/*", "User-Agent": user_agent(self.settings.contact)}
        try:
            with closing(self._client(url)) as client:
                send = client.head if method == "HEAD" else client.get
                with send(headers, limits.seconds) as reply:
                    location = _as_utf8(reply.headers.get("Location", ""))
                    body = _beginning(reply.chunks) if read else b""
                    return PageReply(reply.status, location, body), reply.headers.get("Retry-After")
        except NotPublicError as error:
            raise VisitError("not-allowed", str(error)) from error
        except UnreachableError as error:
            raise VisitError("unreachable", str(error)) from error
        except DeadlineError as error:
            raise retry.transient(f"The site takes more than {limits.seconds:g} seconds", url) from error
        except RequestError as error:
            raise retry.transient("The site's answer breaks off", url) from error

    def _client(self, url: str) -> HttpClient:
        host = parse_address(url).host or ""
        address = "" if self.settings.allow_private else public_addresses.resolve(host)
        return HttpClient(url, limit=self.settings.limits.size, address=address)


def parse_address(url: str) -> Url:
    """Return the address of a page in normal form, without its fragment.

    Raise VisitError unless it is an http or https one, without a password and no longer than an IRI may be.
    """
    try:
        parts = parse_url(url)
    except LocationParseError as error:
        raise VisitError("not-allowed", "the address cannot be read") from error
    plain = url.isprintable() and " " not in url and len(parts.url) <= MAX_IRI_LENGTH
    if parts.scheme not in ("http", "https") or not parts.host or parts.auth or not plain:
        raise VisitError("not-allowed", "the address is not a plain http or https one")
    return parts._replace(fragment=None, path=parts.path or "/")


def _as_utf8(header: str) -> str:
    """Return a header that was read as Latin-1 as what servers mean by it."""
    return header.encode("latin-1", "replace").decode("utf-8", "replace")


def _beginning(chunks: Iterator[bytes]) -> bytes:
    """Return a body up to the limit of its size."""
    body = bytearray()
    with suppress(OversizeError):
        for chunk in chunks:
            body += chunk
    return bytes(body)
