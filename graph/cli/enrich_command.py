"""The command that fetches facts about our entities from Wikidata, into a file of their own."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Final

import click
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from graph.cli import options
from graph.cli.group import err, out
from graph.core.errors import NotFound, UtsagaError
from graph.core.files import one_line
from graph.core.namespaces import ID
from graph.core.settings import Settings
from graph.curation.sparql_client import WIKIDATA, SparqlClient
from graph.curation.wikidata_refresh import RefreshPlan
from graph.ingest import wikidata_file
from graph.ingest.wikidata_properties import ATTRIBUTES
from graph.ingest.wikidata_records import Statement

_MAX_SHOWN: Final = 10


@click.command()
@click.argument("names", nargs=-1, type=click.Choice([*ATTRIBUTES]), metavar="[FACT]...")
@click.option("--endpoint", default=WIKIDATA, show_default=True, help="Wikidata's or a copy's.")
@click.option("--offline", is_flag=True, help="Ask nobody: tell what there is, and how old it is.")
@click.option(
    "--max-age",
    type=click.IntRange(0, 36_500),
    default=30,
    show_default=True,
    metavar="DAYS",
    help="Fetch again what is as old as this.",
)
@options.FACTS
@options.PAUSE
def enrich(
    names: tuple[str, ...], endpoint: str, offline: bool, max_age: int, facts: Path, pause: float
) -> None:
    """Fetch facts about the entities that are linked to Wikidata: the FACTs named, or all.

    They are population, coordinates, coat-of-arms, official-site and head-office. What has been fetched is
    kept when something goes wrong, and the next run goes on from there. The next build takes the facts in.
    """
    plan = RefreshPlan.of(facts, names, max_age, date.today())
    if not offline:
        polite = options.retry_policy(pause)
        _fetch(plan, SparqlClient(endpoint, polite, contact=Settings.from_environment().contact))
    _print_summary(plan.path)
    if offline and plan.waiting:
        out.print(f"{len(plan.waiting)} more to be asked about: run utsaga enrich without --offline.")


def _fetch(plan: RefreshPlan, endpoint: SparqlClient) -> None:
    """Carry out `plan`; print its progress and the values that were not accepted."""
    refused: list[Statement] = []
    done = 0
    columns = TextColumn("asking"), BarColumn(), MofNCompleteColumn()
    try:
        with Progress(*columns, console=err, transient=True) as bar:
            task = bar.add_task("", total=len(plan.waiting))
            for batch in plan.fetch(endpoint):
                refused += batch.refused
                done += len(batch.records)
                bar.update(task, completed=done)
    except UtsagaError:
        err.print(f"{done} of {len(plan.waiting)} entities were asked about; that is kept.", highlight=False)
        raise
    finally:
        _print_refused(refused)


def _print_summary(path: Path) -> None:
    """Print how much the file holds, and how old it is; raise NotFound if it holds nothing."""
    known = wikidata_file.load(path)
    if not known:
        raise NotFound(
            "no facts have been fetched yet",
            where=str(path),
            rule="enrichment",
            remedy="run utsaga enrich where Wikidata can be reached",
        )
    said = {(record.entity, each[1]) for record in known.values() for each in record.facts}
    counts = Counter(property_ for _, property_ in said)
    days = sorted({record.on for record in known.values()})
    when = " to ".join(str(day) for day in dict.fromkeys((days[0], days[-1])))
    out.print(f"{len(known)} entities, asked about on {when}:", highlight=False)
    for name, property_ in ATTRIBUTES.items():
        out.print(f"  {name}: {counts[property_]}", highlight=False)


def _print_refused(refused: list[Statement]) -> None:
    """Print the first of the values that were not accepted."""
    for subject, property_, value in refused[:_MAX_SHOWN]:
        shown = one_line(f"{subject.removeprefix(ID)} {property_}: {value.value}")[:300]
        err.print(f"left out: {escape(shown)}", highlight=False, soft_wrap=True)
    if len(refused) > _MAX_SHOWN:
        err.print(f"left out: {len(refused) - _MAX_SHOWN} more values", highlight=False)
