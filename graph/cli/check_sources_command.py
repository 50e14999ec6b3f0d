"""The command that visits the addresses of sources, and writes down what became of them."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Final

import click
from rich.markup import escape
from rich.table import Column, Table

from graph.cli import options
from graph.cli.group import err, out
from graph.core.files import one_line
from graph.core.settings import Settings
from graph.curation.site_client import VisitSettings
from graph.curation.source_visits import VisitedSource, VisitPlan
from graph.curation.wayback import ARCHIVE, WaybackMachine
from graph.curation.web_visitor import WebVisitor
from graph.ingest import source_checks
from graph.ingest.source_checks import SourceCheck

_ATTEMPTS: Final = 2  # for one page
_GONE: Final = (404, 410)
_NOT_VISITED: Final = ("robots", "not-allowed")


@click.command("check-sources")
@click.option(
    "--source", "only", multiple=True, metavar="ID", help="Visit this source only; may be repeated."
)
@click.option(
    "--older-than",
    type=click.IntRange(0, 36_500),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="Visit again what was visited so long ago.",
)
@click.option("--archive", default=ARCHIVE, show_default=True, help="The Internet Archive's API or a copy's.")
@click.option("--allow-private", is_flag=True, help="Visit this machine and private networks too.")
@options.FACTS
@options.PAUSE
def check_sources(
    only: tuple[str, ...], older_than: int, archive: str, allow_private: bool, facts: Path, pause: float
) -> None:
    """Visit the addresses of the sources, and keep what became of each and where a copy is archived.

    Each visit is a row of registers/source-checks.csv at once, so that a run that is ended loses nothing. The
    next build takes the rows in.
    """
    contact = Settings.from_environment().contact
    plan = VisitPlan.of(facts, only, older_than, date.today())
    settings = VisitSettings(
        lambda: options.retry_policy(pause, _ATTEMPTS), contact, allow_private=allow_private
    )
    wayback = WaybackMachine(archive, options.retry_policy(pause), contact)
    done: list[SourceCheck] = []
    try:
        for found in plan.carry_out(WebVisitor(settings), wayback):
            done.append(found.check)
            _print_visit(found, f"{len(done)}/{len(plan.waiting)}")
    finally:
        if done:
            _print_summary(done, source_checks.load(plan.path).values())
    if not done:
        out.print("Nothing to visit: each source has been visited of late.")
    if wayback.failure:
        said = f"The archive was not asked about all: {wayback.failure.faults[0]}"
        err.print(escape(one_line(said)), highlight=False, soft_wrap=True)


def _print_visit(found: VisitedSource, progress: str) -> None:
    check = found.check
    said = f"{check.status}" if check.status else f"{check.failure}: {found.message}"
    moved = f", moved to {check.moved_to}" if check.moved_to else ""
    copy = f", archived on {check.copy.on}" if check.copy else ""
    line = one_line(f"{progress} source/{check.source}: {said}{moved}{copy}")
    err.print(escape(line), highlight=False, soft_wrap=True)


def _print_summary(done: Iterable[SourceCheck], known: Iterable[SourceCheck]) -> None:
    """Print how many visits ended in which way, this time and in the whole register."""
    now, total = _count(done), _count(known)
    table = Table("", Column("this time", justify="right"), Column("in all", justify="right"), box=None)
    for name in now:
        table.add_row(name, str(now[name]), str(total[name]))
    out.print(table)


def _count(checks: Iterable[SourceCheck]) -> dict[str, int]:
    all_ = list(checks)
    failures = [each.failure for each in all_ if each.failure]
    statuses = [each.status for each in all_ if each.status]
    silent = [each for each in failures if each not in _NOT_VISITED]
    return {
        "answered": sum(each < 400 for each in statuses),
        "moved": sum(bool(each.moved_to) for each in all_),
        "gone": sum(each in _GONE for each in statuses),
        "other errors": sum(each >= 400 and each not in _GONE for each in statuses),
        "unreachable": len(silent),
        "not visited": len(failures) - len(silent),
        "archived": sum(bool(each.copy) for each in all_),
    }
