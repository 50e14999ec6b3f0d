"""The command that makes a small site, which works as it stands and is meant to be changed."""

import shlex
from pathlib import Path
from string import Template
from typing import Final

import click

from graph.core.errors import BadInput

_TEMPLATE: Final = Path(__file__).with_name("site_template")
_SUBSTITUTED: Final = ("utsaga.toml", "README.md")


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--name", default="", help="The name of the site; by default that of the folder.")
def init(folder: Path, name: str) -> None:
    """Make a small site in FOLDER, which must be empty or not exist yet."""
    make_site(folder, name.strip() or folder.resolve().name)
    click.echo(f"{folder} is a site. Build and serve it:")
    named = shlex.quote(str(folder))
    click.echo(f"  utsaga --site {named} build\n  utsaga --site {named} serve")


def make_site(folder: Path, name: str) -> None:
    """Write the files of a site called `name`; raise BadInput if there is something in `folder`."""
    if not (name.isprintable() and {*name}.isdisjoint('"\\{}')):
        raise BadInput(
            "The name has a quotation mark, a backslash, a brace or a control character",
            where="--name",
            rule="name",
            remedy="choose another",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise BadInput(
                "The folder is not empty",
                where=str(folder),
                rule="empty folder",
                remedy="name another folder",
            )
        for file in sorted(_TEMPLATE.rglob("*")):
            if file.is_file():
                _write(file, folder / file.relative_to(_TEMPLATE), name)
    except OSError as error:
        raise BadInput(
            f"The site cannot be written: {error.strerror}",
            where=str(folder),
            rule="folder",
            remedy="name another folder",
        ) from error


def _write(file: Path, target: Path, name: str) -> None:
    text = file.read_text(encoding="utf-8")
    target.parent.mkdir(parents=True, exist_ok=True)
    if file.name in _SUBSTITUTED:
        text = Template(text).substitute(name=name)
    target.write_text(text, encoding="utf-8")
