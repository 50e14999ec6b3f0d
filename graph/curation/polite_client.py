"""Asks a service outside politely, and takes only whole replies: https://www.rfc-editor.org/rfc/rfc9110.

Each request names its sender; there is a wait between requests, and a retry after a transient failure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Final, TypeVar

from graph.core.errors import BadInput, TooLarge
from graph.core.http_client import DeadlineError, HttpClient, OversizeError, RequestError, UnreachableError
from graph.core.namespaces import BASE
from graph.curation import retry
from graph.curation.retry import RetryPolicy

T = TypeVar("T")


@dataclass(frozen=True)
class ReplyLimits:
    """What one reply may take: seconds, and bytes."""

    seconds: float = 60.0
    size: int = 32 << 20


DEFAULTS: Final = ReplyLimits()


@dataclass(frozen=True)
class WholeReply:
    """A successful reply: its media type without parameters, and its body."""

    media_type: str
    body: bytes


class PoliteClient:
    """One service outside; `host` names it in messages."""

    def __init__(
        self,
        url: str,
        option: str,
        policy: RetryPolicy | None = None,
        limits: ReplyLimits = DEFAULTS,
        contact: str = "",
    ) -> None:
        """Take its URL, and how often and for how long it is asked.

        `contact` is an address that its operators may write to. Raise BadInput, naming the command's
        `option`, unless the URL is an http or https one without a password.
        """
        try:
            if "@" in url:  # a password would be written down with what is proposed
                raise ValueError(url)
            self._client = HttpClient(url, limit=limits.size)
        except ValueError as error:
            raise BadInput(
                f"“{url}” is not the URL of a service",
                where=option,
                rule="outside service",
                remedy="write one that begins with http:// or https://",
            ) from error
        self.url, self.host = url, self._client.host
        self._policy, self._limits = policy or RetryPolicy(), limits
        self._user_agent = user_agent(contact)

    def get(self, accept: str, parse: Callable[[WholeReply], T]) -> T:
        """Return what `parse` makes of the reply to a GET; raise as `post` does."""
        return self._policy.run(lambda: parse(self._request(None, accept)))

    def post(self, form: str, accept: str, parse: Callable[[WholeReply], T], *, agent: str = "") -> T:
        """Return what `parse` makes of the reply to an encoded `form`, repeated as the policy says.

        `agent` is the name of a library that writes the request. Raise TransientError for a failure that did
        not pass, Unavailable for one that will not, TooLarge for a reply over the limit, and what `parse`
        raises.
        """
        return self._policy.run(lambda: parse(self._request(form, accept, agent)))

    def _request(self, form: str | None, accept: str, agent: str = "") -> WholeReply:
        headers = {"Accept": accept, "User-Agent": f"{self._user_agent} {agent}".strip()}
        client, seconds = self._client, self._limits.seconds
        sent = client.get(headers, seconds) if form is None else client.post(form, headers, seconds)
        try:
            with sent as reply:
                retry.check_status(reply.status, reply.headers.get("Retry-After"), self.host)
                return WholeReply(reply.media_type, reply.read())
        except OversizeError as error:
            message = f"The service's answer has more than {self._limits.size:,} bytes"
            raise TooLarge(
                message, where=self.host, rule="outside service", remedy="ask for less at a time"
            ) from error
        except DeadlineError as error:
            raise retry.transient(f"The service takes more than {seconds:g} seconds", self.host) from error
        except UnreachableError as error:
            raise retry.permanent(f"The service cannot be reached: {error}", self.host) from error
        except RequestError as error:
            raise retry.transient("The service's answer breaks off", self.host) from error


def user_agent(contact: str) -> str:
    """Return how we introduce ourselves, and whom to write to about trouble that we make.

    https://foundation.wikimedia.org/wiki/Policy:Wikimedia_Foundation_User-Agent_Policy
    """
    who = "; ".join(part for part in (BASE, contact) if part.isprintable() and part.isascii() and part)
    return f"utsaga/{version('utsaga')} ({who})"
