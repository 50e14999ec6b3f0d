"""The front end's log: a line of JSON for each event, on one stream.

Records come by the standard library's logging, so that the messages of Flask come out in the same form with
the same id. The line of a request is written past it, in a quarter of the time: a log record would take as
long as an answer from the cache. The texts of many lines are made one after the other, which takes less than
half as long as each in its turn. No line names a client (not by a hash either: the addresses are few enough
to try them all), and none a query, unless it is told to.
"""

import json
import logging
import select
import sys
import threading
import time
from collections import deque
from contextvars import ContextVar
from functools import lru_cache
from json.encoder import encode_basestring_ascii as quoted  # ASCII: no terminal can be played tricks on
from typing import Final, NamedTuple, TextIO

_LONGEST: Final = 500  # characters of a path
_LONGEST_METHOD: Final = 20
_MOMENT: Final = 0.1  # seconds
_BATCH: Final = 64  # entries whose text is made together, in a tenth of a millisecond
_PIECE: Final = select.PIPE_BUF  # bytes that no other process can write into
_PARENT: Final = logging.getLogger("web")  # Flask's own logger for the front end has this name too

current_id: Final[ContextVar[str]] = ContextVar("request_id", default="")
"""The id of the request that is at work here."""


class Ended(NamedTuple):
    """A request that has been answered; `query` is None where queries are not written."""

    id: str
    method: str
    path: str
    status: int
    sent: int
    seconds: float
    at: float
    query: str | None

    def __str__(self) -> str:
        """Return its line."""
        query = "" if self.query is None else f',"query":{quoted(self.query)}'
        return (
            f'{{"time":"{moment(self.at)}","level":"info","id":"{self.id}","event":"request",'
            f'"method":{quoted(self.method[:_LONGEST_METHOD])},"path":{quoted(self.path[:_LONGEST])},'
            f'"status":{self.status},"bytes":{self.sent},"seconds":{self.seconds:.6f}{query}}}'
        )


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON, with the id of the request that was at work."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with the traceback of the record's exception if it has one."""
        line = {"time": moment(record.created), "level": record.levelname.lower()}
        if request_id := current_id.get():
            line["id"] = request_id
        line["event"] = record.getMessage()
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, separators=(",", ":"))


class Log(logging.StreamHandler[TextIO]):
    """Where the front end's log goes: records and requests, one after the other, onto one stream."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`."""
        super().__init__(stream)
        self.setFormatter(JsonLines())
        self._ended: deque[Ended] = deque()
        self._lines: deque[str] = deque()
        self._come = threading.Event()
        self._follows = False

    def add(self, request: Ended) -> None:
        """Write the line of a request."""
        self._ended.append(request)
        if not self._follows:
            self.flush()
        elif len(self._ended) >= _BATCH:
            self._make_lines()
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
            self._make_lines()
            while self._lines:
                self.stream.write(self._block())
                self.stream.flush()
        except (OSError, ValueError):  # a full disk, a closed stream
            self._lines.clear()
        finally:
            self.release()

    def _make_lines(self) -> None:
        try:
            while True:
                self._lines.append(str(self._ended.popleft()))
        except IndexError:  # all are made, by whichever thread
            pass

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
