"""The HTTP server: granian, in this process and on one event loop, until SIGTERM or SIGINT.

Its embedded server is the one that runs in one process: https://github.com/emmett-framework/granian. It has
no option for a socket that is open already (https://github.com/emmett-framework/granian/issues/786), but what
holds its sockets takes the descriptor of one.
"""

import asyncio
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Final

import uvloop
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.net import SocketHolder  # type: ignore[attr-defined]
from granian.server.embed import Server

from graph.core.errors import Unavailable
from graph.core.settings import Settings
from web.runtime.service_manager import notify_ready

Asgi = Callable[..., Awaitable[None]]
_BACKLOG: Final = 1024  # connections that wait to be accepted
_HEADERS: Final = 1 << 15  # bytes of a head beside the longest URL


class _SocketServer(Server):
    """A server that listens on a socket which is open already, or else on its address."""

    listening: socket.socket | None = None

    def _init_shared_socket(self) -> None:
        if self.listening is None:
            super()._init_shared_socket()  # type: ignore[no-untyped-call]
            return
        is_unix = self.listening.family == socket.AF_UNIX
        holder: Any = SocketHolder
        self._shd = holder(self.listening.fileno(), is_unix, _BACKLOG)


def check_address(host: str, port: int) -> None:
    """Raise Unavailable if `host` and `port` cannot be listened on."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        other = port % 65535 + 1
        raise Unavailable(
            f"{host}:{port} cannot be listened on: {error.strerror}",
            where="--port",
            rule="a free address",
            remedy=f"choose another: --port {other}, or PORT={other} for make; or end the server that has it",
        ) from error


def run(
    make: Callable[[asyncio.AbstractEventLoop], Asgi],
    host: str,
    port: int,
    settings: Settings,
    listening: socket.socket | None = None,
) -> None:
    """Serve the application that `make` makes, until SIGTERM or SIGINT; then answer what has been received.

    It is served at `host` and `port`, or on the socket `listening` if there is one. `make` runs on another
    thread than the event loop that it is given. Raise what it and the server raise.
    """
    uvloop.run(_run(make, host, port, settings, listening))


async def _run(
    make: Callable[[asyncio.AbstractEventLoop], Asgi],
    host: str,
    port: int,
    settings: Settings,
    listening: socket.socket | None,
) -> None:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    server = _server(await asyncio.to_thread(make, loop), host, port, settings)
    server.listening = listening
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, ended.set)
    serving = asyncio.create_task(server.serve())
    loop.call_soon(notify_ready)
    await asyncio.wait({serving, asyncio.create_task(ended.wait())}, return_when=asyncio.FIRST_COMPLETED)
    server.stop()
    with suppress(TimeoutError):
        await asyncio.wait_for(serving, settings.seconds + settings.queue_seconds)


def _server(application: Asgi, host: str, port: int, settings: Settings) -> Any:
    return _SocketServer(
        application,
        address=host,
        port=port,
        interface=Interfaces.ASGINL,  # without lifespan events, of which the application needs none
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
        backlog=_BACKLOG,
        backpressure=settings.connections,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(settings.head_seconds * 1000),
            max_buffer_size=settings.query_bytes + _HEADERS,
        ),
    )
