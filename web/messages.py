"""What HTTP/1.1 has on the wire: heads of answers written, and targets of requests read.

https://www.rfc-editor.org/rfc/rfc9112
"""

import time
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Final
from urllib.parse import quote_from_bytes

Headers = list[tuple[str, str]]

_PRINTABLE: Final = bytes(range(0x21, 0x7F))

CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


def opening(status: int, headers: Headers) -> bytes:
    """Return the status line and the lines of `headers`; raise ValueError for one that would be several."""
    return b"".join([_status_line(status), *[_known_line(name, value) for name, value in headers]])


def lines(headers: Headers) -> bytes:
    """Return the lines of `headers`, which are others each time; raise ValueError as `opening` does."""
    return b"".join([_line(name, value) for name, value in headers])


def ending(headers: Headers) -> bytes:
    """Return the end of a head: what is different each time, and the date of today."""
    return lines(headers) + _date_line(int(time.time()))


def quoted(data: bytes) -> bytes:
    """Return the beginning of a request with what its first line may not hold as it is written in URLs.

    Some programs send the addresses that people type as they are: https://url.spec.whatwg.org/#url-parsing
    """
    line, end, rest = data.partition(b"\r\n")
    return quote_from_bytes(line, safe=b" " + _PRINTABLE).encode() + end + rest


@lru_cache(64)
def _status_line(status: int) -> bytes:
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()


def _line(name: str, value: str) -> bytes:
    line = f"{name}: {value}"
    if not line.isprintable() and any(character in line for character in "\r\n\0"):
        raise ValueError(f"the header {name!r} has more than one line")
    return line.encode("latin-1") + b"\r\n"


_known_line = lru_cache(1024)(_line)


@lru_cache(1)
def _date_line(second: int) -> bytes:
    return f"Date: {formatdate(second, usegmt=True)}\r\n\r\n".encode()
