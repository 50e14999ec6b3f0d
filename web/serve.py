"""The command that serves a release, RDF files or another endpoint over HTTP."""

import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from granian import Granian
from granian.constants import HTTPModes, Interfaces, Loops
from granian.log import LogLevels

from graph import indexing, rdf
from graph.commands import out
from graph.errors import Unavailable
from graph.load import load
from graph.load import union as together
from graph.release import Releases
from graph.settings import Settings
from web import handover


@click.command()
@click.argument("data", nargs=-1, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--endpoint", metavar="URL", help="Serve this SPARQL endpoint instead of a release.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", type=click.IntRange(1), help="How many queries run at once (or UTSAGA_WORKERS).")
@click.option("--union", is_flag=True, help="The default graph is, or is made, the union of all graphs.")
@click.pass_obj
def serve(
    releases: Releases,
    data: tuple[Path, ...],
    endpoint: str | None,
    host: str,
    port: int,
    workers: int | None,
    union: bool,
) -> None:
    """Serve the live release, the RDF files given as DATA, or another endpoint, over HTTP.

    Limits are settings in the environment: see docs/settings.md.
    """
    if workers:
        os.environ["UTSAGA_WORKERS"] = str(workers)
    settings = Settings.from_environment()
    _require_free(host, port)
    with _store_of(data, union) as store:
        if union:
            os.environ[handover.UNION] = "1"
        if endpoint:
            os.environ[handover.ENDPOINT] = endpoint
        elif store:
            os.environ[handover.STORE] = str(store)
        else:
            os.environ[handover.RELEASES] = str(releases.live().path.parent)
        out.print(f"Serving on http://{host}:{port}/ — stop with Ctrl-C", highlight=False)
        Granian(
            "web.server:application",
            factory=True,
            interface=Interfaces.RSGI,
            loop=Loops.uvloop,
            address=host,
            port=port,
            backpressure=2 * settings.thread_count,
            log_level=LogLevels.error,
            log_access=False,
            websockets=False,
            http=HTTPModes.http1,  # nobody speaks HTTP/2 without TLS, and looking out for it takes time
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
        indexing.write(Path(place) / indexing.FOLDER, Path(place) / "store")
        yield Path(place) / "store"
