"""The command line as a whole: which commands there are, and where each is defined."""

from pathlib import Path
from typing import Final

import click

from graph.commands import Commands
from graph.release import Releases

MODULES: Final = {
    "build": "graph.cli",
    "serve": "web.serve",
    "query": "graph.console",
    "queries": "graph.console",
    "show": "graph.console",
    "link": "graph.linking",
    "validate": "graph.cli",
    "verify": "graph.cli",
    "enrich": "graph.enrich",
    "releases": "graph.cli",
}


@click.group(cls=Commands, modules=MODULES, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--releases",
    "home",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("releases"),
    envvar="UTSAGA_RELEASES",
    show_default=True,
    help="The folder of releases (or UTSAGA_RELEASES).",
)
@click.pass_context
def main(ctx: click.Context, home: Path) -> None:
    """What Sweden's public sector says and decides about cloud software, as an open knowledge graph."""
    ctx.obj = Releases(home)
