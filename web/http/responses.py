"""A response of a WSGI application, before it is sent: https://peps.python.org/pep-3333/."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Final
from wsgiref.types import WSGIApplication, WSGIEnvironment

from werkzeug.wsgi import ClosingIterator

PIECE: Final = 1 << 16  # bytes that are sent at a time
Headers = list[tuple[str, str]]


@dataclass
class Response:
    """A status, headers, and a body that is read once and then closed."""

    status: int
    headers: Headers
    body: Iterable[bytes] = ()
    on_close: Callable[[], None] | None = None
    sent: int = 0  # bytes of the body that have been sent

    @classmethod
    def of(cls, app: WSGIApplication, environ: WSGIEnvironment) -> "Response":
        """Return what `app`, which calls start_response before it returns, as Flask does, responds."""
        started: list[tuple[str, Headers]] = []

        def start(status: str, headers: Headers, _error: object = None, /) -> Callable[[bytes], object]:
            started.append((status, headers))
            return _write

        body = app(environ, start)
        status, headers = started[-1]
        return cls(int(status[:3]), headers, body)

    @property
    def length(self) -> int | None:
        """How many bytes the body has, or None if that is not known."""
        if isinstance(self.body, (list, tuple)):
            return sum(map(len, self.body))
        declared = header(self.headers, "content-length")
        return int(declared) if declared.isascii() and declared.isdecimal() else None

    def begin(self) -> None:
        """Make the first piece of a body that is made while it is sent; raise what that raises.

        An error can be reported until then. Later, the response can only be cut off.
        """
        if isinstance(self.body, (list, tuple)):
            return
        parts, close = iter(self.body), getattr(self.body, "close", None)
        try:
            first = next_piece(parts)
        except BaseException:
            self.close()
            raise
        self.body = ClosingIterator(chain((first,), parts), close)

    def read(self) -> bytes:
        """Return the whole body, and close it."""
        try:
            return b"".join(self.body)
        finally:
            self.close()

    def close(self) -> None:
        """Close the body, as the end of every response does, sent or not."""
        for close in (getattr(self.body, "close", None), self.on_close):
            if close is not None:
                close()


def next_piece(parts: Iterator[bytes]) -> bytes:
    """Return the next bytes of a body that is made while it is sent, `PIECE` or more; none at its end."""
    piece = bytearray()
    for part in parts:
        piece += part
        if len(piece) >= PIECE:
            break
    return bytes(piece)


def header(headers: Headers, name: str) -> str:
    """Return the value of the header `name`, in lower case; several lines are joined by commas."""
    return ", ".join(value for key, value in headers if key.lower() == name)


def _write(_body: bytes) -> object:
    raise NotImplementedError("the application returns its body")
