"""Watches every request: gives it an id, counts it, writes it to the log, and catches what nothing caught.

The log has a line of JSON for each event, by the standard library's logging, so that the messages of Flask
come out in the same form with the same id. The line of a request is written past it, in a quarter of the
time: a log record would take as long as an answer from the cache. No line names a client (not by a hash
either: the addresses are few enough to try them all), and none a query, unless it is told to.
"""

import json
import logging
import re
import secrets
import select
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import asdict
from functools import lru_cache
from itertools import chain, count
from json.encoder import encode_basestring_ascii as quoted  # ASCII: no terminal can be played tricks on
from time import perf_counter
from types import TracebackType
from typing import Final, TextIO
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from graph.errors import Fault
from web.metrics import Metrics, route

REQUEST_ID: Final = "utsaga.request_id"  # in the environ, for the application
QUERY: Final = "utsaga.query"  # in the environ, by the application that has read one
_GIVEN_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_LONGEST: Final = 500  # characters of a path
_LONGEST_METHOD: Final = 20
_MOMENT: Final = 0.1  # seconds
_PIECE: Final = select.PIPE_BUF  # bytes that no other process can write into
_PARENT: Final = logging.getLogger("web")  # Flask's own logger for the front end has this name too
_logger: Final = logging.getLogger(__name__)
_current: Final[ContextVar[str]] = ContextVar("request_id", default="")

ExcInfo = tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None]


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON, with the id of the request that was at work."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with the traceback of the record's exception if it has one."""
        line = {"time": moment(record.created), "level": record.levelname.lower()}
        if request_id := _current.get():
            line["id"] = request_id
        line["event"] = record.getMessage()
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, separators=(",", ":"))


class Log(logging.StreamHandler[TextIO]):
    """Where the front end's log goes: records and ready lines, one after the other, onto one stream."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`."""
        super().__init__(stream)
        self.setFormatter(JsonLines())
        self._lines: deque[str] = deque()
        self._come = threading.Event()
        self._follows = False

    def line(self, text: str) -> None:
        """Write a line that is JSON already."""
        self._lines.append(text)
        if not self._follows:
            self.flush()
        elif not self._come.is_set():
            self._come.set()

    def follow(self) -> None:
        """From now on write the lines of a moment together, on a thread.

        A call to the system for each would take as long as an answer from the cache, and let other threads go
        first.
        """
        self._follows = True
        threading.Thread(target=self._write_on, daemon=True).start()

    def _write_on(self) -> None:
        while True:
            self._come.wait()
            time.sleep(_MOMENT)
            self._come.clear()
            self.flush()

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, after the lines that came before it."""
        self.flush()
        super().emit(record)

    def flush(self) -> None:
        """Write what is to be written; a log that cannot be written is no reason not to answer."""
        self.acquire()
        try:
            while self._lines:
                self.stream.write(self._block())
                self.stream.flush()
        except (OSError, ValueError):  # a full disk, a closed stream
            self._lines.clear()
        finally:
            self.release()

    def _block(self) -> str:
        """Return the first lines, as many as a pipe takes in one piece."""
        block = self._lines.popleft() + "\n"
        while self._lines and len(block) + len(self._lines[0]) < _PIECE:
            block += self._lines.popleft() + "\n"
        return block


def open_log(stream: TextIO | None = None) -> Log:
    """Return the log on `stream` (standard error), and send all records of the front end there."""
    log = Log(stream or sys.stderr)
    _PARENT.handlers = [log]
    _PARENT.propagate = False
    _PARENT.setLevel(logging.INFO)
    return log


def moment(seconds: float) -> str:
    """Return the moment that is `seconds` after 1970 as UTC to the millisecond: 2026-11-24T10:00:00.000Z."""
    whole = int(seconds)
    return f"{_second(whole)}.{int((seconds - whole) * 1000):03}Z"


@lru_cache(maxsize=2)
def _second(whole: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole))


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
        _current.set(request_id)
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

    def _ended(self, exchange: "_Exchange") -> None:
        """Count an exchange that is over and write its line."""
        seconds = perf_counter() - exchange.began
        environ = exchange.environ
        path = environ.get("PATH_INFO", "")
        self._metrics.request(route(path), exchange.status, seconds)
        query = f',"query":{quoted(_query(environ))}' if self._log_queries else ""
        self._log.line(
            f'{{"time":"{moment(time.time())}","level":"info","id":"{exchange.id}","event":"request",'
            f'"method":{quoted(environ["REQUEST_METHOD"][:_LONGEST_METHOD])},"path":{quoted(_text(path[:_LONGEST]))},'
            f'"status":{exchange.status},"bytes":{exchange.sent},"seconds":{seconds:.6f}{query}}}'
        )


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
        problem = {
            "type": "about:blank",
            "title": "Internal Server Error",
            "status": 500,
            "detail": str(fault),
            "faults": [asdict(fault)],
        }
        body = json.dumps(problem).encode()
        headers = [
            ("Content-Type", "application/problem+json"),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"),
            ("Access-Control-Allow-Origin", "*"),
        ]
        self.start("500 Internal Server Error", headers, sys.exc_info() if self.status else None)
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
    if QUERY in environ:
        return str(environ[QUERY])
    parameters = parse_qs(str(environ.get("QUERY_STRING", "")), errors="replace")
    return parameters.get("query", [""])[0]


def _text(path: str) -> str:
    """Return the text of a path of WSGI's, which is UTF-8 read as Latin-1."""
    return path if path.isascii() else path.encode("latin-1", "replace").decode("utf-8", "replace")
