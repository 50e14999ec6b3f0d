"""Makes requests of what comes over a connection, and refusals of what is none: https://www.rfc-editor.org/rfc/rfc9112."""

import re
from http import HTTPStatus
from io import BytesIO
from typing import Final, NamedTuple
from wsgiref.types import WSGIEnvironment

from httptools import HttpParserError, HttpParserInvalidMethodError, HttpParserUpgrade, HttpRequestParser

from graph.core.errors import Fault
from web.gateway import aimed, environ_of
from web.http.problem_json import Refusal
from web.messages import quoted

_LONGEST_HEAD: Final = 1 << 16  # bytes of it, beside the longest target
_LONGEST_KEPT: Final = 1 << 12  # bytes of a request whose headers are kept: each connection keeps some
_RULE: Final = "RFC 9112"
_GET: Final = re.compile(rb"GET (/[!-~]*) HTTP/1\.1")
_METHOD: Final = Fault("", "No resource has this method", "RFC 9110", "use GET, HEAD, OPTIONS, POST or QUERY")
_VERSION: Final = Fault("", "This version of HTTP is not spoken here", _RULE, "use HTTP/1.1")
_CODING: Final = Fault("Transfer-Encoding", "It is not read", _RULE, "send the body chunked and no more")
_HOST: Final = Fault("Host", "There is none, or more than one", _RULE, "name one host")
_TARGET: Final = Fault("", "The target cannot be read", _RULE, "begin it with a / or with http://")
_LONG_TARGET: Final = Fault("", "The URL is too long", "UTSAGA_QUERY_BYTES", "send the query with POST")
_LONG_HEAD: Final = Fault("", "There are too many headers", f"{_LONGEST_HEAD:,} bytes", "send fewer")
_LATE: Final = Fault("", "The request did not come to its end in time", "", "send it again")


class Bounds(NamedTuple):
    """How many bytes of targets and bodies are of use: a few more are read, for the application to refuse.

    And how many requests may be on threads, or wait for them.
    """

    target: int
    body: int
    apart: int = 1_000


class Request(NamedTuple):
    """A request as WSGI has it."""

    environ: WSGIEnvironment
    raw: bytes | None = None  # as it came, if it is one that may come again in the same bytes
    is_last: bool = False  # whether nothing that follows it is read
    refusal: Refusal | None = None  # what answers it, if nothing else may


