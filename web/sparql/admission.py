"""Admission of clients' queries to the backend: within the client's budget, and with a time limit each."""

import math
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Final, Self
from wsgiref.types import WSGIEnvironment

from graph.backends.protocol import Backend
from graph.core.errors import BadInput, TooManyRequests
from graph.core.settings import Settings
from graph.rdf.formats import Form
from graph.rdf.query_types import DEFAULT_DATASET, Dataset, QueryRequest, QueryResponse
from web.html.app_state import AppState
from web.http.client_connection import CONNECTION, ClientConnection
from web.http.metrics import Metrics
from web.http.rate_limit import Throttle
from web.http.request_log import QUERY

CHARGED: Final = "utsaga.charged"
"""Key in the environ for the place of a client that is charged for the whole request."""


@dataclass(frozen=True)
class Admission:
    """The backend of an application, and the limits under which clients query it."""

    backend: Backend
    settings: Settings
    throttle: Throttle
    metrics: Metrics

    @classmethod
    def of(cls, state: AppState) -> Self:
        """Return the admission to the application with this state."""
        return cls(state.backend, state.settings, state.throttle, state.metrics)

    def answer(self, environ: WSGIEnvironment, query: QueryRequest) -> QueryResponse:
        """Return the response to the `query` of a request; raise what `admit_query` and the backend do.

        The query ends if the client closes its connection: ConnectionClosed is raised then.
        """
        connection: ClientConnection | None = environ.get(CONNECTION)
        with self.admit_query(environ):
            if connection is None:
                return self.backend.answer(query)
            return connection.wait_for(self.backend.answer_async(query))

    def query_request(
        self,
        environ: WSGIEnvironment,
        text: str,
        choices: Mapping[Form, str | None],
        dataset: Dataset = DEFAULT_DATASET,
        seconds: str = "",
    ) -> QueryRequest:
        """Return the request for the query `text`, and put the text into `environ` for the request log.

        `seconds` is the client's own time limit, which applies if it is below that of the settings. Raise
        BadInput if it is no positive number.
        """
        environ[QUERY] = text
        return QueryRequest(text, choices, dataset, self.base_iri(environ), self._time_limit(seconds))

    def admit_query(self, environ: WSGIEnvironment) -> AbstractContextManager[None]:
        """Return what `admit` does, and count a refused query in the metrics."""
        try:
            return self.admit(environ)
        except TooManyRequests:
            self.metrics.query("throttled", 0.0)
            raise

    def admit(self, environ: WSGIEnvironment) -> AbstractContextManager[None]:
        """Return a place of the client, or a context without effect if it is charged for the whole request.

        Raise what `take_place` raises.
        """
        return nullcontext() if CHARGED in environ else self.take_place(environ)

    def take_place(self, environ: WSGIEnvironment) -> "ClientPlace":
        """Return a place of the client of a request; the time for which it is held counts against its budget.

        Raise TooManyRequests for a client without time or places left.
        """
        return ClientPlace(*self.throttle.of_client(environ, self.settings.trusted_hops))

    def base_iri(self, environ: WSGIEnvironment) -> str:
        """Return the base of relative IRIs in a query: the public base, else the URL of the request."""
        if self.settings.public_base:
            return self.settings.public_base
        host = environ.get("HTTP_HOST") or environ["SERVER_NAME"]
        return f"{environ['wsgi.url_scheme']}://{host}{environ['SCRIPT_NAME']}{environ['PATH_INFO']}"

    def _time_limit(self, requested: str) -> float:
        if not requested:
            return self.settings.seconds
        try:
            seconds = float(requested)
        except ValueError:
            seconds = math.nan
        if not seconds > 0:
            remedy = "give seconds, such as 2.5"
            raise BadInput(f"“{requested[:20]}” is no time", where="timeout", rule="timeout", remedy=remedy)
        return min(seconds, self.settings.seconds)


class ClientPlace:
    """A context manager that holds one of the places of a client, and charges the client for the time."""

    def __init__(self, throttle: Throttle, name: str) -> None:
        """Take a place of the client called `name`; raise TooManyRequests if it has none left, or no time."""
        throttle.enter(name)
        self._throttle, self._name, self._began = throttle, name, time.monotonic()

    def __enter__(self) -> None:
        """Do nothing: the place is taken."""

    def __exit__(self, *failure: object) -> None:
        """Free the place."""
        self.leave()

    def leave(self) -> None:
        """Free the place, and charge the time since it was taken."""
        self._throttle.leave(self._name, time.monotonic() - self._began)

    def charge_parts(self, parts: Iterable[Any]) -> Iterator[Any]:
        """Yield `parts`, which may be made after the place is free, and charge the time that each takes."""
        iterator = iter(parts)
        while True:
            began = time.monotonic()
            part = next(iterator, None)
            self._throttle.spend(self._name, time.monotonic() - began)
            if part is None:
                return
            yield part
