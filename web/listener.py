"""Listens on an address and serves whoever connects, until it is told to end."""

import asyncio
import resource
import signal
import socket
from contextlib import suppress
from functools import partial
from typing import Final

import uvloop

from graph.core.errors import Unavailable
from web.connection import Connection
from web.crowd import Crowd
from web.front import Front

_BACKLOG: Final = 1024  # connections that wait to be taken up
_SPARE: Final = 256  # open files that are no connections


def bind(host: str, port: int) -> socket.socket:
    """Return a socket of this address, on which nobody can connect yet; raise Unavailable if it is taken."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        bound = socket.socket(family, kind, protocol)
        try:
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
        except OSError:
            bound.close()
            raise
    except OSError as error:
        raise Unavailable(
            f"{host}:{port} cannot be listened on: {error.strerror}",
            where="--port",
            rule="a free address",
            remedy="choose another with --port, or end the server that has it",
        ) from error
    return bound


def listen(bound: socket.socket, front: Front, grace: float) -> None:
    """Serve on a bound socket until this process is told to end, by SIGTERM or SIGINT.

    Then take up nothing more, and give those that are waiting their answers within `grace` seconds.
    """
    uvloop.run(_listen(bound, front, grace))


async def _listen(bound: socket.socket, front: Front, grace: float) -> None:
    loop = asyncio.get_running_loop()
    crowd, told = Crowd(_room()), asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, told.set)
    server = await loop.create_server(partial(Connection, front, crowd), sock=bound, backlog=_BACKLOG)
    watching = asyncio.create_task(crowd.watch())
    await told.wait()
    server.close()
    await crowd.disperse(grace)
    watching.cancel()


def _room() -> int:
    """Return how many connections there may be: as many as the system lets this process have files open."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    return max(soft - _SPARE, _SPARE)
