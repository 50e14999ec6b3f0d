"""Requests of a client to one server, repeated only if the server says when.

That is 503 with Retry-After: https://www.rfc-editor.org/rfc/rfc9110#name-retry-after. A request is also sent
once more where the server closed the connection, which may have been kept open, without an answer.
"""

from collections.abc import Mapping
from importlib.metadata import version
from typing import Final
from urllib.parse import urlencode

import urllib3
from urllib3.exceptions import HTTPError, MaxRetryError, ProtocolError

from graph.client.errors import RefusedError, UnansweredError

_RETRIES: Final = 3
_MAX_WAIT: Final = 60  # seconds, whatever Retry-After says
_MAX_REDIRECTS: Final = 5


class _BusyRetry(urllib3.Retry):
    """Repeats a request after 503 with Retry-After, and follows redirects."""

    RETRY_AFTER_STATUS_CODES = frozenset((503,))


class Transport:
    """The connections to the server at `address`, kept open between requests; for several threads."""

    def __init__(self, address: str, seconds: float) -> None:
        """Take the address of the server, and how many seconds it may be silent.

        Raise ValueError unless the address is one of http or https.
        """
        parts = urllib3.util.parse_url(address)
        if parts.scheme not in ("http", "https") or not parts.host:
            raise ValueError(f"“{address}” is no address of a server; write one like https://example.org")
        self.address = address.rstrip("/")
        retry = _BusyRetry(
            total=_RETRIES + _MAX_REDIRECTS,
            connect=0,
            read=0,
            other=0,
            status=_RETRIES,
            redirect=_MAX_REDIRECTS,
            allowed_methods=None,
            raise_on_status=False,
            retry_after_max=_MAX_WAIT,
        )
        self._pool = urllib3.PoolManager(
            retries=retry,
            timeout=urllib3.Timeout(total=seconds),
            headers={"User-Agent": f"utsaga-client/{version('utsaga')}"},
        )

    def get(self, path: str, arguments: Mapping[str, str], accept: str) -> urllib3.BaseHTTPResponse:
        """Return the answer to a GET of `path` with `arguments`; raise RefusedError or UnansweredError."""
        query = f"?{urlencode(arguments)}" if arguments else ""
        return self._send("GET", f"{self.address}{path}{query}", None, {"Accept": accept})

    def post(self, path: str, fields: Mapping[str, str], accept: str) -> urllib3.BaseHTTPResponse:
        """Return the answer to a POST of a form to `path`; raise RefusedError or UnansweredError."""
        headers = {"Accept": accept, "Content-Type": "application/x-www-form-urlencoded"}
        return self._send("POST", self.address + path, urlencode(fields), headers)

    def close(self) -> None:
        """Close the connections."""
        self._pool.clear()

    def _send(
        self, method: str, url: str, body: str | None, headers: dict[str, str]
    ) -> urllib3.BaseHTTPResponse:
        sent = {**self._pool.headers, **headers}
        try:
            try:
                response = self._pool.request(method, url, body=body, headers=sent)
            except MaxRetryError as error:
                if not _was_closed(error):
                    raise
                response = self._pool.request(method, url, body=body, headers=sent)
        except HTTPError as error:
            raise UnansweredError(f"{url} does not answer: {error}") from error
        if response.status != 200:
            raise RefusedError.read(response.status, response.data, response.headers.get("Retry-After"))
        return response


def _was_closed(error: MaxRetryError) -> bool:
    """Return whether the server closed the connection before it answered."""
    causes = error.reason.args if isinstance(error.reason, ProtocolError) else ()
    return any(isinstance(each, ConnectionError) for each in causes)
