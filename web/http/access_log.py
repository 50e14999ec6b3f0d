"""The log of the server: one line of JSON for each request and each record, on one stream.

Records come through the standard library's logging, so that messages of Flask have the same form and the id
of their request. No line names a client (not by a hash either: there are few enough addresses to try them
all), and none a query, unless UTSAGA_LOG_QUERIES says so.
"""

import json
import logging
import sys
import time
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Final, NamedTuple, TextIO

_LONGEST: Final = 500  # characters of a path
_LONGEST_METHOD: Final = 20
_LOGGERS: Final = ("web", "graph")  # Flask's own logger for the front end has the name of the package too

current_id: Final[ContextVar[str]] = ContextVar("request_id", default="")
"""The id of the request that is answered in this context."""


class Ended(NamedTuple):
    """A request that has been answered; `at` is in seconds since 1970, `query` None where none is logged."""

    id: str
    method: str
    path: str
    status: int
    sent: int  # bytes of the body
    seconds: float
    at: float
    query: str | None = None

    def line(self) -> str:
        """Return it as JSON in ASCII, with which no terminal can be attacked."""
        fields = {
            "time": timestamp(self.at),
            "level": "info",
            "id": self.id,
            "event": "request",
            "method": self.method[:_LONGEST_METHOD],
            "path": self.path[:_LONGEST],
            "status": self.status,
            "bytes": self.sent,
            "seconds": round(self.seconds, 6),
        }
        return _json(fields if self.query is None else fields | {"query": self.query})


class JsonLines(logging.Formatter):
    """Writes a record as one line of JSON, with the id of the request in whose context it was made."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with the traceback of the record's exception if it has one."""
        fields = {"time": timestamp(record.created), "level": record.levelname.lower()}
        if request_id := current_id.get():
            fields["id"] = request_id
        fields["event"] = record.getMessage()
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)
        return _json(fields)


class Log(logging.StreamHandler[TextIO]):
    """The handler of all records, which writes the lines of requests too."""

    def __init__(self, stream: TextIO) -> None:
        """Write to `stream`."""
        super().__init__(stream)
        self.setFormatter(JsonLines())

    def add(self, request: Ended) -> None:
        """Write the line of a request; a log that cannot be written is no reason not to answer."""
        self.acquire()
        try:
            self.stream.write(request.line() + "\n")
            self.stream.flush()
        except (OSError, ValueError):  # a full disk, a closed stream
            pass
        finally:
            self.release()


def open_log(stream: TextIO | None = None) -> Log:
    """Return the log on `stream` (standard error), and send all records of the product there."""
    log = Log(stream or sys.stderr)
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [log], False
        logger.setLevel(logging.INFO)
    return log


def timestamp(seconds: float) -> str:
    """Return the time `seconds` after 1970 as UTC in milliseconds: 2026-11-24T10:00:00.000Z."""
    whole = int(seconds)
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(whole))}.{int((seconds - whole) * 1000):03}Z"


def _json(fields: Mapping[str, object]) -> str:
    return json.dumps(fields, separators=(",", ":"))
