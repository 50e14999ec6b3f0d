"""Measures what a request costs by itself: ours beside the servers that could stand in its place.

python -m bench.servers --seconds 4

Each answers every request with the same two kilobytes, in one process, over 8 connections on the loopback
interface.
"""

import asyncio
import multiprocessing
import socket
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from typing import Any, Final, cast

import click
import granian
import uvicorn
import uvloop

from bench.client import Endpoint, fire, free_port
from web.connection import Connection
from web.crowd import Crowd
from web.frames import frame_of
from web.front import Front
from web.gateway import Reply
from web.reader import Bounds, Request

BODY: Final = b"x" * 1_000
HEADERS: Final = [("content-type", "application/sparql-results+json"), ("x-more", "y" * 1_000)]
_REQUEST: Final = Request({"SERVER_PROTOCOL": "HTTP/1.1", "REQUEST_METHOD": "GET"})
_QUERIES: Final = [f"SELECT ?o {{ <urn:{n}> ?p ?o }}" for n in range(8)]


class Constant:
    """What stands for the front: it answers at once, what `is_known` before it is read."""

    bounds = Bounds(100_000, 100_000)

    def __init__(self, *, is_known: bool) -> None:
        """Know every request, or none."""
        self._known = frame_of(Reply(200, HEADERS, BODY), _REQUEST).head + BODY if is_known else None

    def again(self, _: bytes) -> bytes | None:
        """Return the answer to a request that is known."""
        return self._known

    def at_once(self, _: Request) -> Reply:
        """Answer."""
        return Reply(200, HEADERS, BODY)


async def rsgi(_scope: Any, exchange: Any) -> None:
    """Answer as an application of granian's."""
    exchange.response_bytes(200, HEADERS, BODY)


def wsgi(_environ: Any, start_response: Any) -> list[bytes]:
    """Answer as a WSGI application."""
    start_response("200 OK", [*HEADERS, ("content-length", str(len(BODY)))])
    return [BODY]


async def asgi(_scope: Any, _receive: Any, send: Any) -> None:
    """Answer as an ASGI application."""
    headers = [(name.encode(), value.encode()) for name, value in HEADERS]
    headers.append((b"content-length", str(len(BODY)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})


def ours(is_known: bool, port: int) -> None:
    """Serve with our own connections."""

    async def serve() -> None:
        make = partial(Connection, cast(Front, Constant(is_known=is_known)), Crowd(1_000))
        server = await asyncio.get_running_loop().create_server(make, "127.0.0.1", port)
        await server.serve_forever()

    uvloop.run(serve())


def with_granian(interface: str, port: int) -> None:
    """Serve with granian, the application of that interface."""
    from granian.constants import HTTPModes, Interfaces, Loops  # noqa: PLC0415 (it starts processes)

    granian.Granian(
        f"bench.servers:{interface}",
        address="127.0.0.1",
        port=port,
        interface=Interfaces(interface),
        loop=Loops.uvloop,
        http=HTTPModes.http1,
        websockets=False,
        log_enabled=False,
    ).serve()


def with_uvicorn(port: int) -> None:
    """Serve with uvicorn on the same loop and parser as ours."""
    uvicorn.run(
        asgi,
        host="127.0.0.1",
        port=port,
        http="httptools",
        loop="uvloop",
        lifespan="off",
        log_level="critical",
    )


SERVERS: Final[dict[str, Callable[[int], None]]] = {
    "ours, each is read": partial(ours, False),
    "ours, each is known": partial(ours, True),
    f"granian {version('granian')}, RSGI": partial(with_granian, "rsgi"),
    f"granian {version('granian')}, WSGI": partial(with_granian, "wsgi"),
    f"uvicorn {version('uvicorn')}, ASGI": with_uvicorn,
}


@click.command()
@click.option("--seconds", default=4, show_default=True)
@click.option("--rounds", default=3, show_default=True)
def main(seconds: int, rounds: int) -> None:
    """Print the requests that each server answers in a second, by round, and the ratio to our first."""
    rates: dict[str, list[float]] = {name: [] for name in SERVERS}
    for _ in range(rounds):
        for name, serve in SERVERS.items():
            rates[name].append(_rate(serve, seconds))
    first = max(next(iter(rates.values())))
    for name, each in rates.items():
        listed = "  ".join(f"{rate:9,.0f}" for rate in each)
        click.echo(f"{name:24} {listed}   {max(each) / first:.2f}")


def _rate(serve: Callable[[int], None], seconds: int) -> float:
    port = free_port()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(port,))
    process.start()
    try:
        _wait_for(port)
        endpoint = Endpoint(port, "/sparql")
        fire(endpoint, _QUERIES, connections=8, seconds=1)
        return fire(endpoint, _QUERIES, connections=8, seconds=seconds).rate
    finally:
        process.terminate()
        process.join()


def _wait_for(port: int) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"nothing answers on {port}")


if __name__ == "__main__":
    main()
