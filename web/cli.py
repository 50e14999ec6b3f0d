"""The command `utsaga`: its subcommands, and the modules that define them."""

from pathlib import Path
from typing import Final

import click

from graph.cli.group import Commands
from graph.cli.site_option import site_option

MODULES: Final = {
    "init": "graph.cli.init_command",
    "build": "graph.cli.release_commands",
    "serve": "web.runtime.command",
    "mcp": "web.runtime.mcp_command",
    "query": "graph.cli.query_commands",
    "queries": "graph.cli.query_commands",
    "show": "graph.cli.query_commands",
    "index": "graph.cli.index_command",
    "link": "graph.cli.link_command",
    "validate": "graph.cli.release_commands",
    "verify": "graph.cli.release_commands",
    "enrich": "graph.cli.enrich_command",
    "check-sources": "graph.cli.check_sources_command",
    "releases": "graph.cli.release_commands",
    "pull": "graph.cli.pull_command",
    "push": "graph.cli.push_command",
    "reports": "graph.cli.reports_command",
    "gen-config": "web.deployment.gen_config_command",
    "doctor": "web.doctor.doctor_command",
}


def _default_folder() -> Path:
    """Return the folder of releases where none is named."""
    from graph.core.data_folder import RELEASES, data_folder  # noqa: PLC0415 (an option names the site)

    return data_folder() / RELEASES


@click.group(cls=Commands, modules=MODULES, context_settings={"help_option_names": ["-h", "--help"]})
@site_option
@click.option(
    "--releases",
    "home",
    type=click.Path(file_okay=False, readable=False, path_type=Path),
    default=_default_folder,
    envvar="UTSAGA_RELEASES",
    show_default="with the site, in a checkout, or in the user's data folder",
    help="The folder of releases (or UTSAGA_RELEASES).",
)
@click.pass_context
def main(ctx: click.Context, home: Path) -> None:
    """Publish statements and their evidence as a knowledge graph: build a site, serve it, query it."""
    from graph.release.releases import Releases  # noqa: PLC0415 (reads the site, which an option names)

    ctx.obj = Releases(home)
