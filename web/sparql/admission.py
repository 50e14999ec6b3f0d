"""Puts a stranger's query to the backend: within the client's budget, and for no longer than it may take."""

import math
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Final
from wsgiref.types import WSGIEnvironment

from graph.backends.protocol import Backend
from graph.core.errors import BadInput, TooManyRequests
from graph.core.settings import Settings
from graph.rdf.formats import Form
from graph.rdf.query_types import EVERYTHING, Answer, Dataset, Question
from web.http.clients import client
from web.http.metrics import Metrics
from web.http.rate_limit import Throttle
from web.http.request_log import QUERY

CHARGED: Final = "utsaga.charged"
"""Key of the environ of a request whose client is charged for all of it, so that no part is charged again."""


@dataclass(frozen=True)
class Desk:
    """Where queries are handed in: the backend, and what each client may ask of it."""

    backend: Backend
    settings: Settings
    throttle: Throttle
    metrics: Metrics

    def ask(self, environ: WSGIEnvironment, question: Question) -> Answer:
        """Return the answer to the `question` of a request; raise what `admitted` and the backend raise."""
        with self.admitted(environ):
            return self.backend.answer(question)

    def question(
        self,
        environ: WSGIEnvironment,
        text: str,
        choices: Mapping[Form, str | None],
        dataset: Dataset = EVERYTHING,
        seconds: str = "",
    ) -> Question:
        """Return the question that the query `text` of a request is.

        `seconds` is the time the client grants it, if less than the settings do. Raise BadInput for what is
        no time.
        """
        environ[QUERY] = text
        return Question(text, choices, dataset, self.base_iri(environ), self._granted(seconds))

    def admitted(self, environ: WSGIEnvironment) -> AbstractContextManager[None]:
        """Do as `charging` does, and count a query that is turned away."""
        try:
            return self.charging(environ)
        except TooManyRequests:
            self.metrics.query("throttled", 0.0)
            raise

    def charging(self, environ: WSGIEnvironment) -> AbstractContextManager[None]:
        """Let the client of a request in, and return what counts the time of what is done within against it.

        Raise TooManyRequests, before anything is done, for a client without time or places left.
        """
        return nullcontext() if CHARGED in environ else self.visit(environ)

    def visit(self, environ: WSGIEnvironment) -> "Visit":
        """Let the client of a request in until it leaves; raise TooManyRequests as `charging` does."""
        return Visit(self.throttle, client(environ, self.settings.trusted_hops))

    def base_iri(self, environ: WSGIEnvironment) -> str:
        """Return what relative IRIs in a query are resolved against: the public base, else the URL asked."""
        if self.settings.public_base:
            return self.settings.public_base
        host = environ.get("HTTP_HOST") or environ["SERVER_NAME"]
        return f"{environ['wsgi.url_scheme']}://{host}{environ['SCRIPT_NAME']}{environ['PATH_INFO']}"

    def _granted(self, seconds: str) -> float:
        if not seconds:
            return self.settings.seconds
        try:
            granted = float(seconds)
        except ValueError:
            granted = math.nan
        if not granted > 0:
            remedy = "give seconds, such as 2.5"
            raise BadInput(f"“{seconds[:20]}” is no time", where="timeout", rule="timeout", remedy=remedy)
        return min(granted, self.settings.seconds)


class Visit:
    """A client that has been let in, until it leaves."""

    def __init__(self, throttle: Throttle, who: str) -> None:
        """Let `who` in; raise TooManyRequests as the throttle does."""
        throttle.enter(who)
        self._throttle, self._who, self._began = throttle, who, time.monotonic()

    def __enter__(self) -> None:
        """Stay."""

    def __exit__(self, *failure: object) -> None:
        """Leave."""
        self.leave()

    def leave(self) -> None:
        """Give up the place, and charge the time since it was taken."""
        self._throttle.leave(self._who, time.monotonic() - self._began)

    def timed(self, parts: Iterable[Any]) -> Iterator[Any]:
        """Yield `parts`, which may be made after the client has left, and charge the time that each takes."""
        iterator = iter(parts)
        while True:
            began = time.monotonic()
            part = next(iterator, None)
            self._throttle.spend(self._who, time.monotonic() - began)
            if part is None:
                return
            yield part
