"""The command that fetches a release from another server: `utsaga pull`, and `utsaga releases pull`."""

import click
from rich import filesize

from graph.cli.group import err, out
from graph.cli.options import print_wait
from graph.cli.progress_display import ProgressDisplay
from graph.curation.retry import RetryPolicy
from graph.release.releases import Releases
from graph.replication.pull import Pulled
from graph.replication.pull import pull as fetch
from graph.replication.release_server import ReleaseServer


@click.command()
@click.argument("url")
@click.option("--release", "name", default="", metavar="ID", help="Another release than the live one.")
@click.option("--no-activate", is_flag=True, help="Do not make it the live release here.")
@click.option(
    "--keep", type=click.IntRange(1), metavar="N", help="Then delete all but the newest N releases."
)
@click.pass_obj
def pull(releases: Releases, url: str, name: str, no_activate: bool, keep: int | None) -> None:
    """Fetch the live release of the server at URL, only the files that changed, and make it live here.

    An interrupted pull is completed by the next. To follow another server, run this from a timer.
    """
    server = ReleaseServer(url, RetryPolicy(interval=0.0, report=print_wait))
    with ProgressDisplay(err, "files") as display:
        pulled = fetch(releases, server, name, display, activate=not no_activate)
    out.print(_summary(pulled, is_live=not no_activate), highlight=False, soft_wrap=True)
    if keep is not None:
        gone = releases.prune(keep)
        out.print(f"{len(gone)} releases deleted, {len(releases.all())} kept.")


def _summary(pulled: Pulled, *, is_live: bool) -> str:
    name = pulled.release.manifest.id
    state = f"{name} is live." if is_live else f"{name} is here."
    if pulled.was_here:
        return f"{state} It was here already."
    (fetched, size), (kept, kept_size) = pulled.fetched, pulled.kept
    return (
        f"{state} {fetched} files fetched ({filesize.decimal(size)}), "
        f"{kept} were here already ({filesize.decimal(kept_size)})."
    )
