"""The command that says what is wrong with an installation, and what to do."""

import json
import sys
from collections.abc import Iterable
from itertools import chain
from typing import Final

import click
from rich.markup import escape
from rich.table import Table

from graph.cli.group import out
from graph.core.errors import BadInput
from graph.core.settings import Settings
from graph.release.releases import Releases
from web.doctor.checks import CHECKS, RUNNING, run
from web.doctor.finding import Finding, Installation, Level, fail

_MARKS: Final = {
    Level.OK: "[green]✓ ok[/]",
    Level.WARN: "[yellow]! warn[/]",
    Level.FAIL: "[bold red]✗ fail[/]",
}
Named = tuple[str, Finding]


@click.command()
@click.option(
    "--deep",
    is_flag=True,
    help="Compare every file of the live release with its digest, and facts with rules.",
)
@click.option("--endpoint", default="", metavar="URL", help="The endpoint that is served: ask it a query.")
@click.option("--running", is_flag=True, help="Check only that a server answers and is ready.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to serve at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.pass_obj
def doctor(
    releases: Releases, deep: bool, endpoint: str, running: bool, as_json: bool, host: str, port: int
) -> None:
    """Say what is wrong with this installation and what to do; end with status 1 after a failure."""
    settings, refused = _settings()
    installation = Installation(releases, settings, host=host, port=port, endpoint=endpoint, is_deep=deep)
    found = list(chain(refused, run(RUNNING if running else CHECKS, installation)))
    if as_json:
        click.echo(json.dumps([_member(name, each) for name, each in found], indent=2, ensure_ascii=False))
    else:
        out.print(_table(found))
    sys.exit(any(each.level is Level.FAIL for _, each in found))


def _settings() -> tuple[Settings, list[Named]]:
    """Return the settings in force; if they cannot be read, the defaults and what is wrong."""
    try:
        return Settings.from_environment(), []
    except BadInput as error:
        faults = [("settings", fail(f"{each.where}: {each.message}", each.remedy)) for each in error.faults]
        return Settings(), faults


def _member(name: str, finding: Finding) -> dict[str, str]:
    return {
        "check": name,
        "level": finding.level.value,
        "message": finding.message,
        "remedy": finding.remedy,
    }


def _table(found: Iterable[Named]) -> Table:
    table = Table("", "check", "found", "remedy", box=None)
    for name, each in found:
        table.add_row(_MARKS[each.level], name, escape(each.message), escape(each.remedy))
    return table
