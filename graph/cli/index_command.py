"""The command that makes the index of a SPARQL endpoint."""

from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from graph.backends.endpoint_index import build_index
from graph.cli.group import err, out
from graph.core.settings import Settings


@click.command()
@click.option("--endpoint", required=True, metavar="URL", help="The SPARQL endpoint to read.")
@click.option(
    "--out",
    "home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("index"),
    show_default=True,
    metavar="DIR",
    help="The directory to make the index in.",
)
def index(endpoint: str, home: Path) -> None:
    """Make the text index and the tables of what an endpoint holds, for `utsaga serve --endpoint --index`."""
    columns = TextColumn("triples read"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("read", total=None)
        made = build_index(
            endpoint,
            home,
            Settings.from_environment(),
            lambda read, total: bar.update(task, completed=read, total=total),
        )
    out.print(f"The index of {made.triples:,} triples is in {home}.", highlight=False)
