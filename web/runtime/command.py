"""The command that serves a release, RDF files or another endpoint over HTTP."""

import os
from functools import partial
from pathlib import Path

import click

from graph.backends.worker_start import start_fork_server
from graph.cli.group import out
from graph.core.errors import BadInput
from graph.core.settings import Settings
from graph.release.releases import Releases
from web.runtime.open_files import require_open_files
from web.runtime.process_end import end_process
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
    if not endpoint:  # which answers queries itself
        start_fork_server()
    # What serves is imported while the fork server imports what workers need, on another core.
    from web.runtime.server import check_address, run  # noqa: PLC0415
    from web.runtime.start import ServeOptions, application  # noqa: PLC0415

    if listening is None:
        check_address(host, port)
    options = ServeOptions(releases, data, kept_in, endpoint, index, union)
    with options.opened() as (source, kept):
        place = (
            f"http://{host}:{port}/ — stop with Ctrl-C" if listening is None else "the socket that was passed"
        )
        out.print(f"Serving on {place}", highlight=False)
        run(partial(application, source, kept, settings), host, port, settings, listening)
    end_process()
