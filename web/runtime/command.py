"""The command that serves a release, RDF files or another endpoint over HTTP."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import click

from graph.build.store_writer import load
from graph.build.store_writer import union as together
from graph.cli.group import out
from graph.core.errors import BadInput
from graph.core.settings import Settings
from graph.rdf import reader
from graph.release.releases import Releases
from graph.search import writer
from web.http.access_log import open_log
from web.http.metrics import Metrics
from web.http.rate_limit import Throttle
from web.http.request_log import RequestLog
from web.runtime import releases as serving
from web.runtime.asgi import Application
from web.runtime.endpoint import endpoint as serve_endpoint
from web.runtime.releases import ApplicationFactory, Source
from web.runtime.server import check_address, run


@click.command()
@click.argument("data", nargs=-1, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--endpoint", metavar="URL", help="Serve this SPARQL endpoint instead of a release.")
@click.option(
    "--index",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="The index of the endpoint, made by utsaga index: for search, lists and facets.",
)
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", type=click.IntRange(1), help="How many queries run at once (or UTSAGA_WORKERS).")
@click.option("--union", is_flag=True, help="The default graph is, or is made, the union of all graphs.")
@click.pass_obj
def serve(
    releases: Releases,
    data: tuple[Path, ...],
    endpoint: str | None,
    index: Path | None,
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
    if index and not endpoint:
        raise BadInput(
            "an index made by utsaga index is for an endpoint",
            where="--index",
            rule="one source",
            remedy="add --endpoint, or leave out --index: a release and files have an index of their own",
        )
    check_address(host, port)
    with _store_of(data, union) as store:
        if endpoint:
            source: Source = partial(serve_endpoint, endpoint, union, index)
        elif store:
            source = partial(serving.store, store, union)
        else:
            releases.live()
            source = partial(serving.releases, releases)
        out.print(f"Serving on http://{host}:{port}/ — stop with Ctrl-C", highlight=False)
        run(partial(_application, source, settings), host, port, settings)


def _application(source: Source, settings: Settings, loop: asyncio.AbstractEventLoop) -> Application:
    """Return what answers requests with what `source` serves, queries on `loop`."""
    metrics, throttle = Metrics(), Throttle.of(settings)
    log = RequestLog(metrics, open_log(), log_queries=settings.log_queries)
    return Application(source(ApplicationFactory(settings, metrics, throttle, loop)), log, throttle, settings)


@contextmanager
def _store_of(data: tuple[Path, ...], union: bool) -> Iterator[Path | None]:
    """Give a store that holds the RDF files while they are served, or None if there are no files."""
    if not data:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="utsaga-") as place:
        quads = (quad for path in data for quad in reader.read_quads(path))
        load(Path(place) / "store", together(quads) if union else quads)
        writer.write_text_index(Path(place) / writer.INDEX_FOLDER, Path(place) / "store")
        yield Path(place) / "store"
