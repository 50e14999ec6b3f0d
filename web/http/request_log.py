"""Watches every request: gives it an id, counts it, writes it to the log, and catches what nothing caught."""

import logging
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from http import HTTPStatus
from itertools import chain, count
from time import perf_counter
from types import TracebackType
from typing import Final
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from graph.core.errors import Fault
from web.http.access_log import Ended, Log, current_id
from web.http.metrics import Metrics, route
from web.http.problem_json import headers, problem

REQUEST_ID: Final = "utsaga.request_id"  # in the environ, for the application
QUERY: Final = "utsaga.query"  # in the environ, by the application that has read one
_GIVEN_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_logger: Final = logging.getLogger(__name__)

ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class Watch:
    """Watches what WSGI applications answer."""

    def __init__(self, metrics: Metrics, log: Log, *, log_queries: bool = False) -> None:
        """Count in `metrics` and write to `log`, with the text of queries if `log_queries`."""
        self._metrics = metrics
        self._log = log
        self._log_queries = log_queries
        self._ids = map(f"{secrets.token_hex(6)}-{{:x}}".format, count(1))

    def answer(
        self, began: float, app: WSGIApplication, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a request as `app` does, with its id in X-Request-ID; with 500 if it fails.

        The request came when the performance counter said `began`.
        """
        given = environ.get("HTTP_X_REQUEST_ID")
        request_id = given if given and _GIVEN_ID.fullmatch(given) else next(self._ids)
        environ[REQUEST_ID] = request_id
        current_id.set(request_id)
        exchange = _Exchange(environ, request_id, start_response, self._ended, began)
        try:
            body = app(environ, exchange.start)
            if not isinstance(body, list):  # a list stays one, for the server sends it at once
                return exchange.stream(body)
            exchange.sent = sum(map(len, body))
        except Exception:
            _logger.exception("unhandled exception")
            body = exchange.apologise()
        self._ended(exchange)
        return body

    def note(self, began: float, path: str, query_string: str, sent: int) -> str:
        """Do the same for a GET that no application answers, with 200 and `sent` bytes; return its id."""
        request_id = next(self._ids)
        query = _query_in(query_string) if self._log_queries else None
        seconds = perf_counter() - began
        self._count(Ended(request_id, "GET", _text(path), 200, sent, seconds, time.time(), query))
        return request_id

    def _ended(self, over: "_Exchange") -> None:
        environ = over.environ
        method, path = environ["REQUEST_METHOD"], _text(environ.get("PATH_INFO", ""))
        query = _query(environ) if self._log_queries else None
        seconds = perf_counter() - over.began
        self._count(Ended(over.id, method, path, over.status, over.sent, seconds, time.time(), query))

    def _count(self, request: Ended) -> None:
        """Count a request that is over and write its line."""
        self._metrics.request(route(request.path), request.status, request.seconds)
        self._log.add(request)


class _Exchange:
    """One request and its answer: what the application calls to start it, and the body it makes."""

    __slots__ = ("_body", "_next", "_over", "_start", "began", "environ", "id", "sent", "status")

    def __init__(
        self,
        environ: WSGIEnvironment,
        request_id: str,
        start_response: StartResponse,
        over: Callable[["_Exchange"], None],
        began: float,
    ) -> None:
        self.began = began
        self.environ = environ
        self.id = request_id
        self.status = 0
        self.sent = 0
        self._start = start_response
        self._over = over
        self._body: Iterable[bytes] = ()

    def start(
        self, status: str, headers: list[tuple[str, str]], exc_info: ExcInfo | None = None, /
    ) -> Callable[[bytes], object]:
        """Be the `start_response` of the application."""
        self.status = int(status[:3])
        return self._start(status, [*headers, ("X-Request-ID", self.id)], exc_info)

    def stream(self, body: Iterable[bytes]) -> Iterator[bytes]:
        """Return `body`, counted; its first part is made now, while a failure can still be answered."""
        self._body = body
        parts = iter(body)
        self._next = chain((next(parts, b""),), parts).__next__
        return self

    def apologise(self) -> list[bytes]:
        """Answer that something went wrong here, in the place of whatever was begun."""
        self._close_body()
        where = _text(self.environ.get("PATH_INFO", ""))
        fault = Fault(where, f"An error of ours; it is in the log as {self.id}", remedy="try again later")
        body = problem(HTTPStatus.INTERNAL_SERVER_ERROR, [fault]).encode()
        self.start("500 Internal Server Error", headers(body), sys.exc_info() if self.status else None)
        if self.environ["REQUEST_METHOD"] == "HEAD":
            return []
        self.sent = len(body)
        return [body]

    def __iter__(self) -> "_Exchange":
        return self

    def __next__(self) -> bytes:
        try:
            part = self._next()
        except StopIteration:
            raise
        except Exception:
            self.status = 500  # in the log and the metrics: another has been sent, and the body is cut off
            _logger.exception("answer broken off")
            raise
        self.sent += len(part)
        return part

    def close(self) -> None:
        """End the exchange: the server calls this once, when all is sent or the client has left."""
        try:
            self._close_body()
        finally:
            self._over(self)

    def _close_body(self) -> None:
        if close := getattr(self._body, "close", None):
            close()


def _query(environ: WSGIEnvironment) -> str:
    """Return the text of the query of a request: as the application has read it, else as the URL has it."""
    return str(environ[QUERY]) if QUERY in environ else _query_in(environ.get("QUERY_STRING", ""))


def _query_in(query_string: str) -> str:
    return parse_qs(query_string, errors="replace").get("query", [""])[0]


def _text(path: str) -> str:
    """Return the text of a path of WSGI's, which is UTF-8 read as Latin-1."""
    return path if path.isascii() else path.encode("latin-1", "replace").decode("utf-8", "replace")
