"""Gives every request an id, counts it, and writes it to the access log when it has been answered."""

import re
import secrets
import time
from dataclasses import dataclass
from itertools import count
from typing import Final
from urllib.parse import parse_qs
from wsgiref.types import WSGIEnvironment

from web.http.access_log import Ended, Log, current_id
from web.http.metrics import Metrics

REQUEST_ID: Final = "utsaga.request_id"  # in the environ, for the application
QUERY: Final = "utsaga.query"  # in the environ, by the application that has read one
_GIVEN_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True)
class Entry:
    """A request that has begun; `path` is text, and `began` a time of the performance counter."""

    id: str
    path: str
    began: float
    environ: WSGIEnvironment


class RequestLog:
    """Counts and logs requests."""

    def __init__(self, metrics: Metrics, log: Log, *, log_queries: bool = False) -> None:
        """Count in `metrics` and write to `log`, with the text of queries if `log_queries`."""
        self._metrics, self._log, self._log_queries = metrics, log, log_queries
        self._ids = map(f"{secrets.token_hex(6)}-{{:x}}".format, count(1))

    def begin(self, environ: WSGIEnvironment) -> Entry:
        """Return the entry of a request, with the id that its X-Request-ID gives or a new one."""
        given = environ.get("HTTP_X_REQUEST_ID")
        request_id = given if given and _GIVEN_ID.fullmatch(given) else next(self._ids)
        environ[REQUEST_ID] = request_id
        current_id.set(request_id)
        return Entry(request_id, _text(environ["PATH_INFO"]), time.perf_counter(), environ)

    def end(self, entry: Entry, status: int, sent: int) -> None:
        """Count and log a request that was answered with `status` and `sent` bytes of a body."""
        seconds = time.perf_counter() - entry.began
        environ = entry.environ
        classes = self._metrics.classes
        self._metrics.request(classes.route(entry.path), status, seconds, classes.kind(entry.path))
        query = _query(environ) if self._log_queries else None
        method = environ["REQUEST_METHOD"]
        self._log.add(Ended(entry.id, method, entry.path, status, sent, seconds, time.time(), query))


def _query(environ: WSGIEnvironment) -> str:
    """Return the text of the query of a request: as the application has read it, else as the URL has it."""
    if QUERY in environ:
        return str(environ[QUERY])
    query_string: str = environ.get("QUERY_STRING", "")
    return parse_qs(query_string, errors="replace").get("query", [""])[0]


def _text(path: str) -> str:
    """Return the text of a path of WSGI's, which is UTF-8 read as Latin-1."""
    return path if path.isascii() else path.encode("latin-1", "replace").decode("utf-8", "replace")
