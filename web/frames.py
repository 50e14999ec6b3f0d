"""How answers are framed: where each begins and ends on its connection.

https://www.rfc-editor.org/rfc/rfc9112#name-message-body-length
"""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from web.gateway import Reply
from web.messages import Headers, ending, opening
from web.reader import Request

_BODILESS: Final = {HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED}


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds the body of an answer, if it has one."""

    head: bytes
    has_body: bool
    length: int | None  # of its body in bytes, as the head tells
    is_chunked: bool
    is_last: bool  # whether the connection ends with it

    def part(self, body: bytes) -> bytes:
        """Return a part of the body as it is sent."""
        if not self.has_body:
            return b""
        return b"%x\r\n%b\r\n" % (len(body), body) if self.is_chunked and body else body

    def end(self, sent: int) -> bytes:
        """Return what follows a body of `sent` bytes; raise ValueError if that is not what the head tells."""
        if self.length not in (None, sent):
            raise ValueError(f"{sent} bytes instead of {self.length}")
        return b"0\r\n\r\n" if self.is_chunked else b""


def frame_of(reply: Reply, request: Request) -> Frame:
    """Return how `reply` is sent to `request`.

    Raise ValueError if it is not as long as it says, or has a header of several lines.
    """
    is_modern, is_last = request.environ["SERVER_PROTOCOL"] == "HTTP/1.1", request.is_last
    has_body = request.environ["REQUEST_METHOD"] != "HEAD" and reply.status not in _BODILESS
    length = _declared(reply.headers)
    more: Headers = []
    is_chunked = False
    if has_body and length is None:
        if reply.rest is None:
            length = len(reply.body)
            more.append(("Content-Length", str(length)))
        elif is_modern:
            is_chunked = True
            more.append(("Transfer-Encoding", "chunked"))
        else:
            is_last = True  # its end is the end of the connection
    elif has_body and reply.rest is None and length != len(reply.body):
        raise ValueError(f"{len(reply.body)} bytes instead of {length}")
    if is_last:
        more.append(("Connection", "close"))
    elif not is_modern:
        more.append(("Connection", "keep-alive"))
    return Frame(opening(reply.status, reply.headers) + ending(more), has_body, length, is_chunked, is_last)


def _declared(headers: Headers) -> int | None:
    for name, value in reversed(headers):  # most often it is among the last
        if name.lower() == "content-length":
            return int(value)
    return None
