"""Gives requests to WSGI applications: https://peps.python.org/pep-3333/."""

import sys
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes
from wsgiref.types import WSGIApplication, WSGIEnvironment

from httptools import HttpParserError, parse_url

from web.messages import Headers

_WHOLE: Final = 1 << 20  # bytes of an answer that is sent in one piece
_PIECE: Final = 1 << 18  # bytes that are made at a time of one that is not
_ALWAYS: Final[WSGIEnvironment] = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.errors": sys.stderr,
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
}

Address = tuple[str, int]


class Reply(NamedTuple):
    """What an application answers: all of it, or its beginning and how to go on."""

    status: int
    headers: Headers
    body: bytes
    rest: Iterator[bytes] | None = None
    close: Callable[[], None] | None = None


def origin_of(client: Address, server: Address) -> WSGIEnvironment:
    """Return what all requests from one address to another have in common."""
    name, port = server[:2]
    return _ALWAYS | {"REMOTE_ADDR": client[0], "SERVER_NAME": name, "SERVER_PORT": str(port)}


def environ_of(
    origin: WSGIEnvironment, version: str, method: str, target: bytes, headers: Iterable[tuple[bytes, bytes]]
) -> WSGIEnvironment:
    """Return a request as WSGI has it, but for its body; raise ValueError for a target that cannot be read.

    Names of headers with an underscore would be taken for others, and are left out.
    """
    environ = origin.copy()
    environ["SERVER_PROTOCOL"] = f"HTTP/{version}"
    environ["REQUEST_METHOD"] = method
    for name, value in headers:
        key = _key(name)
        text = value.decode("latin-1")
        if key in environ:
            environ[key] += (";" if key == "HTTP_COOKIE" else ",") + text
        elif key:
            environ[key] = text
    return aimed(environ, target if target.startswith(b"/") else _local(target, environ))


def aimed(environ: WSGIEnvironment, target: bytes) -> WSGIEnvironment:
    """Have a request ask for the path and query that are its `target`, and return it."""
    path, _, query = target.partition(b"?")
    environ["PATH_INFO"] = (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1")
    environ["QUERY_STRING"] = query.decode("latin-1")
    return environ


@lru_cache(512)
def _key(header: bytes) -> str:
    if b"_" in header:
        return ""
    name = header.decode("latin-1").upper().replace("-", "_")
    return name if name in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{name}"


def _local(target: bytes, environ: WSGIEnvironment) -> bytes:
    """Return the path and query of a target that does not begin with a path.

    That of a whole URL comes with its host (https://www.rfc-editor.org/rfc/rfc9112#name-absolute-form); `*`
    means the server and no resource of it, of which its home page will speak.
    """
    if target == b"*":
        return b"/"
    try:
        url = parse_url(target)
    except HttpParserError as error:
        raise ValueError(target) from error
    if url.host is None:
        raise ValueError(target)
    host = f"[{url.host.decode()}]" if b":" in url.host else url.host.decode()
    environ["HTTP_HOST"] = f"{host}:{url.port}" if url.port else host
    return (url.path or b"/") + (b"?" + url.query if url.query is not None else b"")


def ask(app: WSGIApplication, environ: WSGIEnvironment) -> Reply:
    """Return what `app` answers, read as far as it is sent in one piece."""
    started: list[tuple[str, Headers]] = []

    def start(status: str, headers: Headers, _error: object = None, /) -> Callable[[bytes], object]:
        started.append((status, headers))
        return _write

    body = app(environ, start)
    if isinstance(body, list):
        return _reply(started, b"".join(body))
    close = getattr(body, "close", _nothing)
    parts = iter(body)
    try:
        begun = _some(parts, _WHOLE)
    except BaseException:
        close()
        raise
    if len(begun) > _WHOLE:
        return _reply(started, begun, parts, close)
    close()
    return _reply(started, begun)


def more(parts: Iterator[bytes]) -> bytes:
    """Return the next bytes of an answer that is not sent in one piece; none at its end."""
    return _some(parts, _PIECE)


def _some(parts: Iterator[bytes], enough: int) -> bytes:
    made = bytearray()
    for part in parts:
        made += part
        if len(made) > enough:
            break
    return bytes(made)


def _reply(
    started: list[tuple[str, Headers]],
    body: bytes,
    rest: Iterator[bytes] | None = None,
    close: Callable[[], None] | None = None,
) -> Reply:
    status, headers = started[-1]
    return Reply(int(status[:3]), headers, body, rest, close)


def _nothing() -> None:
    """Close what needs no closing."""


def _write(_body: bytes) -> object:
    raise NotImplementedError("an application that is served returns its body")
