"""The site that the tools of MCP read from: the application of one release, in this process.

A tool reads documents by the same views as any client, so that the same limits hold.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from werkzeug.test import create_environ

from web.http.access_log import current_id
from web.http.client_connection import CONNECTION
from web.http.pinned import ARGUMENT
from web.http.preconditions import apply
from web.http.request_log import QUERY, REQUEST_ID
from web.mcp.site import Reply
from web.runtime.live_application import ServedApplication
from web.runtime.pinned_releases import PinnedReleases
from web.sparql.admission import CHARGED

_OF_CLIENT: Final = (
    "REMOTE_ADDR",
    "HTTP_HOST",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_USER_AGENT",
    "wsgi.url_scheme",
    CHARGED,
    CONNECTION,
    REQUEST_ID,
)
"""What a request for a document has from the client's own: who asks, and what that is charged to."""


@dataclass(frozen=True)
class ApplicationSite:
    """An application, read for the client of the request with the environ `asked`.

    `wanted` is the id of the release that the client asks for, if it does.
    """

    served: ServedApplication
    asked: dict[str, Any] = field(default_factory=dict)
    wanted: str = ""

    @property
    def release(self) -> str | None:
        """The id of the release, or None if the data have none."""
        return self.served.release.id if self.served.release else None

    def get(self, path: str, arguments: Mapping[str, str], accept: str) -> Reply:
        """Return the response to a GET of `path`, from the cache or from the application, on this thread."""
        given = {**arguments, **({ARGUMENT: self.wanted} if self.wanted else {})}
        environ = create_environ(path, query_string=urlencode(given), headers={"Accept": accept})
        environ |= {key: self.asked[key] for key in _OF_CLIENT if key in self.asked}
        current_id.set(environ.get(REQUEST_ID, ""))
        self.served.known_arguments.drop_unknown(environ)
        found = self.served.cache.find(environ)
        response = (
            apply(environ, found.response) if found else self.served.cache.fetch(environ, self.served.app)
        )
        if QUERY in environ:
            self.asked[QUERY] = environ[QUERY]  # for the log
        return Reply(response.status, response.headers, response.read())


@asynccontextmanager
async def open_site(
    served: ServedApplication, pinned: PinnedReleases | None, asked: dict[str, Any], release: str
) -> AsyncIterator[ApplicationSite]:
    """Give the site as of `release`, for the client of the request with the environ `asked`.

    That is what is `served` for an empty `release`, and where there are no others: it refuses what it is not.
    Raise what `PinnedReleases.application` raises.
    """
    async with AsyncExitStack() as in_use:
        if release and pinned and served.release and release != served.release.id:
            served = await in_use.enter_async_context(pinned.application(release, served.release))
        yield ApplicationSite(served, asked, release)
