"""The site that the tools of MCP read from: the application of one release, in this process.

A tool reads documents by the same views as any client, so that the same limits hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from werkzeug.test import create_environ

from web.http.access_log import current_id
from web.http.client_connection import CONNECTION
from web.http.preconditions import apply
from web.http.request_log import QUERY, REQUEST_ID
from web.mcp.site import Reply
from web.runtime.releases import ServedApplication
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
    """An application, read for the client of the request with the environ `asked`."""

    served: ServedApplication
    asked: dict[str, Any] = field(default_factory=dict)

    @property
    def release(self) -> str | None:
        """The id of the release, or None if the data have none."""
        return self.served.release.id if self.served.release else None

    def get(self, path: str, arguments: Mapping[str, str], accept: str) -> Reply:
        """Return the response to a GET of `path`, from the cache or from the application, on this thread."""
        environ = create_environ(path, query_string=urlencode(arguments), headers={"Accept": accept})
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
