"""The command that serves a release, RDF files or another endpoint over HTTP."""

import asyncio
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import click

from graph.cli.group import err, out
from graph.cli.progress_display import ProgressDisplay
from graph.core.errors import BadInput
from graph.core.settings import Settings
from graph.loading.data_loader import LoadedData, load_files
from graph.loading.data_store import DataStore
from graph.release.releases import Releases
from web.http.access_log import open_log
from web.http.metrics import Metrics
from web.http.rate_limit import Throttle
from web.http.request_log import RequestLog
from web.runtime import releases as serving
from web.runtime.asgi import Application
from web.runtime.endpoint import endpoint as serve_endpoint
from web.runtime.first_release import ensure_release
from web.runtime.open_files import require_open_files
from web.runtime.pinned_releases import PinnedReleases
from web.runtime.process_end import end_process
from web.runtime.release_watch import require_whole_at_start
from web.runtime.releases import ApplicationFactory, Source
from web.runtime.server import check_address, run
from web.runtime.service_manager import passed_socket


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
@click.option(
    "--store",
    "kept_in",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Keep what is loaded from DATA in this directory, and open it at once the next time.",
)
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
    kept_in: Path | None,
    union: bool,
) -> None:
    """Serve the live release, the RDF files given as DATA, or another endpoint, over HTTP.

    Where there is no release yet, one is built of the site's facts first. Limits are settings, in the
    environment or in utsaga.toml of the site: see docs/settings.md.
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
    if endpoint and (data or kept_in):
        raise BadInput(
            "an endpoint and data are served each alone",
            where="--endpoint",
            rule="one source",
            remedy="leave out --endpoint, or DATA and --store",
        )
    require_open_files(settings)
    listening = passed_socket()
    if listening is None:
        check_address(host, port)
    with _loaded(data, kept_in, union) as loaded:
        kept = None
        if endpoint:
            source: Source = partial(serve_endpoint, endpoint, union, index, releases)
            kept = releases
        elif loaded:
            source = partial(serving.store, loaded)
        else:
            with ProgressDisplay(err) as display:
                ensure_release(releases, partial(err.print, markup=False, soft_wrap=True), display)
            require_whole_at_start(releases)
            source, kept = partial(serving.releases, releases), releases
        place = (
            f"http://{host}:{port}/ — stop with Ctrl-C" if listening is None else "the socket that was passed"
        )
        out.print(f"Serving on {place}", highlight=False)
        run(partial(_application, source, kept, settings), host, port, settings, listening)
    end_process()


def _application(
    source: Source, kept: Releases | None, settings: Settings, loop: asyncio.AbstractEventLoop
) -> Application:
    """Return what answers requests with what `source` serves, or a release of `kept`, queries on `loop`."""
    metrics, throttle = Metrics(), Throttle.of(settings)
    log = RequestLog(metrics, open_log(), log_queries=settings.log_queries)
    factory = ApplicationFactory(settings, metrics, throttle, loop)
    pinned = PinnedReleases(kept, factory.pinned, settings) if kept else None
    return Application(source(factory), log, throttle, settings, pinned)


@contextmanager
def _loaded(data: tuple[Path, ...], kept_in: Path | None, union: bool) -> Iterator[LoadedData | None]:
    """Give what the RDF files hold while they are served, or None if there are none."""
    with ExitStack() as stack:
        if not data and kept_in is None:
            yield None
            return
        with ProgressDisplay(err) as display:
            if kept_in is None:
                place = stack.enter_context(tempfile.TemporaryDirectory(prefix="utsaga-"))
                loaded = load_files(data, Path(place), display, union=union)
            else:
                notice = partial(err.print, markup=False, soft_wrap=True)
                loaded = stack.enter_context(DataStore(kept_in).opened(data, display, notice, union=union))
        yield loaded
