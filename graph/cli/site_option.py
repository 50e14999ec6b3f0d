"""The option `--site` of all commands, which has to be known before a module reads the site."""

import os
import sys
from pathlib import Path

import click

from graph.core.errors import BadInput

_VARIABLE = "UTSAGA_SITE"


def _choose(ctx: click.Context, parameter: click.Parameter, folder: Path | None) -> None:
    """Make `folder` the site of this process and of those that it starts."""
    if folder is None:
        return
    loaded = sys.modules.get("graph.core.site")
    if loaded and loaded.SITE.folder.resolve() != folder.resolve():
        raise BadInput(
            "This process has read another site",
            where="--site",
            rule="one site in a process",
            remedy="start another process",
        )
    os.environ[_VARIABLE] = str(folder.resolve())


site_option = click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    is_eager=True,
    expose_value=False,
    callback=_choose,
    help="The folder of a site (or UTSAGA_SITE); by default the one that is installed.",
)
