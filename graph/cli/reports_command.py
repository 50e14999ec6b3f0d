"""The command that lists, shows, closes and deletes what readers have reported."""

import click
from rich.table import Table
from rich.text import Text

from graph.cli.group import out
from graph.core.errors import NotFound
from graph.core.files import one_line
from graph.core.settings import Settings
from graph.reports.report import Report
from graph.reports.report_store import ReportStore

_SHOWN: int = 60  # characters of a text in the list


@click.group(invoke_without_command=True)
@click.pass_context
def reports(ctx: click.Context) -> None:
    """List what readers have reported, read a report, close or delete it."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_reports)


@reports.command("list")
@click.option("--all", "closed", is_flag=True, help="The closed ones too.")
def list_reports(closed: bool) -> None:
    """List the open reports, oldest first."""
    found = _store().reports(closed=closed)
    if not found:
        out.print("There are no reports." if closed else "There are no open reports.")
        return
    table = Table("report", "received", "reason", "about", "text", box=None)
    for each in found:
        text = one_line(each.text)
        short = text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
        mark = " (closed)" if each.closed else ""
        cells = (each.id + mark, each.received[:10], each.reason, one_line(each.about), short)
        table.add_row(*map(Text, cells))
    out.print(table)


@reports.command()
@click.argument("name")
def show(name: str) -> None:
    """Show a whole report; the first characters of its id are enough."""
    _print(_store().get(name))


@reports.command()
@click.argument("name")
@click.option("--note", default="", help="What was done about it.")
def close(name: str, note: str) -> None:
    """Close a report: it is kept, without the address for a reply."""
    click.echo(f"{_store().close(name, one_line(note)).id} is closed.")


@reports.command()
@click.argument("name")
def delete(name: str) -> None:
    """Delete a report for good."""
    click.echo(f"{_store().delete(name).id} is deleted.")


def _store() -> ReportStore:
    store = ReportStore.of(Settings.from_environment())
    if store is None:
        raise NotFound(
            "no reports are received", where="UTSAGA_REPORTS", rule="UTSAGA_REPORTS", remedy="name a folder"
        )
    return store


def _print(report: Report) -> None:
    """Print a report, which anybody may have written, without what a terminal would obey."""
    lines = {
        "report": report.id,
        "received": report.received,
        "reason": report.reason,
        "about": report.about,
        "reply to": report.reply_to,
        "language": report.language,
        "release": report.release,
        "closed": report.closed,
        "note": report.note,
    }
    for name, value in lines.items():
        if value:
            click.echo(f"{name + ':':<10} {one_line(value)}")
    click.echo()
    for line in report.text.split("\n"):
        click.echo(f"  {one_line(line)}".rstrip())
