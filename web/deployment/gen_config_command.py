"""The command that writes the configuration of a server, a container or a proxy."""

from pathlib import Path
from typing import Any

import click

from graph.core.errors import BadInput
from graph.core.files import replace_text
from graph.core.settings import Settings
from web.deployment.deployment import Deployment
from web.deployment.kinds import KINDS
from web.deployment.rendering import render


def _list(ctx: click.Context, parameter: click.Parameter, is_asked: bool) -> None:
    if is_asked:
        for name, kind in KINDS.items():
            click.echo(f"{name}: {kind.means} ({', '.join(kind.files)})")
        ctx.exit()


@click.command("gen-config")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.option(
    "--list", is_flag=True, is_eager=True, expose_value=False, callback=_list, help="List the kinds."
)
@click.option(
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the files into this directory; without it they are printed.",
)
@click.option("--force", is_flag=True, help="Replace files that are there already.")
@click.option("--name", help="The host name of the site; by default that in UTSAGA_PUBLIC_BASE.")
@click.option("--host", help="The address that the server listens on; 127.0.0.1 by default.")
@click.option("--port", type=click.IntRange(1, 65534), help="Its port; 8000 by default.")
@click.option("--tls/--no-tls", default=True, help="Whether the proxy speaks TLS.")
@click.option("--certificate", metavar="FILE", help="The certificates of TLS; those of certbot by default.")
@click.option("--key", metavar="FILE", help="The key of the certificate.")
@click.option(
    "--behind",
    multiple=True,
    metavar="NETWORK",
    help="The network of a proxy in front of this one; repeatable.",
)
@click.option(
    "--proxy-protocol", is_flag=True, help="That proxy sends the client's address by PROXY protocol."
)
@click.option(
    "--pull", metavar="URL", help="The Utsaga that releases are fetched from, for the timer of systemd."
)
def gen_config(kind: str, output: Path | None, force: bool, **chosen: Any) -> None:
    """Write the configuration KIND, made of the settings in force and of this installation.

    docs/operating.md says how to use each kind.
    """
    deployment = Deployment.of(Settings.from_environment(), **chosen)
    files = render(KINDS[kind], deployment)
    if output is None:
        for name, text in files.items():
            click.echo(f"# ==> {name} <==\n{text}" if len(files) > 1 else text, nl=False)
        return
    output.mkdir(parents=True, exist_ok=True)
    if not force:
        _check_absent([output / name for name in files])
    for name, text in files.items():
        replace_text(output / name, text)
        click.echo(output / name)


def _check_absent(paths: list[Path]) -> None:
    """Raise BadInput if one of the files is there."""
    for path in paths:
        if path.exists():
            raise BadInput(
                "the file is there already",
                where=str(path),
                rule="--force",
                remedy="name another directory, or replace it with --force",
            )
