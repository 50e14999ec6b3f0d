"""The command that loads a release into another engine."""

from dataclasses import replace
from pathlib import Path
from typing import Final

import click

from graph.backends.engine_probe import recognise_engine
from graph.backends.remote import RemoteEndpoint
from graph.cli.group import err, out
from graph.cli.options import print_wait
from graph.cli.progress_display import ProgressDisplay
from graph.core.settings import Settings
from graph.curation.retry import RetryPolicy
from graph.release.releases import Releases
from graph.replication.credentials import USER, find_user
from graph.replication.graph_store import GraphStore
from graph.replication.graph_store_url import graph_store_url
from graph.replication.push import Push, Pushed, PushOptions
from graph.replication.store_probe import AUTO, DEFAULT, NONE

_SECONDS: Final = 900.0  # that a count may take


@click.command()
@click.option("--endpoint", required=True, metavar="URL", help="The SPARQL endpoint of the engine.")
@click.option("--graph-store", metavar="URL", help="Its graph store, where that is not known by the engine.")
@click.option("--release", "name", default="", metavar="ID", help="Another release than the live one.")
@click.option(
    "--user", metavar="NAME", envvar=USER, help="Who may write; the password is in UTSAGA_PUSH_PASSWORD."
)
@click.option(
    "--password-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file with the password, in place of the variable. Without --user, netrc is asked.",
)
@click.option(
    "--union-graph",
    "union",
    default=AUTO,
    show_default=True,
    metavar="GRAPH",
    help=f"Where the union of all graphs goes: {DEFAULT}, {NONE}, or the IRI of a graph.",
)
@click.option(
    "--piece-bytes",
    default=PushOptions.piece_bytes,
    show_default=True,
    type=click.IntRange(1000),
    help="How many bytes a piece has.",
)
@click.option(
    "--connections",
    default=PushOptions.connections,
    show_default=True,
    type=click.IntRange(1, 32),
    help="How many pieces are sent at a time.",
)
@click.option("--skolemise", is_flag=True, help="Send IRIs in place of blank nodes.")
@click.option("--overwrite", is_flag=True, help="Replace triples of others in the default graph.")
@click.option("--restart", is_flag=True, help="Send all again, also what has been sent and verified.")
@click.pass_obj
def push(
    releases: Releases,
    endpoint: str,
    graph_store: str | None,
    name: str,
    user: str | None,
    password_file: Path | None,
    union: str,
    piece_bytes: int,
    connections: int,
    skolemise: bool,
    overwrite: bool,
    restart: bool,
) -> None:
    """Load the live release into another engine, by the SPARQL 1.1 Graph Store HTTP Protocol.

    What is there is counted at the end. An interrupted push goes on where it stopped; one that is complete is
    verified again.
    """
    release = releases.get(name) if name else releases.live()
    settings = Settings.from_environment()
    settings = replace(settings, seconds=max(settings.seconds, _SECONDS))
    found = find_user(graph_store or endpoint, user, password_file)
    remote = RemoteEndpoint(endpoint, settings, user=found)
    dialect = recognise_engine(remote)
    url = graph_store or graph_store_url(endpoint, dialect, authorised=found is not None)
    policy = RetryPolicy(interval=0.0, report=print_wait)
    store = GraphStore(url, policy, found)
    options = PushOptions(union, piece_bytes, connections, skolemise, overwrite, restart)
    try:
        with ProgressDisplay(err) as display:
            pushed = Push(release, remote, store, policy, display).run(options)
    finally:
        store.close()
        remote.close()
    out.print(_summary(pushed, endpoint), highlight=False, soft_wrap=True)


def _summary(pushed: Pushed, endpoint: str) -> str:
    name = pushed.release.manifest.id
    counts = f"{pushed.graphs:,} graphs, {pushed.quads:,} triples with the union"
    lines = [f"{endpoint} holds {name}, as counted there: {counts}."]
    if pushed.sent:
        lines.append(f"{pushed.sent:,} triples were sent.")
    if pushed.repaired:
        lines.append(f"{pushed.repaired:,} graphs had other counts and were sent again.")
    if pushed.deleted:
        lines.append(f"{pushed.deleted:,} graphs of earlier releases were deleted.")
    lines.append(f"The union of all graphs: {_place(pushed.union)}.")
    return "\n".join(lines)


def _place(union: str) -> str:
    if union == DEFAULT:
        return "the default graph"
    return "as the engine shows it" if union == NONE else union
