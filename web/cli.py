"""The whole command line: what graph.cli and graph.console have, and the server."""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from graph import console, rdf
from graph.build import load
from graph.build import union as together
from graph.cli import main, out
from graph.errors import Unavailable
from graph.release import Releases
from web import server

__all__ = ["console", "main"]

_THREADS = 4  # requests at work at once in a process
_BACKLOG = 256  # requests that wait for a thread in a process before further connections wait in the kernel


@main.command()
@click.argument("data", nargs=-1, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Server processes.")
@click.option("--union", is_flag=True, help="Let the default graph of DATA hold all its graphs.")
@click.option("--public-base", metavar="URL", help="The address that the world sees, if it is another.")
@click.pass_obj
def serve(
    releases: Releases,
    data: tuple[Path, ...],
    host: str,
    port: int,
    workers: int,
    union: bool,
    public_base: str | None,
) -> None:
    """Serve the live release, or the RDF files given as DATA, over HTTP."""
    _require_free(host, port)
    if public_base:
        os.environ[server.PUBLIC_BASE] = public_base
    with _store_of(data, union) as store:
        if store:
            os.environ[server.STORE] = str(store)
            if union:
                os.environ[server.UNION] = "1"
        else:
            os.environ[server.RELEASES] = str(releases.live().path.parent)
        out.print(f"Serving on http://{host}:{port}/ — stop with Ctrl-C", highlight=False)
        Granian(
            "web.server:application",
            factory=True,
            interface=Interfaces.WSGI,
            address=host,
            port=port,
            workers=workers,
            blocking_threads=_THREADS,
            backpressure=_BACKLOG,
            log_level=LogLevels.error,
        ).serve()


def _require_free(host: str, port: int) -> None:
    """Raise Unavailable if the address is taken: the server would share it with whoever has it."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Unavailable(
            f"{host}:{port} cannot be listened on: {error.strerror}",
            where="--port",
            rule="a free address",
            remedy="choose another with --port, or end the server that has it",
        ) from error


@contextmanager
def _store_of(data: tuple[Path, ...], union: bool) -> Iterator[Path | None]:
    """Give a store that holds the RDF files while they are served, or None if there are no files."""
    if not data:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="utsaga-") as place:
        quads = (quad for path in data for quad in rdf.read(path))
        load(Path(place) / "store", together(quads) if union else quads)
        yield Path(place) / "store"