class Reader:
    """What one client sends: `amid` a request, or `over` when nothing more of it is read."""

    def __init__(self, origin: WSGIEnvironment, bounds: Bounds) -> None:
        """Read what comes from `origin` within `bounds`."""
        self._origin, self._bounds = origin, bounds
        self._parser = HttpRequestParser(self)
        self._found: list[Request] = []
        self._raw: bytes | None = None
        self._last: tuple[bytes, WSGIEnvironment] | None = None  # the headers of one that may come again
        self._is_complete = True
        self._unfinished = 0  # bytes that came since a request or a part of its body last began
        self.amid = self.over = self.awaited = False

    def feed(self, data: bytes) -> list[Request]:
        """Return the requests that `data` completes.

        If `awaited` is true then, the client sends a body when it is told to.
        """
        if not self.amid and (request := self._like_the_last(data)):
            return [request]
        self._raw = None if self.amid else data
        self.awaited = False
        self._unfinished += len(data)
        try:
            self._parse(data if self.amid or data.isascii() else quoted(data))
        except HttpParserError as error:
            if isinstance(error, HttpParserInvalidMethodError) and data.partition(b" ")[0].isalpha():
                self._refuse(HTTPStatus.NOT_IMPLEMENTED, _METHOD)
            else:
                fault = Fault("", str(error), _RULE, "send what HTTP/1.1 allows")
                self._refuse(HTTPStatus.BAD_REQUEST, fault)
        if self.amid:
            self._measure(self._unfinished)
        found, self._found = self._found, []
        if len(found) > 1 or self.amid:
            return [request._replace(raw=None) for request in found]
        raw = found[0].raw if found else None
        if raw and len(raw) <= _LONGEST_KEPT and _GET.match(raw):
            self._last = raw.partition(b"\r\n")[2], found[0].environ.copy()
        return found

    def _like_the_last(self, data: bytes) -> Request | None:
        """Return what is read of a GET at once if all but its target is as it was the last time."""
        line, _, rest = data.partition(b"\r\n")
        if self._last is None or rest != self._last[0] or len(line) > self._bounds.target:
            return None
        found = _GET.fullmatch(line)
        if found is None:
            return None
        environ = aimed(self._last[1].copy(), found[1])
        environ["wsgi.input"] = BytesIO()
        return Request(environ, data)

    def give_up(self) -> list[Request]:
        """Return the refusal of a request that has not come to its end in time."""
        self._refuse(HTTPStatus.REQUEST_TIMEOUT, _LATE)
        found, self._found = self._found, []
        return found

    def on_message_begin(self) -> None:
        """Begin to read a request."""
        self._target, self._body = b"", b""
        self._headers: list[tuple[bytes, bytes]] = []
        self._length = self._unfinished = 0
        self._has_head, self._is_complete = False, self.over
        self.amid = True

    def on_url(self, part: bytes) -> None:
        """Read a part of the target."""
        self._target += part
        self._length += len(part)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Read a header; what comes behind a body is let go of."""
        if not self._has_head:
            self._headers.append((name, value))
            self._length += len(name) + len(value)

    def on_headers_complete(self) -> None:
        """Read the end of a head, and find out whether it is any use to read the body."""
        self._has_head = True
        if self.over or self._measure(self._length):
            return
        method, version = self._parser.get_method().decode(), self._parser.get_http_version()
        if self._parser.should_upgrade() and method != "CONNECT":
            self._is_complete = True  # and is read again: see _parse
            return
        try:
            environ = environ_of(self._origin, version, method, self._target, self._headers)
        except ValueError:
            self._refuse(HTTPStatus.BAD_REQUEST, _TARGET)
            return
        self._environ = environ
        if version not in ("1.0", "1.1"):
            self._refuse(HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, _VERSION)
        elif method == "CONNECT":
            self._refuse(HTTPStatus.NOT_IMPLEMENTED, _METHOD)
        elif "," in environ.get("HTTP_HOST", "," if version == "1.1" else ""):
            self._refuse(HTTPStatus.BAD_REQUEST, _HOST)
        elif environ.get("HTTP_TRANSFER_ENCODING", "chunked").lower() != "chunked":
            self._refuse(HTTPStatus.NOT_IMPLEMENTED, _CODING)
        elif int(environ.get("CONTENT_LENGTH", 0)) > self._bounds.body:
            self._complete(is_last=True)
        else:
            self.awaited = version == "1.1" and environ.get("HTTP_EXPECT", "").lower() == "100-continue"

    def on_body(self, part: bytes) -> None:
        """Read a part of a body."""
        self.awaited = False
        self._unfinished = 0
        if not self._is_complete:
            self._body += part
            if len(self._body) > self._bounds.body:
                self._complete(is_last=True)

    def on_message_complete(self) -> None:
        """Read the end of a request."""
        self.amid = self.awaited = False
        if not self._is_complete:
            self._complete(is_last=not self._parser.should_keep_alive())

    def _parse(self, data: bytes) -> None:
        """Read `data`; a request to go on in another protocol is read again as if it were none.

        Else the parser would leave out its body: https://www.rfc-editor.org/rfc/rfc9110#section-7.8
        """
        while data:
            try:
                self._parser.feed_data(data)
                return
            except HttpParserUpgrade as upgrade:
                if self.over:
                    return
                headers, version = self._headers, self._parser.get_http_version().encode()
                first = b"%b %b HTTP/%b\r\n" % (self._parser.get_method(), self._target, version)
                lines = [b"%b: %b\r\n" % each for each in headers if each[0].lower() != b"upgrade"]
                self._parser = HttpRequestParser(self)
                self._parser.feed_data(b"".join([first, *lines]))
                self._headers, self._has_head = headers, True  # the application sees what was wished for
                data = b"\r\n" + data[upgrade.args[0] :]

    def _complete(self, *, is_last: bool) -> None:
        environ, self._is_complete, self.over = self._environ, True, is_last
        environ["wsgi.input"] = BytesIO(self._body)
        plain = environ["REQUEST_METHOD"] == "GET" and environ["SERVER_PROTOCOL"] == "HTTP/1.1"
        raw = self._raw if plain and not (self._body or is_last) else None
        self._found.append(Request(environ, raw, is_last))

    def _refuse(self, status: HTTPStatus, fault: Fault) -> None:
        if self.over:
            return
        self._is_complete = self.over = True
        unread = {"SERVER_PROTOCOL": "HTTP/1.1", "REQUEST_METHOD": "-", "PATH_INFO": "(unread)"}
        environ = self._origin | unread
        self._found.append(Request(environ, None, True, Refusal(status, fault)))

    def _measure(self, length: int) -> bool:
        """Refuse a head of `length` bytes if that is too many; tell whether it is."""
        if length <= _LONGEST_HEAD + self._bounds.target:
            return False
        if len(self._target) > self._bounds.target:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG, _LONG_TARGET)
        else:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, _LONG_HEAD)
        return True
