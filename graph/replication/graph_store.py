"""The graphs of an engine by the SPARQL 1.1 Graph Store HTTP Protocol.

https://www.w3.org/TR/sparql11-http-rdf-update/
"""

import html
import re
from copy import copy
from typing import Final
from urllib.parse import quote, urlsplit

from graph.core.errors import BadInput, Forbidden, TooLarge, Unavailable
from graph.core.http_client import HttpClient, HttpReply, RequestError
from graph.curation.retry import RetryPolicy, check_transient, transient

_SECONDS: Final = 900.0  # that one request may take
_REPLY_BYTES: Final = 16 << 20
_TRIPLES: Final = "application/n-triples"
_QUADS: Final = "application/n-quads"
_DONE: Final = frozenset({200, 201, 202, 204})
_NO_SERVICE: Final = frozenset({404, 405, 501})
_TAG: Final = re.compile(r"<[^<>]*>")


class GraphStore:
    """A graph store by its URL. A graph is named by its IRI; "" is the default graph."""

    def __init__(self, url: str, policy: RetryPolicy, user: tuple[str, str] | None = None) -> None:
        """Take the URL, when requests are repeated, and a name and password for a store that asks for them.

        Raise BadInput unless the URL is an http or https one. Nothing is sent yet.
        """
        try:
            self._client = HttpClient(url, limit=_REPLY_BYTES, user=user)
        except ValueError as error:
            raise BadInput(
                f"“{url}” is not the URL of a graph store",
                where="--graph-store",
                remedy="write one that begins with http:// or https://",
            ) from error
        parts = urlsplit(url)
        self.url, self._policy = url, policy
        self._target = f"{parts.path or '/'}?{parts.query}&" if parts.query else f"{parts.path or '/'}?"

    @property
    def once(self) -> "GraphStore":
        """The same store, with no request repeated."""
        found = copy(self)
        found._policy = RetryPolicy(interval=0.0, attempts=1)
        return found

    def put(self, graph: str, body: bytes) -> None:
        """Make `body`, N-Triples, the content of the graph; raise what `_send` raises."""
        self._policy.run(lambda: self._send("PUT", graph, body))

    def add(self, graph: str, body: bytes) -> None:
        """Add `body`, N-Triples, to the graph; raise what `_send` raises.

        Blank nodes are added twice if it is sent twice: send these by `once`.
        """
        self._policy.run(lambda: self._send("POST", graph, body))

    def add_quads(self, body: bytes) -> None:
        """Add `body`, N-Quads, to the graphs that it names; raise what `_send` raises.

        It is no part of the protocol, but several engines have it: https://github.com/w3c/sparql-dev/issues/56.
        """
        self._policy.run(lambda: self._send("POST", None, body))

    def delete(self, graph: str) -> None:
        """Delete the graph, if it is there; raise what `_send` raises."""
        self._policy.run(lambda: self._send("DELETE", graph, b""))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _send(self, method: str, graph: str | None, body: bytes) -> None:
        """Send one request, of N-Quads if `graph` is None.

        Raise TransientError for what may pass. For what will not, raise Forbidden for a user who may not,
        TooLarge for a body, BadInput where there is no graph store, and Unavailable.
        """
        target = self._target_of(graph)
        headers = {"Content-Type": _QUADS if graph is None else _TRIPLES} if body else {}
        try:
            with self._client.send(method, target, body, headers, _SECONDS) as reply:
                if reply.status in _DONE or (method == "DELETE" and reply.status == 404):
                    reply.read()
                    return
                self._refuse(reply, method, graph)
        except RequestError as error:
            raise transient(f"The graph store is out of reach: {error}", self.url) from error

    def _target_of(self, graph: str | None) -> str:
        """Return the path and query that name a graph, or all graphs."""
        if graph is None:
            return self._target[:-1]
        return self._target + (f"graph={quote(graph, safe='')}" if graph else "default")

    def _refuse(self, reply: HttpReply, method: str, graph: str | None) -> None:
        """Raise the error that a status other than success means."""
        status, said = reply.status, _reason(reply)
        name = "graphs" if graph is None else graph or "the default graph"
        what = f"{method} of {name} was answered with the status {status}{said}"
        if status in {401, 403}:
            raise Forbidden(
                what,
                where=self.url,
                rule="user",
                remedy="give --user and UTSAGA_PUSH_PASSWORD or --password-file of a user who may write",
            )
        if status == 413:
            raise TooLarge(what, where=self.url, rule="--piece-bytes", remedy="give a smaller --piece-bytes")
        if status in _NO_SERVICE or (status == 400 and method == "DELETE"):
            raise BadInput(
                what,
                where=self.url,
                rule="Graph Store HTTP Protocol",
                remedy="name the graph store of the engine with --graph-store",
            )
        check_transient(status, reply.headers.get("Retry-After"), self.url)
        raise Unavailable(
            what, where=self.url, rule="Graph Store HTTP Protocol", remedy="see the log of the engine"
        )


def _reason(reply: HttpReply) -> str:
    """Return what an error says, as text after a colon; nothing if it says nothing."""
    text = " ".join(html.unescape(_TAG.sub(" ", reply.beginning())).split())
    return f": {text[:200]}" if text else ""
