"""Asks the Internet Archive for a copy of a page: https://archive.org/help/wayback_api.php."""

import json
from datetime import date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from graph.core.errors import UtsagaError
from graph.curation import retry
from graph.curation.polite_client import PoliteClient, ReplyLimits, WholeReply
from graph.curation.retry import RetryPolicy
from graph.curation.site_client import VisitError, parse_address
from graph.ingest.source_checks import ArchivedCopy

ARCHIVE: Final = "https://archive.org/wayback/available"
_LIMITS: Final = ReplyLimits(seconds=30.0, size=1 << 20)
_OPTION: Final = "--archive"


class WaybackMachine:
    """The availability API at a base address; once it has failed, it is not asked again."""

    def __init__(self, base: str = ARCHIVE, policy: RetryPolicy | None = None, contact: str = "") -> None:
        """Take what PoliteClient takes; raise BadInput as that does. Nothing is sent yet."""
        PoliteClient(base, _OPTION)
        self._base, self._policy, self._contact = base, policy or RetryPolicy(), contact
        self.failure: UtsagaError | None = None

    def closest(self, url: str) -> ArchivedCopy | None:
        """Return the newest copy of the page `url` that is a page and not an error, or None.

        Raise what PoliteClient.get raises, and the same error each time from then on.
        """
        if self.failure:
            raise self.failure
        address = f"{self._base}?{urlencode({'url': url})}"
        client = PoliteClient(address, _OPTION, self._policy, _LIMITS, self._contact)
        try:
            return client.get("application/json", lambda reply: _copy(reply, client.host))
        except UtsagaError as error:
            self.failure = error
            raise


def _copy(reply: WholeReply, host: str) -> ArchivedCopy | None:
    """Return the copy that a reply names; raise Unavailable if it cannot be read."""
    try:
        said: dict[str, Any] = json.loads(reply.body)
        closest = said["archived_snapshots"].get("closest")
    except (ValueError, RecursionError, LookupError, TypeError, AttributeError) as error:
        raise retry.permanent("The archive's answer cannot be read", host) from error
    if (
        not isinstance(closest, dict)
        or closest.get("available") is not True
        or closest.get("status") != "200"
    ):
        return None
    try:
        return ArchivedCopy(parse_address(str(closest["url"])).url, _day(str(closest["timestamp"])))
    except (VisitError, LookupError, ValueError) as error:
        raise retry.permanent("The archive's answer names no copy that can be read", host) from error


def _day(timestamp: str) -> date:
    return datetime.strptime(timestamp, "%Y%m%d%H%M%S").date()
